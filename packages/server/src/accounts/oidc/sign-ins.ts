import type { Config } from '../../config/config.ts';
import type { LoggerFactory } from '../../logger.ts';
import { createOutgoingFetch } from '../../tls/outgoing.ts';
import type { OutgoingSessions } from '../../tls/outgoing-sessions.ts';
import { IdTokens } from './id-tokens.ts';
import { PendingSignIns } from './pending.ts';
import { OidcProvider } from './provider.ts';

/** What signing in by an identity provider needs. */
export interface OidcSignIns {
  readonly provider: OidcProvider;
  readonly pending: PendingSignIns;
  readonly idTokens: IdTokens;
}

/** Sets up signing in by the configured provider, which is not spoken to before somebody wants to; null: none. */
export function createOidcSignIns(
  config: Config,
  parts: { outgoing: OutgoingSessions; clock: () => Date; loggers: LoggerFactory },
): OidcSignIns | null {
  const { oidc, secrets, session } = config;
  if (oidc === null) return null;
  const { outgoing, clock, loggers } = parts;
  const fetch = createOutgoingFetch(outgoing, { purpose: 'identity provider', ca: oidc.ca });
  return {
    provider: new OidcProvider({
      config: oidc,
      secret: secrets.oidcClientSecret ?? '',
      fetch,
      clock,
      logger: loggers('server:oidc'),
    }),
    pending: new PendingSignIns(clock),
    idTokens: new IdTokens(clock, session.absoluteMs),
  };
}
