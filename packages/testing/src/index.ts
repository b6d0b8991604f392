export { openBrowser, type BrowserResult } from './browser.ts';
export {
  createCertificate,
  type CertificateAlgorithm,
  type TestCertificate,
} from './certificate.ts';
export { checkLog } from './check-log.ts';
export { runCli, type CliOptions, type CliResult } from './cli.ts';
export { SystemClient } from './client.ts';
export { CLI, dogtagSet, PORTAL, ROOT, TESTDATA } from './paths.ts';
export { ensurePortalBuilt } from './portal.ts';
export { readmeBlocks, type ReadmeBlock } from './readme.ts';
export {
  PASSWORDS,
  startSystem,
  type System,
  type SystemOptions,
  type Username,
} from './system.ts';
export { temporaryFolder } from './temporary.ts';
