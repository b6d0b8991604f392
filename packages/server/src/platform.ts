import type { Log, LogIndex } from '@countersign/ledger';
import type { RecentUses } from './accounts/recent-uses.ts';
import type { OidcSignIns } from './accounts/oidc/sign-ins.ts';
import type { Sessions } from './accounts/sessions.ts';
import type { AccessPolicy } from './authorization/access-policy.ts';
import type { Refusals } from './authorization/refusals.ts';
import type { Alerts } from './alerts/alerts.ts';
import type { Authorities } from './authorities/authorities.ts';
import type { CertificateJobs } from './certificates/jobs.ts';
import type { Vault } from './ca/vault.ts';
import type { Config } from './config/config.ts';
import type { LogKeys } from './data-folder/keys.ts';
import type { State } from './database/open.ts';
import type { Erasures } from './erasure/erasures.ts';
import type { sessionCookies } from './http/cookies.ts';
import type { LoggerFactory } from './logger.ts';
import type { Portal } from './portal/assets.ts';
import type { Pki } from './pki/pki.ts';
import type { Revocations } from './pki/revocations.ts';
import type { Producers } from './producers/producers.ts';
import type { Recorder } from './recording/recorder.ts';
import type { Selection } from './recording/selection.ts';
import type { Settings } from './settings/settings.ts';
import type { OutgoingSessions } from './tls/outgoing-sessions.ts';
import type { SignedAudit } from './signed-audit/signed-audit.ts';
import type { StoreJobs } from './stores/job-loop.ts';
import type { TlsSessions } from './tls/tls-sessions.ts';
import type { Reconciliations } from './reconciliation/reconciliations.ts';
import type { Verification } from './verification.ts';

type SessionCookies = ReturnType<typeof sessionCookies>;

/** Everything the server is made of, built once by `createServer` and handed on. */
export interface Platform {
  readonly config: Config;
  readonly clock: () => Date;
  readonly loggers: LoggerFactory;
  readonly keys: LogKeys;
  readonly state: State;
  readonly log: Log;
  readonly index: LogIndex;
  readonly recorder: Recorder;
  /** Which of our own records are recorded. */
  readonly selection: Selection;
  /** The log as files in Dogtag's format. */
  readonly signedAudit: SignedAudit;
  readonly engine: AccessPolicy;
  readonly sessions: Sessions;
  /** API tokens and applications in use. */
  readonly recentUses: RecentUses;
  readonly cookies: SessionCookies;
  readonly tlsSessions: TlsSessions;
  readonly outgoing: OutgoingSessions;
  /** Signing in by an identity provider; null: there is none. */
  readonly oidc: OidcSignIns | null;
  /** The certificate authorities of this server. */
  readonly authorities: Authorities;
  /** Work on many certificates that goes on after the answer. */
  readonly certificateJobs: CertificateJobs;
  /** Where private keys are kept, encrypted. */
  readonly vault: Vault;
  /** Application settings: `settings.get('certificates.pageSize')`. */
  readonly settings: Settings;
  readonly alerts: Alerts;
  readonly pki: Pki;
  readonly revocations: Revocations;
  readonly refusals: Refusals;
  readonly producers: Producers;
  readonly portal: Portal;
  readonly verification: Verification;
  /** Whether the state agrees with the log. */
  readonly reconciliations: Reconciliations;
  readonly erasures: Erasures;
  /** What is done at stores of certificates. */
  readonly storeJobs: StoreJobs;
  readonly startedAt: Date;
}
