import { hash } from 'node:crypto';
import { createAccount } from '../accounts/accounts.ts';
import type { State } from '../database/open.ts';
import type { Recorder } from '../recording/recorder.ts';
import { applicationModel, applicationRef, makeKey, makeSecret } from './applications.ts';
import { APPLICATION, identityRef, ROLE, roleRef, securityChange } from './records.ts';
import { listRoles, roleModel } from './role-view.ts';

/** What says that it was made once; deleted, it stays deleted. */
const MADE = 'applications.initial';

const NAME = 'enrollment';
const DESCRIPTION =
  'Programs that ask for certificates; to be enabled, and its credentials renewed, by an administrator';
const APPLICATION_ROLE = 'RA';

/**
 * Makes the API application that every installation begins with, with its record and that of the role it has: disabled,
 * with a secret that nobody knows. Where the name is taken there is none.
 */
export async function createFirstApplication(parts: {
  state: State;
  recorder: Recorder;
  clock: () => Date;
}): Promise<void> {
  const { state, recorder, clock } = parts;
  const { db } = state;
  const made = await db
    .selectFrom('settings')
    .select('key')
    .where('key', '=', MADE)
    .executeTakeFirst();
  if (made !== undefined) return;
  const taken = await db
    .selectFrom('users')
    .select('id')
    .where('username', '=', NAME)
    .executeTakeFirst();
  if (taken !== undefined) return;
  const key = makeKey();
  const secretHash = hash('sha256', makeSecret());
  await recorder.audited(async (tx) => {
    const now = clock();
    const value = JSON.stringify(now.toISOString());
    await tx.db.insertInto('settings').values({ key: MADE, value }).execute();
    const { id } = await createAccount(tx.db, {
      username: NAME,
      name: NAME,
      kind: 'application',
      passwordHash: '',
      passwordGenerated: false,
      roles: [APPLICATION_ROLE],
      now,
    });
    await tx.db.updateTable('users').set({ disabled: 1 }).where('id', '=', id).execute();
    await tx.db
      .insertInto('applications')
      .values({
        user_id: id,
        description: DESCRIPTION,
        key,
        secret_hash: secretHash,
        created_at: now.toISOString(),
        created_by: '$System$',
      })
      .execute();
    const application = {
      name: NAME,
      description: DESCRIPTION,
      key,
      roles: [APPLICATION_ROLE],
      disabled: true,
    };
    const created = {
      ...APPLICATION,
      operation: 'Created',
      target: applicationRef(application),
    } as const;
    tx.record(securityChange(created, null, 'Success', { after: applicationModel(application) }));
    const held = (await listRoles(tx.db)).find(({ name }) => name === APPLICATION_ROLE);
    if (held === undefined) return;
    const updated = {
      ...ROLE,
      operation: 'Updated',
      target: roleRef(APPLICATION_ROLE),
      related: [{ ...identityRef({ username: NAME }), relation: 'member' }],
    } as const;
    const before = { ...held, members: held.members.filter((member) => member !== NAME) };
    tx.record(
      securityChange(updated, null, 'Success', {
        before: roleModel(before),
        after: roleModel(held),
      }),
    );
  });
}
