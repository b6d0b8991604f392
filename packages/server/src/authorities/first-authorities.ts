import type { State } from '../database/open.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Authorities } from './authorities.ts';
import type { NewAuthority } from './change-authority.ts';

const YEAR_DAYS = 365;

const ROOT: NewAuthority = {
  name: 'Countersign Root CA',
  subject: 'CN=Countersign Root CA,O=Countersign',
  keyAlgorithm: 'P-384',
  parent: null,
  days: 20 * YEAR_DAYS,
  pathLength: 1,
};
const ISSUING: NewAuthority = {
  name: 'Countersign Issuing CA',
  subject: 'CN=Countersign Issuing CA,O=Countersign',
  keyAlgorithm: 'P-256',
  parent: ROOT.name,
  days: 10 * YEAR_DAYS,
  pathLength: 0,
};

/** In `settings`, once they were made: who has deleted them does not want them back. */
const MADE = 'authorities';

/** Makes a root and an issuing authority at the first start, with their records, in one transaction. */
export async function createFirstAuthorities(parts: {
  readonly state: State;
  readonly recorder: Recorder;
  readonly authorities: Authorities;
}): Promise<void> {
  const { state, recorder, authorities } = parts;
  const made = await state.db
    .selectFrom('settings')
    .select('key')
    .where('key', '=', MADE)
    .executeTakeFirst();
  if (made !== undefined) return;
  const root = await authorities.prepareKey(ROOT, null);
  const issuing = await authorities.prepareKey(ISSUING, null);
  await recorder.audited(async (tx) => {
    await authorities.create(tx, ROOT, root, 'start');
    await authorities.create(tx, ISSUING, issuing, 'start');
    await tx.db.insertInto('settings').values({ key: MADE, value: 'made' }).execute();
  });
}
