import type { Config } from '../config/config.ts';
import type { Role } from '../authorization/roles.ts';
import type { State } from '../database/open.ts';
import type { AuditedTransaction, Recorder } from '../recording/recorder.ts';
import { findIdentity, identityModel } from '../security/identity-view.ts';
import { IDENTITY, identityRef, ROLE, roleRef, securityChange } from '../security/records.ts';
import { listRoles, roleModel } from '../security/role-view.ts';
import { countAccounts, createAccount } from './accounts.ts';
import { generatePassword, hashPassword } from './passwords.ts';

/** An account made at the first start. */
export interface FirstAccount {
  readonly username: string;
  readonly role: Role;
  /** The password to print, once; null when the operator chose it. */
  readonly password: string | null;
}

/** What the first start made, to be shown once. */
export interface FirstStart {
  readonly accounts: readonly FirstAccount[];
}

/** Creates `admin` and `auditor` when there is no account at all; null on every later start. */
export async function createFirstAccounts(parts: {
  config: Config;
  state: State;
  recorder: Recorder;
  clock: () => Date;
}): Promise<FirstStart | null> {
  const { config, state, recorder, clock } = parts;
  if ((await countAccounts(state.db)) > 0) return null;
  const wanted = [
    {
      username: 'admin',
      name: 'Administrator',
      role: 'Administrator',
      alias: 'caadmin',
      chosen: config.secrets.adminPassword,
    },
    {
      username: 'auditor',
      name: 'Auditor',
      role: 'Auditor',
      alias: null,
      chosen: config.secrets.auditorPassword,
    },
  ] as const;
  const accounts = await Promise.all(
    wanted.map(async ({ chosen, ...account }) => {
      const password = chosen ?? generatePassword();
      return {
        ...account,
        password,
        generated: chosen === null,
        hash: await hashPassword(password),
      };
    }),
  );
  // Both or none: a crash in between must not leave a server without its auditor.
  await recorder.audited(async (tx) => {
    for (const { username, name, role, alias, generated, hash } of accounts) {
      await createAccount(tx.db, {
        username,
        name,
        passwordHash: hash,
        passwordGenerated: generated,
        alias,
        roles: [role],
        now: clock(),
      });
      await recordFirst(tx, username, role);
    }
  });
  return {
    accounts: accounts.map(({ username, role, password, generated }) => ({
      username,
      role,
      password: generated ? password : null,
    })),
  };
}

/** The records of a first account: the identity, and its role that has gained it. */
async function recordFirst(tx: AuditedTransaction, username: string, role: string): Promise<void> {
  const { identity } = await findIdentity(tx.db, username, new Date(0));
  const target = identityRef(identity);
  const created = { ...IDENTITY, operation: 'Created', target } as const;
  tx.record(securityChange(created, null, 'Success', { after: identityModel(identity) }));
  const held = (await listRoles(tx.db)).find(({ name }) => name === role);
  if (held === undefined) return;
  const updated = {
    ...ROLE,
    operation: 'Updated',
    target: roleRef(role),
    related: [{ ...target, relation: 'member' }],
  } as const;
  const before = { ...held, members: held.members.filter((name) => name !== username) };
  tx.record(
    securityChange(updated, null, 'Success', {
      before: roleModel(before),
      after: roleModel(held),
    }),
  );
}

/** The lines to show at the first start, passwords included: print them and keep them nowhere. */
export function formatFirstStart({ accounts }: FirstStart): string {
  const width = Math.max(...accounts.map(({ username }) => username.length));
  const lines = accounts.map(({ username, role, password }) => {
    const shown = password ?? '(the password you set)';
    return `  ${username.padEnd(width)}  ${shown}  ${role}`;
  });
  return ['Accounts created; passwords are shown this once:', ...lines].join('\n');
}
