import { ActionIcon, Kbd, Menu, Tooltip, useMantineColorScheme } from '@mantine/core';
import {
  IconChevronRight,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconLock,
  IconSearch,
  IconSun,
} from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSignOut } from '../api/session.ts';
import type { Session } from '../api/types.ts';
import { usePreferences } from '../lib/preferences.tsx';
import { allowedPages } from './pages.ts';
import { PAGE_ICONS } from './page-icons.ts';
import css from './shell.module.css';
import { trailOf } from './trail.ts';

interface Props {
  readonly session: Session;
  readonly onPalette: () => void;
  readonly onPassword: () => void;
  readonly menu: ReactNode;
}

const apple = navigator.platform.startsWith('Mac') || navigator.platform.startsWith('iP');
const SHORTCUT = apple ? '⌘ K' : 'Ctrl K';

export function TopBar({ session, onPalette, onPassword, menu }: Props) {
  const auditor = session.user.roles.includes('Auditor');
  return (
    <header className={css.top}>
      {menu}
      <Where />
      {auditor && <span className={css.recorded}>Your searches are recorded.</span>}
      <span style={{ flex: 1 }} />
      <button
        type="button"
        className={css.palette}
        onClick={onPalette}
        aria-label={`Go to… ${SHORTCUT}`}
      >
        <IconSearch size={15} stroke={1.7} aria-hidden />
        <span>Go to…</span>
        <Kbd size="xs">{SHORTCUT}</Kbd>
      </button>
      <ZoneSwitch />
      <AppearanceMenu />
      <UserMenu session={session} onPassword={onPassword} />
    </header>
  );
}

function Where() {
  const trail = trailOf(useLocation().pathname);
  const separator = <IconChevronRight size={14} stroke={1.5} aria-hidden className={css.crumb} />;
  if (trail === null) {
    return (
      <div className={css.where}>
        <b>Start</b>
      </div>
    );
  }
  const { page, detail } = trail;
  return (
    <div className={css.where}>
      <span className={css.crumb}>{page.group}</span>
      {separator}
      {detail === null ? (
        <b>{page.title}</b>
      ) : (
        <>
          <Link to={page.path} className={css.crumb}>
            {page.title}
          </Link>
          {separator}
          <b>{detail}</b>
        </>
      )}
    </div>
  );
}

function ZoneSwitch() {
  const { zone, setZone } = usePreferences();
  const next = zone === 'utc' ? 'local' : 'utc';
  return (
    <Tooltip label={zone === 'utc' ? 'Times are in UTC' : 'Times are in the zone of this machine'}>
      <button
        type="button"
        className={css.zone}
        onClick={() => setZone(next)}
        aria-label={`Times in ${zone === 'utc' ? 'UTC' : 'local time'}; switch to ${next === 'utc' ? 'UTC' : 'local time'}`}
      >
        {zone === 'utc' ? 'UTC' : 'Local'}
      </button>
    </Tooltip>
  );
}

const APPEARANCES = [
  { value: 'light', label: 'Light', Icon: IconSun },
  { value: 'dark', label: 'Dark', Icon: IconMoon },
  { value: 'auto', label: 'As the system', Icon: IconDeviceDesktop },
] as const;

function AppearanceMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = APPEARANCES.find(({ value }) => value === colorScheme) ?? APPEARANCES[2];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={32}
          aria-label={`Appearance: ${current.label}`}
        >
          <current.Icon size={17} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {APPEARANCES.map(({ value, label, Icon }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} stroke={1.6} />}
            onClick={() => setColorScheme(value)}
            aria-current={value === current.value || undefined}
            data-autofocus={value === current.value || undefined}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function UserMenu({ session, onPassword }: Pick<Props, 'session' | 'onPassword'>) {
  const signOut = useSignOut();
  const { username, name, roles } = session.user;
  const shown = name ?? username;
  const held = roles.length === 0 ? 'No role' : roles.join(', ');
  const own = allowedPages(session.navigation).filter(({ group }) => group === 'Account');
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={css.who} aria-label={`${shown} ${held}`}>
          <span
            className={css.initial}
            data-initial={shown.slice(0, 1).toUpperCase()}
            aria-hidden
          />
          <span className={css.name}>
            {shown} <small>{held}</small>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          Signed in as <b>{username}</b>
          <br />
          {held}
        </Menu.Label>
        <Menu.Divider />
        {own.map((page, n) => {
          const Icon = PAGE_ICONS[page.id];
          return (
            <Menu.Item
              key={page.id}
              component={Link}
              to={page.path}
              data-autofocus={n === 0 || undefined}
              leftSection={<Icon size={16} stroke={1.6} />}
            >
              {page.title}
            </Menu.Item>
          );
        })}
        <Menu.Item
          data-autofocus={own.length === 0 || undefined}
          leftSection={<IconLock size={16} stroke={1.6} />}
          onClick={onPassword}
        >
          Change password…
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.6} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
