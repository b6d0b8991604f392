import { openIndex, openLog, type Log, type LogIndex } from '@countersign/ledger';
import { createFirstAccounts, type FirstStart } from './accounts/first-accounts.ts';
import { RecentUses } from './accounts/recent-uses.ts';
import { createOidcSignIns } from './accounts/oidc/sign-ins.ts';
import { Sessions } from './accounts/sessions.ts';
import { createFirstCertificates } from './accounts/certificates.ts';
import { createApp, type App } from './app.ts';
import { AccessPolicy } from './authorization/access-policy.ts';
import { createBuiltInRoles } from './authorization/built-in-roles.ts';
import { Refusals } from './authorization/refusals.ts';
import { Alerts } from './alerts/alerts.ts';
import { Authorities } from './authorities/authorities.ts';
import { hasKeys } from './authorities/authority.ts';
import { createFirstAuthorities } from './authorities/first-authorities.ts';
import { SigningKeys } from './authorities/signing-keys.ts';
import { openTokenWith } from './ca/pkcs11.ts';
import { CertificateJobs } from './certificates/jobs.ts';
import { deleteExpiredKeys } from './certificates/private-keys.ts';
import { openVault } from './ca/vault.ts';
import type { Config } from './config/config.ts';
import { createDataFolder } from './data-folder/create.ts';
import { dataPaths } from './data-folder/keys.ts';
import { assertNoOtherState, noteState } from './data-folder/state-note.ts';
import { openState } from './database/open.ts';
import { Erasures, mendTornContents } from './erasure/erasures.ts';
import { sessionCookies } from './http/cookies.ts';
import { startHousekeeping } from './housekeeping.ts';
import { createLoggers, type LoggerFactory } from './logger.ts';
import type { Platform } from './platform.ts';
import { openPki } from './pki/pki.ts';
import { Revocations } from './pki/revocations.ts';
import { Portal } from './portal/assets.ts';
import { Producers } from './producers/producers.ts';
import { logStarted, logStopped } from './recording/events.ts';
import { Recorder } from './recording/recorder.ts';
import { Selection } from './recording/selection.ts';
import { readFileSettings } from './signed-audit/settings.ts';
import { SignedAudit } from './signed-audit/signed-audit.ts';
import { createFirstApplication } from './security/first-application.ts';
import { installSettings } from './settings/install.ts';
import { Settings } from './settings/settings.ts';
import { SigningSchedule } from './recording/signing.ts';
import { StoreJobs } from './stores/job-loop.ts';
import { createSockets, NO_SOCKETS, type Listening, type Sockets } from './sockets.ts';
import { createInitialTemplates } from './templates/initial.ts';
import { TlsMaterial } from './tls/material.ts';
import { OutgoingSessions } from './tls/outgoing-sessions.ts';
import { TlsSessions } from './tls/tls-sessions.ts';
import { Reconciliations } from './reconciliation/reconciliations.ts';
import { Verification } from './verification.ts';
import { VERSION } from './version.ts';

/** A running Countersign, with or without a socket. */
export interface Server {
  readonly app: App['app'];
  readonly routes: App['routes'];
  readonly config: Config;
  readonly log: Log;
  readonly index: LogIndex;
  readonly platform: Platform;
  /** The accounts that were made, when this was the first start. */
  readonly firstStart: FirstStart | null;
  /** Listens on the configured address; port 0 takes a free one. */
  listen(): Promise<Listening>;
  /** Takes up changed certificates, keys and revocation lists; done every minute, too. */
  renewTls(): Promise<void>;
  /** Finishes requests, writes the last records, signs, closes. May be called twice. */
  close(): Promise<void>;
}

/** Parts that tests replace. */
export interface ServerParts {
  readonly clock?: () => Date;
  readonly loggers?: LoggerFactory;
  /** `false`: nothing is done by the clock; whoever tests says when. */
  readonly housekeeping?: boolean;
}

