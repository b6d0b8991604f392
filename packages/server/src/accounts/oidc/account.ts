import { hash } from 'node:crypto';
import type { StateReader } from '../../database/schema.ts';
import type { AuditedTransaction } from '../../recording/recorder.ts';
import type { RequestFacts } from '../../recording/facts.ts';
import { findIdentity } from '../../security/identity-view.ts';
import { EVERYBODY, isRecordable, USERNAME } from '../../security/names.ts';
import { createAccount, findAccountById, foldUsername, type Account } from '../accounts.ts';
import type { Claims } from './claims.ts';
import type { OidcIdentity, OidcProvider } from './provider.ts';
import { identityCreated } from './records.ts';

/** Longest display name or email address that is taken over. */
const MAX_TEXT = 200;

/** The account of somebody whom the provider has signed in before, or null. He is known by provider and subject alone. */
export async function findOidcAccount(
  db: StateReader,
  provider: string,
  subject: string,
): Promise<Account | null> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where('provider', '=', provider)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row === undefined ? null : await findAccountById(db, row.id);
}

/**
 * The same, made at the first sign-in and recorded as a new identity. It has no password, and no role but those that
 * claims give or an administrator assigns.
 */
export async function ensureOidcAccount(
  tx: AuditedTransaction,
  provider: OidcProvider,
  { subject, claims }: Pick<OidcIdentity, 'subject' | 'claims'>,
  { facts, now }: { readonly facts: RequestFacts; readonly now: Date },
): Promise<Account> {
  const known = await findOidcAccount(tx.db, provider.name, subject);
  if (known !== null) return known;
  const username = await freeUsername(tx.db, provider, subject, claims);
  const { id } = await createAccount(tx.db, {
    username,
    name: oneLine(claims['name']) ?? username,
    passwordHash: '',
    passwordGenerated: false,
    email: oneLine(claims['email']),
    provider: { name: provider.name, subject },
    roles: [],
    now,
  });
  const { identity } = await findIdentity(tx.db, username, now);
  tx.record(identityCreated(identity, subject, facts));
  const account = await findAccountById(tx.db, id);
  if (account === null) throw new Error(`account ${id} is not there after it was made`);
  return account;
}

/**
 * The name that the provider prefers, else the email address, else the subject; with the provider's name behind it
 * where somebody else is known by it already. A name that says nothing here (spaces, other alphabets) is passed over.
 */
async function freeUsername(
  db: StateReader,
  provider: OidcProvider,
  subject: string,
  claims: Claims,
): Promise<string> {
  const wanted = [claims['preferred_username'], claims['email'], subject];
  const names = wanted.filter((name) => typeof name === 'string').map(foldUsername);
  const suffix = provider.name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
  const [best, ...others] = names.filter(isUsername);
  const candidates = [best, ...[best, ...others].map((name) => `${name}@${suffix}`)];
  for (const candidate of candidates) {
    if (candidate === undefined || !isUsername(candidate)) continue;
    if (!(await isTaken(db, candidate))) return candidate;
  }
  return `oidc-${hash('sha256', `${provider.issuer}\n${subject}`).slice(0, 24)}`;
}

function isUsername(name: string): boolean {
  return USERNAME.test(name) && !EVERYBODY.has(name) && isRecordable(name);
}

/** Somebody may be known by the name as his user name, or as the one Dogtag's tools know him by. */
async function isTaken(db: StateReader, name: string): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .select('id')
    .where((e) => e.or([e('username', '=', name), e('alias', '=', name)]))
    .executeTakeFirst();
  return row !== undefined;
}

/** A claim's text as one line, or null. */
function oneLine(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const line = value
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line === '' ? null : line.slice(0, MAX_TEXT).toWellFormed();
}
