import { expect, test } from 'vitest';
import { insertRole } from '../authorization/built-in-roles.ts';
import { BUILT_IN_ROLES } from '../authorization/roles.ts';
import { openState } from '../database/open.ts';
import { stateOf, temporaryFolder } from '../testing/harness.ts';
import { assignRole, createAccount, rolesOf } from './accounts.ts';
import { checkPassword, generatePassword, hashPassword } from './passwords.ts';

const NOW = new Date('2026-11-22T05:00:00.000Z');

test('nobody holds an exclusive role together with another one, whichever comes first', async () => {
  const { state, writer } = await openState(stateOf(await temporaryFolder()));
  const own = { description: '', builtIn: false, groups: [] };
  await writer.transaction().execute(async (tx) => {
    for (const role of [
      ...BUILT_IN_ROLES,
      { ...own, name: 'Notary', exclusive: true },
      { ...own, name: 'Clerk', exclusive: false },
    ])
      await insertRole(tx, role, NOW.toISOString());
  });
  const account = { name: 'N', passwordHash: 'x', passwordGenerated: false, now: NOW };
  const auditor = await writer
    .transaction()
    .execute(
      async (tx) => await createAccount(tx, { ...account, username: 'a', roles: ['Auditor'] }),
    );
  await expect(
    writer
      .transaction()
      .execute(async (tx) => await assignRole(tx, auditor.id, 'Administrator', NOW)),
  ).rejects.toMatchObject({
    code: 'role_conflict',
    message: 'nobody may hold Auditor together with Administrator',
  });
  await expect(
    writer.transaction().execute(
      async (tx) =>
        await createAccount(tx, {
          ...account,
          username: 'b',
          roles: ['Administrator', 'Auditor'],
        }),
    ),
  ).rejects.toMatchObject({ code: 'role_conflict' });
  // Exclusive is what the roles table says, also of roles that somebody has added.
  for (const roles of [
    ['Notary', 'Clerk'],
    ['RA', 'Notary'],
    ['CA Operations', 'Clerk'],
  ]) {
    const create = writer
      .transaction()
      .execute(async (tx) => await createAccount(tx, { ...account, username: 'c', roles }));
    await expect(create).rejects.toMatchObject({ code: 'role_conflict' });
  }
  // The refused account is not there at all.
  expect(await state.db.selectFrom('users').select('username').execute()).toEqual([
    { username: 'a' },
  ]);
  await writer
    .transaction()
    .execute(async (tx) => await assignRole(tx, auditor.id, 'Auditor', NOW));
  expect(await rolesOf(state.db, auditor.id)).toEqual(['Auditor']);
  await expect(
    writer
      .transaction()
      .execute(
        async (tx) => await createAccount(tx, { ...account, username: 'A ', roles: ['Auditor'] }),
      ),
  ).rejects.toMatchObject({ code: 'already_exists' });
  await state.close();
});

test('passwords are kept as argon2id with the parameters in the string', async () => {
  const hash = await hashPassword('correct horse');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await checkPassword('correct horse', hash)).toBe(true);
  expect(await checkPassword('correct horsf', hash)).toBe(false);
  expect(await checkPassword('', null)).toBe(false);
  // The same password typed in another Unicode form is the same password.
  expect(await checkPassword('pa\u0308ss', await hashPassword('p\u00e4ss'))).toBe(true);
});

test('generated passwords can be read aloud and do not repeat', () => {
  const made = Array.from({ length: 200 }, generatePassword);
  for (const password of made)
    expect(password).toMatch(/^[0-9a-hjkmnp-tv-z]{5}(?:-[0-9a-hjkmnp-tv-z]{5}){3}$/);
  expect(new Set(made).size).toBe(200);
});
