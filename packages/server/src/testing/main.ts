/** A server as a process of its own, for tests that send it signals: `node main.ts FOLDER` prints its URL. */
import { join } from 'node:path';
import { loadConfig } from '../config/config.ts';
import { createServer } from '../server.ts';
import { closeOnSignal } from '../signals.ts';
import { silentLoggers } from '../logger.ts';
import { PASSWORDS } from './passwords.ts';

const dir = process.argv[2] ?? '';
const config = loadConfig(
  { COUNTERSIGN_ADMIN_PASSWORD: PASSWORDS.admin, COUNTERSIGN_AUDITOR_PASSWORD: PASSWORDS.auditor },
  { data: join(dir, 'data'), port: 0, httpsPort: 'off' },
);
// People may sign in as fast as the test makes them.
const limits = { ...config.limits, signInsPerMinute: 100_000, anonymousDenialsPerMinute: 100_000 };
const server = await createServer({ ...config, limits }, { loggers: silentLoggers });
const { url } = await server.listen();
process.stdout.write(`${url}\n`);
await closeOnSignal(server, () => undefined);
