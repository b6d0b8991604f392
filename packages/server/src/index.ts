export { createServer, type Server, type ServerParts } from './server.ts';
export { type Listening } from './sockets.ts';
export { PkiError, pkiPaths } from './pki/pki.ts';
export { closeOnSignal } from './signals.ts';
export { formatFirstStart, type FirstAccount, type FirstStart } from './accounts/first-accounts.ts';
export {
  ConfigError,
  defaultPortalDir,
  loadConfig,
  type Config,
  type ConfigArguments,
  type ConfigFault,
  type LogAccess,
} from './config/config.ts';
export { stateLocation } from './config/database.ts';
export type { StateLocation } from './database/location.ts';
export { createDataFolder } from './data-folder/create.ts';
export { dataPaths, KeyFileError, loadLogKeys, type LogKeys } from './data-folder/keys.ts';
export { createProducer } from './producers/create-producer.ts';
export { listProducers, type ProducerListing } from './producers/list-producers.ts';
export { reconcileFolder } from './reconciliation/reconcile-folder.ts';
export type { Reconciliation } from './reconciliation/reconcile.ts';
export {
  createLoggers,
  silentLoggers,
  type Logger,
  type LoggerFactory,
  type LogFields,
} from './logger.ts';
export { PROBLEMS, ServerError, type FieldFault, type ServerErrorCode } from './errors.ts';
export { ROLES, type Role } from './authorization/roles.ts';
export { OWN_PRODUCER } from './recording/recorder.ts';
export { checkSetup, type SetupFile } from './setup/setup-file.ts';
export { planSetup, type Setup, type SetupClient, type SetupStep } from './setup/plan.ts';
export { applySetup, type SetupResult } from './setup/apply.ts';
