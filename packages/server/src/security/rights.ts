import type { Right } from '../authorization/engine.ts';
import { faultyField } from '../errors.ts';
import type { Platform } from '../platform.ts';
import type { Role } from './role-view.ts';

/** A right as text: `certServer.log.content.signedAudit:read`. */
export function formatRight({ resource, operation }: Right): string {
  return `${resource}:${operation}`;
}

const RIGHT = /^([A-Za-z][A-Za-z0-9._-]*):([A-Za-z][A-Za-z0-9_-]*)$/;

/** Rights out of a request. Throws `request_invalid` for the first that is none. */
export function parseRights(field: string, texts: readonly string[]): Right[] {
  return texts.map((text, i) => {
    const [, resource, operation] = RIGHT.exec(text) ?? [];
    if (resource !== undefined && operation !== undefined) return { resource, operation };
    throw faultyField(`${field}.${i}`, 'a right as "resource:operation"', JSON.stringify(text));
  });
}

/** Everything a role may, and what grants it. */
export function permissionsOf(_platform: Platform, role: Role) {
  return role.permissions.map((right) => ({ ...right, from: 'role' as const, names: [] }));
}
