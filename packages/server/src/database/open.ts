import type { StateLocation } from './location.ts';
import { openPostgres } from './postgres/open.ts';
import { openSqlite } from './sqlite.ts';
import type { OpenState, StateOwner } from './state.ts';

export type { OpenState, State, StateOwner } from './state.ts';

/**
 * Opens the state and brings its schema up to date; a string is the path of a SQLite file. With an `owner` it belongs to
 * this server until it is closed: a second one is refused.
 */
export async function openState(
  location: StateLocation | string,
  owner: StateOwner | null = null,
): Promise<OpenState> {
  if (typeof location === 'string') return await openSqlite(location);
  if (location.kind === 'sqlite') return await openSqlite(location.path);
  return await openPostgres(location, owner);
}
