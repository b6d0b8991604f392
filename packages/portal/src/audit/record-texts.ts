import type { Content } from '@countersign/records';
import type { LogRecord } from '../api/types.ts';

/** Somebody or something a record names, as a cell shows it. */
export interface NamedValue {
  readonly text: string;
  /** Everything the record says of it, for the tooltip. */
  readonly whole: string;
  /** The field and the value that find its records. */
  readonly field: string;
  readonly id: string;
  /** False for the names a log puts where it has nobody to name. */
  readonly known: boolean;
}

/** Dogtag's names for the system itself and for those it could not identify. */
const NOBODY: Readonly<Record<string, string>> = {
  $System$: 'The system',
  $Unidentified$: 'Unidentified',
  $NonRoleUser$: 'Without a role',
};

/** Who did it, by the id that identifies them; null when that was erased. */
export function actorText(content: Content | null): NamedValue | null {
  if (content === null) return null;
  const { id, name, kind } = content.actor;
  const lines = [id, name === undefined || name === id ? undefined : name, kind];
  return {
    text: NOBODY[id] ?? id,
    whole: lines.filter((line) => line !== undefined).join('\n'),
    field: 'ActingUser',
    id,
    known: NOBODY[id] === undefined,
  };
}

/**
 * What it was done to, by its name where it has one; where a right was decided and nothing was touched, the resource
 * it was asked for. Null when there was neither, or it was erased.
 */
export function targetText(content: Content | null): NamedValue | null {
  const target = content?.target;
  if (target === undefined) return resourceText(content);
  const { type, id, name } = target;
  return {
    text: name ?? id,
    whole: [name, id === name ? undefined : id, type]
      .filter((line) => line !== undefined)
      .join('\n'),
    field: 'ImmutableIdentifier',
    id,
    known: true,
  };
}

function resourceText(content: Content | null): NamedValue | null {
  const resource = content?.authorization?.resource;
  if (resource === undefined) return null;
  const whole = `${resource}\nresource`;
  return { text: resource, whole, field: 'Resource', id: resource, known: true };
}

/** Where it came from: the address, else the way in, else the system. */
export function originOf({ content }: LogRecord): string {
  if (content === null) return '';
  return content.origin?.address ?? content.origin?.interface ?? content.source.system;
}

/** All of where it came from, a line each. */
export function originTitle({ content }: LogRecord): string | undefined {
  if (content === null) return undefined;
  const { origin, source } = content;
  const lines = [origin?.address, origin?.interface, origin?.userAgent, source.system, source.host];
  return [...new Set(lines.filter((line) => line !== undefined))].join('\n');
}
