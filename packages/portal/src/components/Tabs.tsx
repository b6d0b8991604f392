import { useId, type KeyboardEvent, type ReactNode } from 'react';
import css from './tabs.module.css';

interface Props<T extends string> {
  /** What the tabs are about: "Record". */
  readonly label: string;
  readonly tabs: readonly { readonly id: T; readonly title: string }[];
  readonly tab: T;
  readonly onTab: (tab: T) => void;
  readonly children: ReactNode;
}

/** Parts of one thing, of which one is shown; the arrow keys go from one to the next. */
export function Tabs<T extends string>({ label, tabs, tab, onTab, children }: Props<T>) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    const step = event.key === 'ArrowRight' ? 1 : -1;
    const at = tabs.findIndex((one) => one.id === tab);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onTab(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return (
    <>
      <div
        className={css.tabs}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        tabIndex={-1}
      >
        {tabs.map((one) => (
          <button
            key={one.id}
            type="button"
            role="tab"
            id={`${id}-${one.id}`}
            aria-selected={one.id === tab}
            aria-controls={`${id}-panel`}
            tabIndex={one.id === tab ? 0 : -1}
            onClick={() => onTab(one.id)}
          >
            {one.title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        {children}
      </div>
    </>
  );
}
