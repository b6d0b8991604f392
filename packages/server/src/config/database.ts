import { dataPaths } from '../data-folder/keys.ts';
import { parseStateLocation, type StateLocation } from '../database/location.ts';
import { ConfigError, type ConfigFault } from './fault.ts';
import { ENVIRONMENT, readEnvironment, type Raw } from './names.ts';

/** Where the state is, by the setting, or in the data folder. A faulty URL is not shown: it may hold a password. */
export function readDatabase(raw: Raw, dataDir: string, faults: ConfigFault[]): StateLocation {
  const inFolder: StateLocation = { kind: 'sqlite', path: dataPaths(dataDir).state };
  if (raw.database === undefined) return inFolder;
  const location = parseStateLocation(raw.database);
  if (location !== null) return location;
  const expected = 'postgres://USER:PASSWORD@HOST:PORT/DATABASE, or the path of a SQLite file';
  faults.push({ name: ENVIRONMENT.database, expected, got: 'something else' });
  return inFolder;
}

/** The same for commands that need nothing else of the configuration. Throws {@link ConfigError}. */
export function stateLocation(
  env: Readonly<Record<string, string | undefined>>,
  { data, database }: { readonly data: string; readonly database?: string | undefined },
): StateLocation {
  const raw = readEnvironment(env);
  const faults: ConfigFault[] = [];
  const location = readDatabase(database === undefined ? raw : { ...raw, database }, data, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return location;
}
