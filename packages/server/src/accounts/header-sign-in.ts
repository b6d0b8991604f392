import { Buffer } from 'node:buffer';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { authFailed, authSucceeded } from '../recording/events.ts';
import { sessionActor, type RequestFacts } from '../recording/facts.ts';
import { findAccountById, touchSignIn, userOf, type Account } from './accounts.ts';
import { findApplication } from './applications.ts';
import { refuseWithoutRight } from './sign-in.ts';
import type { Session } from './sessions.ts';
import { findToken, touchToken } from './tokens.ts';

/** How an API token was looked up; ours, in Dogtag's style. */
export const TOKEN_AUTHENTICATOR = 'apiTokenAuthMgr';
/** How an API application's key and secret were looked up; ours, in Dogtag's style. */
export const APPLICATION_AUTHENTICATOR = 'apiApplicationAuthMgr';

/** What a record says where nothing is known of what was claimed. */
const NOTHING_CLAIMED = '--';
/** Longest header that is looked at. */
const MAX_HEADER = 1_024;

type Refuse = (
  code: 'token_invalid' | 'secret_invalid',
  claimed: string,
  why: string,
) => Promise<never>;

/**
 * The session of an Authorization header: `Bearer` with an API token, `Basic` with key and secret of an API
 * application. AUTH is recorded when a token or application comes from an address for the first time in a while, not
 * for each request. Throws `token_invalid` or `secret_invalid` (each recorded), `access_denied`, `role_conflict`.
 */
export async function authenticateByHeader(
  platform: Platform,
  header: string,
  facts: RequestFacts,
): Promise<Session> {
  const refuse: Refuse = async (code, claimed, why) => {
    const manager = code === 'token_invalid' ? TOKEN_AUTHENTICATOR : APPLICATION_AUTHENTICATOR;
    const draft = (reason: string) => authFailed(claimed, reason, facts, manager);
    platform.refusals.admitSignIn(claimed, facts, draft);
    await platform.recorder.record(draft(why));
    throw new ServerError(code, `authorization: ${why}; the attempt was recorded`, {
      headers: { 'www-authenticate': 'Bearer realm="countersign", error="invalid_token"' },
    });
  };
  const [, scheme, value] =
    /^(Bearer|Basic) +([\x21-\x7e]+)$/i.exec(header.slice(0, MAX_HEADER)) ?? [];
  if (scheme?.toLowerCase() === 'bearer')
    return await byToken(platform, value ?? '', facts, refuse);
  if (scheme?.toLowerCase() === 'basic')
    return await byApplication(platform, value ?? '', facts, refuse);
  const expected = 'expected "Bearer" with an API token or "Basic" with key and secret';
  return await refuse('token_invalid', NOTHING_CLAIMED, expected);
}

async function byToken(
  platform: Platform,
  secret: string,
  facts: RequestFacts,
  refuse: Refuse,
): Promise<Session> {
  const { db } = platform.state;
  const token = await findToken(db, secret);
  if (token === null) return await refuse('token_invalid', NOTHING_CLAIMED, 'unknown API token');
  const account = await findAccountById(db, token.userId);
  const claimed = `${account?.username ?? NOTHING_CLAIMED}/${token.name}`;
  if (account === null || account.disabled)
    return await refuse('token_invalid', claimed, 'the account is disabled');
  if (token.expiresAt <= platform.clock())
    return await refuse('token_invalid', claimed, 'the API token has expired');
  const session = sessionOf(platform, account, {
    reference: token.id.slice(0, 16),
    method: 'token',
    credential: token.name,
    scopes: token.scopes,
  });
  await begin(platform, session, facts, TOKEN_AUTHENTICATOR, token.id);
  return session;
}

async function byApplication(
  platform: Platform,
  encoded: string,
  facts: RequestFacts,
  refuse: Refuse,
): Promise<Session> {
  const { db } = platform.state;
  const [, key, secret] =
    /^([^:]+):(.*)$/.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const found = key === undefined ? null : await findApplication(db, key, secret ?? '');
  if (found === null)
    return await refuse('secret_invalid', key ?? NOTHING_CLAIMED, 'unknown key or wrong secret');
  const account = await findAccountById(db, found.userId);
  if (account === null || account.disabled)
    return await refuse('secret_invalid', found.key, 'the application is disabled');
  const session = sessionOf(platform, account, {
    reference: found.key.slice(0, 16),
    method: 'secret',
    credential: found.key,
    scopes: null,
  });
  await begin(platform, session, facts, APPLICATION_AUTHENTICATOR, null);
  return session;
}

/** AUTH, once for each credential and address until it was not used for as long as a session may idle. */
async function begin(
  platform: Platform,
  session: Session,
  facts: RequestFacts,
  authenticator: string,
  tokenId: string | null,
): Promise<void> {
  const key = `${session.method} ${session.reference} ${facts.address}`;
  await platform.recentUses.once(key, async () => {
    await refuseWithoutRight(platform, session.user, facts, session.method);
    await platform.recorder.audited(async (tx) => {
      if (tokenId !== null) await touchToken(tx.db, tokenId, platform.clock());
      await touchSignIn(tx.db, session.user.id, platform.clock());
      tx.record(authSucceeded(sessionActor(session), facts, authenticator));
    });
  });
}

function sessionOf(
  platform: Platform,
  account: Account,
  facts: Pick<Session, 'reference' | 'method' | 'scopes'> & { readonly credential: string },
): Session {
  const user = userOf(account);
  return { user, createdAt: platform.clock().getTime(), ...facts };
}
