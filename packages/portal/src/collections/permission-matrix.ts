import type { CollectionPermission } from '../api/certificates.ts';
import type { DiffRow } from '../components/diff-rows.ts';

/** What may be granted on a collection, and what it is called. */
export const COLLECTION_OPERATIONS = [
  { id: 'read', title: 'See' },
  { id: 'edit-metadata', title: 'Edit metadata' },
  { id: 'recover', title: 'Download with key' },
  { id: 'revoke', title: 'Revoke' },
  { id: 'delete', title: 'Delete' },
  { id: 'import-private-key', title: 'Import keys' },
  { id: 'change-owner', title: 'Change owner' },
] as const;

/** Which role has which operation: `role` and `operation` with a line end between. */
export type Grants = ReadonlySet<string>;

export function grantOf(role: string, operation: string): string {
  return `${role}\n${operation}`;
}

export function grantsOf(permissions: readonly CollectionPermission[]): Grants {
  return new Set(
    permissions.flatMap(({ role, operations }) => operations.map((one) => grantOf(role, one))),
  );
}

/** The reverse; roles without any operation are left out. */
export function permissionsOf(grants: Grants): CollectionPermission[] {
  const byRole = new Map<string, string[]>();
  for (const grant of [...grants].toSorted()) {
    const [role = '', operation = ''] = grant.split('\n');
    byRole.set(role, [...(byRole.get(role) ?? []), operation]);
  }
  return [...byRole].map(([role, operations]) => ({ role, operations }));
}

/** With a right more or less. Whoever may do anything sees it, and whoever does not see it may do nothing. */
export function toggled(grants: Grants, role: string, operation: string): Grants {
  const next = new Set(grants);
  const grant = grantOf(role, operation);
  if (next.delete(grant)) {
    if (operation === 'read')
      for (const one of grants) if (one.startsWith(`${role}\n`)) next.delete(one);
  } else {
    next.add(grant);
    next.add(grantOf(role, 'read'));
  }
  return next;
}

/** What is not saved yet, line by line. */
export function grantChanges(before: Grants, after: Grants): DiffRow[] {
  const line = (grant: string) => {
    const [role = '', operation = ''] = grant.split('\n');
    const title = COLLECTION_OPERATIONS.find(({ id }) => id === operation)?.title ?? operation;
    return `${role}: ${title}`;
  };
  return [
    ...[...before]
      .filter((one) => !after.has(one))
      .map((one) => ({ sign: '−' as const, text: line(one) })),
    ...[...after]
      .filter((one) => !before.has(one))
      .map((one) => ({ sign: '+' as const, text: line(one) })),
  ];
}
