import { ActionIcon } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation, useMatches, useNavigate } from '@tanstack/react-router';
import { IconMenu2, IconX } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { sessionQuery } from '../api/session.ts';
import type { Session } from '../api/types.ts';
import { ErrorState } from '../components/States.tsx';
import { DeniedPage } from '../denied/DeniedPage.tsx';
import { usePreferences } from '../lib/preferences.tsx';
import { KeyBanner } from '../record/KeyBanner.tsx';
import { deniedWithPage, isAnsweredByServer } from './entrance.ts';
import { Navigation } from './Navigation.tsx';
import { allowedPages, pageOf } from './pages.ts';
import { PasswordBanner } from './PasswordBanner.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import css from './shell.module.css';
import { ShellSkeleton } from './ShellSkeleton.tsx';
import { TopBar } from './TopBar.tsx';

const CommandPalette = lazy(() => import('./CommandPalette.tsx'));

/** The frame around every page behind sign-in; sends those without a session to the door and back again. */
export function Shell() {
  const session = useQuery(sessionQuery);
  const location = useLocation();
  const denial = deniedWithPage(useShownPath());

  if (session.isPending) return <ShellSkeleton />;
  if (session.isError) {
    return (
      <ErrorState
        what="Could not find out who is signed in"
        error={session.error}
        onRetry={() => void session.refetch()}
      />
    );
  }
  if (session.data === null) {
    if (denial !== null) return <DeniedPage denial={denial} session={null} />;
    return <ToSignIn next={`/portal${location.href}`} />;
  }
  return <Frame session={session.data} />;
}

/** Leads to the door, once, and remembers where from. */
function ToSignIn({ next }: { readonly next: string }) {
  const navigate = useNavigate();
  const from = useRef(next);
  useEffect(() => {
    void navigate({ to: '/sign-in', search: { next: from.current }, replace: true });
  }, [navigate]);
  return <ShellSkeleton />;
}

/** The path of the page that is shown. While another is on its way, the location is already that one's. */
function useShownPath(): string {
  return useMatches({ select: (matches) => matches.at(-1)?.pathname ?? '/' });
}

function Frame({ session }: { readonly session: Session }) {
  const location = useLocation();
  const { wideNavigation } = usePreferences();
  const [palette, paletteControl] = useDisclosure(false);
  const [password, passwordControl] = useDisclosure(false);
  const [menuOn, setMenuOn] = useState<string | null>(null);
  const main = useRef<HTMLElement>(null);
  const path = useShownPath();
  const denial = deniedWithPage(path);
  const page = pageOf(path);
  const pages = allowedPages(session.navigation);
  // The menu of a narrow screen belongs to the page it was opened on: going elsewhere closes it.
  const menu = menuOn === path;
  const forServer =
    page !== null && !pages.includes(page) && !isAnsweredByServer(path) && denial === null;

  useHotkeys([['mod+K', () => paletteControl.open()]], []);
  // A page this person may not open is asked of the server, which decides and records the attempt.
  useEffect(() => {
    if (forServer) window.location.assign(`/portal${location.href}`);
  }, [forServer, location.href]);
  // Every page begins at its top.
  const scrolledFor = useRef(path);
  useLayoutEffect(() => {
    if (scrolledFor.current !== path) main.current?.scrollTo(0, 0);
    scrolledFor.current = path;
  }, [path]);

  return (
    <div
      className={css.shell}
      data-narrow={wideNavigation ? undefined : true}
      data-menu={menu || undefined}
    >
      <a
        href="#main"
        className={css.skip}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to content
      </a>
      <Navigation pages={pages} current={page} />
      <TopBar
        session={session}
        onPalette={paletteControl.open}
        onPassword={passwordControl.open}
        menu={
          <ActionIcon
            className={css.burger}
            variant="subtle"
            color="gray"
            size={40}
            aria-label={menu ? 'Close navigation' : 'Open navigation'}
            aria-expanded={menu}
            onClick={() => setMenuOn(menu ? null : path)}
          >
            {menu ? <IconX size={20} /> : <IconMenu2 size={20} />}
          </ActionIcon>
        }
      />
      <div className={css.banners}>
        <KeyBanner session={session} />
        <PasswordBanner session={session} onChange={passwordControl.open} />
      </div>
      <main id="main" ref={main} className={css.main} tabIndex={-1}>
        {denial !== null && <DeniedPage denial={denial} session={session} />}
        {denial === null && !forServer && (
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        )}
      </main>
      {password && (
        <PasswordDialog username={session.user.username} onClose={passwordControl.close} />
      )}
      {palette && (
        <Suspense fallback={null}>
          <CommandPalette
            session={session}
            pages={pages}
            onPassword={passwordControl.open}
            onClose={paletteControl.close}
          />
        </Suspense>
      )}
    </div>
  );
}
