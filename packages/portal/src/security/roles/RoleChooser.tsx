import { Checkbox, Skeleton } from '@mantine/core';
import { useId } from 'react';
import { useAdministered } from '../../api/administration.ts';
import { asSentence } from '../../api/faults.ts';
import type { Role } from '../../api/security.ts';
import { Tag } from '../../components/Marks.tsx';
import { Notice } from '../../components/States.tsx';
import { conflictOf, listed } from './role-conflict.ts';
import css from './role-chooser.module.css';

interface Props {
  readonly value: readonly string[];
  readonly onChange: (roles: string[]) => void;
  readonly error?: string | undefined;
}

/** Roles to hold, with what each is for; says before anything is sent which cannot be held together. */
export function RoleChooser({ value, onChange, error }: Props) {
  const id = useId();
  const { data, error: failed } = useAdministered<{ roles: Role[] }>('security/roles');
  const conflict = conflictOf(value, data?.roles ?? []);
  return (
    <fieldset className={css.chooser} aria-describedby={`${id}-said`}>
      <legend>Roles</legend>
      {failed !== null && (
        <Notice tone="warn">The roles could not be read: {asSentence(failed.message)}</Notice>
      )}
      {data === undefined && failed === null && <Skeleton height={120} />}
      <div className={css.roles}>
        {data?.roles.map((role) => (
          <Checkbox
            key={role.name}
            size="xs"
            label={
              <>
                {role.name} {role.exclusive && <Tag>Stands alone</Tag>}
              </>
            }
            description={role.description === '' ? undefined : role.description}
            checked={value.includes(role.name)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? [...value, role.name]
                  : value.filter((name) => name !== role.name),
              )
            }
          />
        ))}
      </div>
      <div id={`${id}-said`} className={css.said}>
        {conflict !== null && error === undefined && (
          <Notice tone="warn">
            <b>{conflict.exclusive}</b> is held alone, not together with {listed(conflict.others)}:
            who watches is not who acts. The server refuses it and records the attempt.
          </Notice>
        )}
        {error !== undefined && <Notice tone="fail">{error}</Notice>}
      </div>
    </fieldset>
  );
}
