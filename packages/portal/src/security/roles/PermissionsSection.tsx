import { Button, Skeleton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { pathTo, useAdministered, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { asSentence, faultsOf } from '../../api/faults.ts';
import type { Resource, Role } from '../../api/security.ts';
import { ChangeBar } from '../../components/ChangeBar.tsx';
import { Section } from '../../components/PageHead.tsx';
import { EmptyState, Notice } from '../../components/States.tsx';
import css from '../security.module.css';
import { areasOf, changesBetween, sourcesOf, strangersOf } from './permission-tree.ts';
import { PermissionTree } from './PermissionTree.tsx';

interface Props {
  readonly role: Role;
  readonly may: boolean;
}

/** What the role may do: the whole tree, with what it holds marked, and changed where that is possible. */
export function PermissionsSection({ role, may }: Props) {
  const { data, error } = useAdministered<{ permissions: Resource[] }>('security/permissions');
  const { own, byRule } = sourcesOf(role.permissions);
  const [draft, setDraft] = useState<ReadonlySet<string>>(own);
  const [search, setSearch] = useState('');
  const [heldOnly, setHeldOnly] = useState(!may || own.size + byRule.size > 0);
  const save = useChange(() =>
    requestJson<Role>(apiUrl(`security/roles/${pathTo(role.name)}`), {
      method: 'PATCH',
      body: { permissions: [...draft].toSorted() },
    }),
  );
  const changes = changesBetween(own, draft);
  const resources = [...(data?.permissions ?? []), ...strangers(role, data?.permissions ?? [])];
  const held = (entry: Resource) =>
    entry.operations.some(({ operation }) => {
      const right = `${entry.resource}:${operation}`;
      return own.has(right) || draft.has(right) || byRule.has(right);
    });
  const areas = areasOf(heldOnly ? resources.filter(held) : resources, search);
  return (
    <Section
      title="Rights"
      note={
        may
          ? 'Checked is what the role grants itself. What access rules grant it is marked and changed there.'
          : 'What it may do, by access rules or by itself.'
      }
    >
      <div className={css.tools}>
        <TextInput
          className={css.search ?? ''}
          aria-label="Search rights"
          placeholder="Resource, operation, Keyfactor name"
          leftSection={<IconSearch size={16} stroke={1.7} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Button variant="default" size="xs" onClick={() => setHeldOnly(!heldOnly)}>
          {heldOnly ? 'Show all rights' : 'Show only those it has'}
        </Button>
      </div>
      {error !== null && (
        <Notice tone="fail">The rights could not be read: {asSentence(error.message)}</Notice>
      )}
      {data === undefined && error === null && <Skeleton height={240} />}
      {data !== undefined && areas.length === 0 && (
        <EmptyState title={search === '' ? 'It may do nothing yet' : 'No right by these words'}>
          {search === ''
            ? 'Grant it rights here, or name it in an access rule.'
            : 'Try a part of the resource, an operation, or a Keyfactor name such as Auditing:Read.'}
        </EmptyState>
      )}
      <PermissionTree
        areas={areas}
        own={draft}
        byRule={byRule}
        exclusive={role.exclusive}
        onToggle={
          may
            ? (right) => {
                const next = new Set(draft);
                if (!next.delete(right)) next.add(right);
                setDraft(next);
              }
            : null
        }
      />
      {changes.length > 0 && (
        <ChangeBar
          rows={changes}
          fault={faultsOf(save.error, []).general}
          busy={save.isPending}
          submit="Save rights"
          onSave={() => save.mutate(undefined)}
          onDiscard={() => {
            save.reset();
            setDraft(own);
          }}
        />
      )}
    </Section>
  );
}

/** Rights of the role that the product has no resource for, as a resource each. */
function strangers(role: Role, known: readonly Resource[]): Resource[] {
  return strangersOf(role.permissions, known).map(({ resource, operation, names }) => ({
    resource,
    description: 'Not a resource of this product.',
    area: 'Other',
    reserved: false,
    operations: [{ operation, names }],
  }));
}
