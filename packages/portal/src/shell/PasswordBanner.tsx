import { ActionIcon } from '@mantine/core';
import { IconKey, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Session } from '../api/types.ts';
import css from './account.module.css';

interface Props {
  readonly session: Session;
  readonly onChange: () => void;
}

/** A quiet line while the password is still the one that was made up, at the first start or later; away until the next visit if wanted. */
export function PasswordBanner({ session, onChange }: Props) {
  const [later, setLater] = useState(false);
  if (session.passwordGenerated !== true || later) return null;
  return (
    <section className={css.banner} aria-label="Your password">
      <IconKey size={15} stroke={1.7} aria-hidden />
      <span>You still use the password that was made up for you.</span>
      <button type="button" className="plain" onClick={onChange}>
        Change it
      </button>
      <span className={css.rest} />
      <ActionIcon
        variant="subtle"
        color="gray"
        size={26}
        aria-label="Not now"
        onClick={() => setLater(true)}
      >
        <IconX size={15} stroke={1.7} />
      </ActionIcon>
    </section>
  );
}
