import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataPaths } from '../data-folder/keys.ts';
import { issue } from '../pki/issue.ts';
import { pkiPaths } from '../pki/pki.ts';
import { startTestServer, temporaryFolder } from '../testing/harness.ts';

test("the operator's own certificate and client authority replace the built-in ones", async () => {
  const dir = await temporaryFolder();
  const now = new Date();
  const authority = await issue({ purpose: 'authority', subject: [['CN', 'Own CA']], now }, null);
  const served = await issue(
    { purpose: 'server', subject: [['CN', 'own']], names: ['localhost', '127.0.0.1'], now },
    authority,
  );
  const client = await issue({ purpose: 'client', subject: [['CN', 'jdoe']], now }, authority);
  const files = { pem: join(dir, 'own.pem'), ca: join(dir, 'own-ca.crt') };
  await writeFile(files.pem, served.pem);
  await writeFile(files.ca, authority.certificate.toString());
  const server = await startTestServer({
    args: { httpsPort: 0 },
    realTime: true,
    config: (config) => ({
      ...config,
      tls: {
        certificate: files.pem,
        key: files.pem,
        clientAuthority: files.ca,
        revocations: null,
      },
    }),
  });
  const { https } = await server.server.listen();
  const status = async (pem: string) =>
    await new Promise<number | undefined>((resolve, reject) => {
      const options = { ca: authority.certificate.toString(), key: pem, cert: pem, agent: false };
      request(`${https?.url}/api/v1/audit/catalogue`, options, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .on('error', reject)
        .end();
    });
  // Valid, and nobody's yet.
  expect(await status(client.pem)).toBe(401);
  const { clients } = pkiPaths(dataPaths(server.server.config.dataDir).keys);
  const builtIn = await readFile(join(clients, 'auditor.pem'), 'utf8');
  await expect(status(builtIn)).rejects.toThrow(/./);

  // A renewed certificate is taken up without a restart.
  const renewed = await issue(
    { purpose: 'server', subject: [['CN', 'own']], names: ['other.example'], now },
    authority,
  );
  await writeFile(files.pem, renewed.pem);
  await server.server.renewTls();
  await expect(status(client.pem)).rejects.toThrow(/altnames/);
});
