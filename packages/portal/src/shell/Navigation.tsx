import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { usePreferences } from '../lib/preferences.tsx';
import { PAGE_ICONS } from './page-icons.ts';
import type { PortalPage } from './pages.ts';
import css from './shell.module.css';

interface Props {
  readonly pages: readonly PortalPage[];
  readonly current: PortalPage | null;
}

/** Only what the signed-in person may open; hiding is courtesy, the server decides. */
export function Navigation({ pages, current }: Props) {
  const { wideNavigation, setWideNavigation } = usePreferences();
  const groups = [...new Set(pages.map(({ group }) => group))].filter(
    (group) => group !== 'Account',
  );
  const Collapse = wideNavigation ? IconLayoutSidebarLeftCollapse : IconLayoutSidebarLeftExpand;
  return (
    <nav className={css.nav} aria-label="Pages">
      <Link to="/" className={css.brand} title="Countersign">
        <img src="/portal/mark.svg" alt="" />
        <span className={css.word}>Countersign</span>
        <span className="hidden-visually"> start</span>
      </Link>
      {groups.map((group) => (
        <div key={group}>
          <div className={css.group} aria-hidden>
            <span className={css.word}>{group}</span>
          </div>
          <ul aria-label={group}>
            {pages
              .filter((page) => page.group === group)
              .map((page) => {
                const Icon = PAGE_ICONS[page.id];
                return (
                  <li key={page.id}>
                    <Link
                      to={page.path}
                      className={css.link}
                      data-current={page === current || undefined}
                      aria-current={page === current ? 'page' : undefined}
                      aria-label={page.title}
                      title={wideNavigation ? undefined : page.title}
                    >
                      <Icon size={18} stroke={1.6} aria-hidden />
                      <span className={css.word}>{page.title}</span>
                    </Link>
                  </li>
                );
              })}
          </ul>
        </div>
      ))}
      <div className={css.spacer} />
      <button
        type="button"
        className={`plain ${css.link} ${css.collapse}`}
        aria-label={wideNavigation ? 'Collapse navigation' : 'Expand navigation'}
        onClick={() => setWideNavigation(!wideNavigation)}
      >
        <Collapse size={18} stroke={1.6} aria-hidden />
        <span className={css.word}>Collapse</span>
      </button>
    </nav>
  );
}
