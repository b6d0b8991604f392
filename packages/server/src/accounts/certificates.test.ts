import { readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:tls';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { dataPaths } from '../data-folder/keys.ts';
import { silentLoggers } from '../logger.ts';
import { pkiPaths } from '../pki/pki.ts';
import { createServer } from '../server.ts';
import { startTestServer, temporaryFolder, testConfig } from '../testing/harness.ts';

/** What `keys/clients` holds. */
async function clients(dataDir: string): Promise<string[]> {
  return (await readdir(pkiPaths(dataPaths(dataDir).keys).clients)).toSorted();
}
const WHOLE = ['admin', 'auditor'].flatMap((name) =>
  ['p12', 'p12.password', 'pem'].map((end) => `${name}.${end}`),
);

test('certificates taken away from the server are not made again', async () => {
  const config = testConfig(await temporaryFolder());
  await (await createServer(config, { loggers: silentLoggers })).close();
  expect(await clients(config.dataDir)).toEqual(WHOLE);
  for (const file of WHOLE) await rm(`${pkiPaths(dataPaths(config.dataDir).keys).clients}/${file}`);
  await (await createServer(config, { loggers: silentLoggers })).close();
  expect(await clients(config.dataDir)).toEqual([]);
});

test('a data folder from before there were certificates gets them, and its accounts', async () => {
  const config = testConfig(await temporaryFolder());
  await (await createServer(config, { loggers: silentLoggers })).close();
  const paths = dataPaths(config.dataDir);
  const state = new DatabaseSync(paths.state);
  const added = {
    users: ['kind', 'alias', 'email', 'provider', 'subject', 'last_sign_in_at'],
    sessions: ['method', 'credential', 'roles'],
  };
  const first = 'users role_assignments sessions producers lockouts outbox settings'.split(' ');
  const tables = state.prepare("select name from sqlite_master where type = 'table'").all();
  const later = tables
    .map(({ name }) => String(name))
    .filter((name) => !first.includes(name) && !/^(?:sqlite|kysely)_/.test(name));
  state.exec('pragma foreign_keys = off');
  state.exec('drop index users_by_alias; drop index users_by_subject');
  for (const [table, names] of Object.entries(added))
    for (const name of names) state.exec(`alter table ${table} drop column ${name}`);
  for (const table of later) state.exec(`drop table ${table}`);
  state.exec("delete from settings where key like 'client certificate%'");
  state.exec("delete from kysely_migration where name > '0001-z'");
  state.close();
  for (const file of await readdir(paths.keys))
    if (!file.startsWith('log.')) await rm(`${paths.keys}/${file}`, { recursive: true });

  const server = await createServer(config, { loggers: silentLoggers });
  const rows = await server.platform.state.db
    .selectFrom('client_certificates')
    .innerJoin('users', 'users.id', 'user_id')
    .select(['username', 'client_certificates.subject'])
    .orderBy('username')
    .execute();
  await server.close();
  expect(await clients(config.dataDir)).toEqual(WHOLE);
  expect(rows.map(({ username }) => username)).toEqual(['admin', 'auditor']);
  expect(rows[0]?.subject).toMatch(/^CN=admin,OU=countersign\.local\/[0-9a-f]{8},O=Countersign$/);
});

test('a server that stops ends its TLS sessions with an alert, and the log has that', async () => {
  const server = await startTestServer({ args: { httpsPort: 0 }, realTime: true });
  const { https } = await server.server.listen();
  const paths = pkiPaths(dataPaths(server.server.config.dataDir).keys);
  const ca = await readFile(paths.authorityCertificate);
  // With TLS 1.3 the client is done before the server, whose record says when it is, too.
  const begun = new Promise<void>((resolve) => server.server.log.onCommit(() => resolve()));
  const socket = connect({ host: 'localhost', port: https?.port ?? 0, ca });
  socket.resume();
  await begun;
  const before = performance.now();
  await server.server.close();
  expect(performance.now() - before).toBeLessThan(5_000);
  const again = await createServer(server.server.config, { loggers: silentLoggers });
  const infos: string[] = [];
  for await (const batch of again.log.reader.readRange(0, again.log.size)) {
    for (const { envelope, contentBytes } of batch)
      if (envelope.event.startsWith('ACCESS_SESSION'))
        infos.push(
          `${envelope.event} ${/serverAlertSent: CLOSE_NOTIFY/.exec(Buffer.from(contentBytes ?? []).toString())?.[0] ?? ''}`,
        );
  }
  await again.close();
  expect(infos).toEqual([
    'ACCESS_SESSION_ESTABLISH ',
    'ACCESS_SESSION_TERMINATED serverAlertSent: CLOSE_NOTIFY',
  ]);
});