/**
 * Builds the whole server over a data folder, which is made when it is not there. What an earlier run left in the
 * outbox is in the log before anything else is; the start itself is recorded before the first request.
 */
export async function createServer(config: Config, parts: ServerParts = {}): Promise<Server> {
  const { clock = () => new Date(), loggers = createLoggers() } = parts;
  const logger = loggers('server:main');
  const startedAt = clock();
  const paths = dataPaths(config.dataDir);
  const keys = await createDataFolder(config.dataDir, { origin: config.origin });

  // Closed in the opposite order when something fails on the way, and at the end.
  const opened: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    for (const close of opened.reverse()) await close();
    opened.length = 0;
  };
  try {
    // The log first: its lock says that no other server works in this folder.
    const log = await openLog({
      dir: paths.log,
      origin: keys.origin,
      signers: keys.signers,
      clock,
    });
    opened.push(async () => await log.close());
    await assertNoOtherState(config.dataDir, config.database);
    const { state, writer } = await openState(config.database, {
      log: keys.origin,
      logger: loggers('server:state'),
    });
    opened.push(async () => await state.close());
    const vault = await openVault(paths.keys, {
      passphrase: config.secrets.keyPassphrase,
      keyFile: config.keyFile,
      inUse: await hasKeys(state.db),
    });
    await noteState(config.dataDir, config.database);
    await mendTornContents(state.db, log);
    const index = await openIndex({
      path: paths.index,
      logDir: paths.log,
      onNotice: (message) => logger.info(message),
      onFailure: (error) => logger.error('the index does not follow', { error: error.message }),
    });
    opened.push(async () => await index.close());
    index.catchUp(log.size);
    const stopFeeding = log.onCommit((size) => index.catchUp(size));
    opened.push(async () => stopFeeding());

    const selection = new Selection(loggers('server:selection'));
    await selection.load(state.db);
    const recorder = new Recorder({
      state,
      writer,
      log,
      clock,
      selection,
      logger: loggers('server:recorder'),
    });
    await recorder.start();
    const pki = await openPki(paths.keys, { origin: keys.origin, now: clock() });
    // From here on everything belongs to this run: the files sign its start before its first line.
    const signedAudit = new SignedAudit({
      log,
      folder: paths.signedAudit,
      journalPath: paths.signedAuditJournal,
      key: pki.auditSigning.key,
      eventNames: config.eventNames,
      settings: await readFileSettings(state.db),
      clock,
      logger: loggers('server:signed-audit'),
    });
    opened.push(async () => await signedAudit.close());
    await recorder.record(
      logStarted([
        ['Version', VERSION],
        ['TreeSize', String(log.size)],
      ]),
    );
    const signing = new SigningSchedule({ log, recorder, every: config.signing, clock, logger });
    await signing.start();
    opened.push(async () => signing.stop());

    await createBuiltInRoles({ state, recorder, clock });
    const engine = await AccessPolicy.open(state.db);
    await installSettings({ state, recorder, clock });
    const settings = new Settings(vault);
    await settings.load(state.db);
    const firstStart = await createFirstAccounts({ config, state, recorder, clock });
    await createFirstCertificates({
      config,
      state,
      recorder,
      clock,
      pki,
      keysDir: paths.keys,
      origin: keys.origin,
    });
    await createFirstApplication({ state, recorder, clock });
    await createInitialTemplates({ state, recorder, clock });
    const material = new TlsMaterial(config, paths.keys, pki, {
      origin: keys.origin,
      clock,
      logger: loggers('server:tls'),
    });
    const tlsSessions = new TlsSessions(recorder, config.limits, loggers('server:tls'));
    const outgoing = new OutgoingSessions(recorder, loggers('server:outgoing'));
    const alerts = new Alerts({
      state,
      recorder,
      settings,
      outgoing,
      clock,
      logger: loggers('server:alerts'),
      origin: keys.origin,
    });
    const sessions = new Sessions(config.session, clock);
    await sessions.load(state.db);
    await sessions.sweep(recorder);
    const producers = new Producers(state);
    await producers.load();
    const refusals = new Refusals(recorder, config.limits);
    const verification = new Verification({
      dataDir: config.dataDir,
      keys,
      state,
      recorder,
      clock,
      logger: loggers('server:verification'),
    });
    await verification.load();
    const reconciliations = new Reconciliations({
      state,
      log,
      recorder,
      settings,
      clock,
      logger: loggers('server:reconciliation'),
    });
    await reconciliations.load();
    const erasures = new Erasures({
      state,
      log,
      index,
      recorder,
      clock,
      logger: loggers('server:erasures'),
    });
    await erasures.carryOut();
    let socket: Sockets = NO_SOCKETS;
    const revocations = new Revocations({
      keysDir: paths.keys,
      pki,
      clock,
      logger: loggers('server:pki'),
      renew: async () => await socket.renew(),
    });
    await revocations.publish(state.db);
    const openToken = openTokenWith({
      pin: config.secrets.pkcs11Pin,
      modules: config.pkcs11Modules,
    });
    const authorities = new Authorities({
      state,
      recorder,
      vault,
      keys: new SigningKeys(vault, openToken),
      openToken,
      pkiUrl: config.pkiUrl,
      clock,
      logger: loggers('server:authorities'),
    });
    await authorities.recordKeys();
    await createFirstAuthorities({ state, recorder, authorities });
    await authorities.turn();
    const storeJobs = new StoreJobs({
      config,
      state,
      vault,
      recorder,
      clock,
      logger: loggers('server:stores'),
    });
    const certificateJobs = new CertificateJobs(clock);
    const housekeeping = startHousekeeping({
      isOn: parts.housekeeping !== false,
      storeJobs,
      reconciliations,
      authorities,
      recorder,
      sessions,
      refusals,
      erasures,
      alerts,
      tlsSessions,
      outgoing,
      deleteExpiredKeys: async () => await deleteExpiredKeys({ state, recorder, clock }),
      renewTls: async () => await socket.renew(),
      clock,
      logger: loggers('server:housekeeping'),
    });

    const platform: Platform = {
      config,
      clock,
      loggers,
      keys,
      state,
      log,
      index,
      recorder,
      selection,
      signedAudit,
      engine,
      sessions,
      recentUses: new RecentUses(config.session.idleMs, clock),
      cookies: sessionCookies(config),
      tlsSessions,
      outgoing,
      oidc: createOidcSignIns(config, { outgoing, clock, loggers }),
      authorities,
      certificateJobs,
      vault,
      settings,
      alerts,
      pki,
      revocations,
      refusals,
      producers,
      portal: new Portal(config.portalDir),
      verification,
      reconciliations,
      erasures,
      storeJobs,
      startedAt,
    };
    const { app, routes } = createApp(platform);
    socket = createSockets(app, config, { material, tlsSessions, logger: loggers('server:http') });

    /** The last words: each step leaves a log that says what happened so far. */
    const shutDown = async () => {
      await socket.close();
      state.giveUp();
      await tlsSessions.ended();
      await housekeeping.stop();
      await storeJobs.stop();
      await certificateJobs.stop();
      await verification.stop();
      await reconciliations.stop();
      await erasures.idle();
      await alerts.stop();
      await outgoing.close();
      // Nobody can ask for anything any more: what remains are our own records.
      try {
        await refusals.turn();
        await tlsSessions.turn();
        await outgoing.turn();
        await authorities.recordAnswers();
        await recorder.idle();
        await recorder.record(logStopped([['TreeSize', String(log.size)]]));
        await signing.sign('shutdown');
      } catch (error) {
        logger.error('the end could not be recorded', { error: String(error) });
      }
      await recorder.close();
      await closeAll();
    };
    let closing: Promise<void> | null = null;
    return {
      app,
      routes,
      config,
      log,
      index,
      platform,
      firstStart,
      listen: async () => await socket.listen(),
      renewTls: async () => await socket.renew(),
      close: async () => await (closing ??= shutDown()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
