import type { Permission, Resource } from '../../api/security.ts';
import type { DiffRow } from '../../components/diff-rows.ts';

/** `resource:operation`, the spelling rights have everywhere. */
export function rightOf({
  resource,
  operation,
}: {
  readonly resource: string;
  readonly operation: string;
}): string {
  return `${resource}:${operation}`;
}

/** The resources of one area of the product. */
export interface Area {
  readonly name: string;
  readonly resources: readonly Resource[];
}

/** The resources whose words include all of `search`, by area, in the server's order. */
export function areasOf(resources: readonly Resource[], search: string): Area[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = resources.filter((entry) => {
    const text = [
      entry.resource,
      entry.description,
      entry.area,
      ...entry.operations.flatMap(({ operation, names }) => [operation, ...names]),
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const names = [...new Set(found.map(({ area }) => area))];
  return names.map((name) => ({ name, resources: found.filter(({ area }) => area === name) }));
}

/** What a role grants by itself, and what access rules grant it, each as rights. */
export function sourcesOf(permissions: readonly Permission[]): {
  readonly own: ReadonlySet<string>;
  readonly byRule: ReadonlySet<string>;
} {
  const from = (source: Permission['from']) =>
    new Set(permissions.filter((entry) => entry.from === source).map(rightOf));
  return { own: from('role'), byRule: from('rule') };
}

/** What saving would take away and grant, each in order. */
export function changesBetween(before: ReadonlySet<string>, after: ReadonlySet<string>): DiffRow[] {
  const taken = [...before].filter((right) => !after.has(right)).toSorted();
  const granted = [...after].filter((right) => !before.has(right)).toSorted();
  return [
    ...taken.map((text): DiffRow => ({ sign: '−', text })),
    ...granted.map((text): DiffRow => ({ sign: '+', text })),
  ];
}

/** Permissions of a role that no resource of the product has: names that came from elsewhere. */
export function strangersOf(
  permissions: readonly Permission[],
  resources: readonly Resource[],
): Permission[] {
  const known = new Set(
    resources.flatMap(({ resource, operations }) =>
      operations.map(({ operation }) => rightOf({ resource, operation })),
    ),
  );
  return permissions.filter((entry) => !known.has(rightOf(entry)));
}
