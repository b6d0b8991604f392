import { Modal, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState, type KeyboardEvent } from 'react';
import { useSignOut } from '../api/session.ts';
import type { Session } from '../api/types.ts';
import { usePreferences } from '../lib/preferences.tsx';
import type { PortalPage } from './pages.ts';
import { paletteItems, type PaletteItem } from './palette.ts';
import css from './palette.module.css';

interface Props {
  readonly session: Session;
  readonly pages: readonly PortalPage[];
  readonly onPassword: () => void;
  readonly onClose: () => void;
}

/** Ctrl/⌘ K: any page, a record by its number, a search, a setting. */
export default function CommandPalette({ pages, onPassword, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const run = useRun(onPassword, onClose);
  const items = paletteItems(typed, pages);
  const current = items[Math.min(at, items.length - 1)];

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((at + step + items.length) % Math.max(1, items.length));
    } else if (event.key === 'Enter' && current !== undefined) {
      event.preventDefault();
      run(current);
    }
  };

  return (
    <Modal.Root
      opened
      onClose={onClose}
      padding={0}
      size={560}
      yOffset="12vh"
      lockScroll={false}
      radius={10}
      transitionProps={{ duration: 120 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Go to">
        <Modal.Body>
          <div className={css.box}>
            <input
              className={css.input}
              placeholder="A page, a record number, or words to search for"
              value={typed}
              data-autofocus
              role="combobox"
              aria-label="Go to a page, a record number, or search"
              aria-expanded
              aria-controls={id}
              aria-activedescendant={current === undefined ? undefined : `${id}-${current.id}`}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
            />
            {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- no native list follows a combobox like this */}
            <div className={css.list} id={id} role="listbox" aria-label="Suggestions">
              {items.map((item, n) => (
                <div
                  key={item.id}
                  id={`${id}-${item.id}`}
                  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an option of the list above
                  role="option"
                  tabIndex={-1}
                  aria-selected={item === current}
                  className={css.item}
                  ref={(element) => {
                    if (item === current) element?.scrollIntoView({ block: 'nearest' });
                  }}
                  onMouseMove={() => setAt(n)}
                  onMouseDown={(event) => {
                    event.preventDefault();
                    run(item);
                  }}
                >
                  <b>{item.label}</b>
                  <small>{item.hint}</small>
                </div>
              ))}
            </div>
            {items.length === 0 && <p className={css.none}>Nothing here goes by that name.</p>}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function useRun(onPassword: () => void, onClose: () => void): (item: PaletteItem) => void {
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { setColorScheme } = useMantineColorScheme();
  const { setZone } = usePreferences();
  return ({ action }) => {
    onClose();
    switch (action.kind) {
      case 'page':
        return void navigate({ to: action.page.path });
      case 'record':
        return void navigate({ to: '/audit/$index', params: { index: String(action.index) } });
      case 'search':
        return void navigate({ to: '/audit', search: { q: action.query } });
      case 'appearance':
        return setColorScheme(action.value);
      case 'zone':
        return setZone(action.value);
      case 'password':
        return onPassword();
      case 'sign-out':
        return signOut();
    }
  };
}
