import type { StateReader, StateTransaction } from '../database/schema.ts';

/** How signed audit files are written, by Dogtag's names. */
export interface FileSettings {
  /** Characters that may wait; with more, lines are signed and written. */
  readonly bufferSize: number;
  /** Seconds a line may wait; 0: until the buffer is full. */
  readonly flushInterval: number;
  /** KB after which a file is set aside; 0: never. */
  readonly maxFileSize: number;
  /** Seconds after which a file is set aside; 0: never. */
  readonly rolloverInterval: number;
}

/** Dogtag's own. */
export const DEFAULT_FILE_SETTINGS: FileSettings = {
  bufferSize: 512,
  flushInterval: 5,
  maxFileSize: 2_000,
  rolloverInterval: 2_592_000,
};

/** The least and the most each may be. */
export const FILE_SETTING_RANGES: Readonly<
  Record<keyof FileSettings, readonly [least: number, most: number]>
> = {
  bufferSize: [1, 65_536],
  flushInterval: [0, 86_400],
  maxFileSize: [0, 4_194_304],
  rolloverInterval: [0, 315_360_000],
};

const SETTING = 'signedAudit.files';

/** What an administrator has set, or the defaults. */
export async function readFileSettings(db: StateReader): Promise<FileSettings> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', SETTING)
    .executeTakeFirst();
  if (row === undefined) return DEFAULT_FILE_SETTINGS;
  return { ...DEFAULT_FILE_SETTINGS, ...(JSON.parse(row.value) as Partial<FileSettings>) };
}

/** Keeps settings. */
export async function writeFileSettings(
  tx: StateTransaction,
  settings: FileSettings,
): Promise<void> {
  const value = JSON.stringify(settings);
  await tx
    .insertInto('settings')
    .values({ key: SETTING, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
