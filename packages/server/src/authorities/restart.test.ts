import { X509Certificate } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attribute, startTestServer, temporaryFolder } from '../testing/harness.ts';
import { issueForTest } from './testing.ts';

test('a start finds the authorities as they were, says which keys they sign with, and needs their vault', async () => {
  const dir = await temporaryFolder();
  const first = await startTestServer({ dir, withoutTimers: true });
  const { db } = first.server.platform.state;
  const before = await first.server.platform.authorities.list(db);
  await first.server.close();
  const size = first.server.log.size;

  const second = await startTestServer({ dir, withoutTimers: true });
  const { authorities, state } = second.server.platform;
  expect(await authorities.list(state.db)).toEqual(before);
  const infos = (await second.records(size)).filter(({ envelope }) =>
    envelope.event.endsWith('_SIGNING_INFO'),
  );
  expect(infos.map((info) => [info.envelope.event, attribute(info, 'AuthorityID')])).toEqual(
    before.flatMap(({ id }) => [
      ['CERT_SIGNING_INFO', id],
      ['CRL_SIGNING_INFO', id],
      ['OCSP_SIGNING_INFO', id],
    ]),
  );
  const [issuing] = before;
  const leaf = await issueForTest(second, issuing?.id ?? '');
  expect(
    new X509Certificate(leaf.der).checkIssued(new X509Certificate(issuing?.certificate.der ?? '')),
  ).toBe(true);
  await second.server.close();

  const vault = join(dir, 'data', 'keys', 'vault.json');
  await rename(vault, `${vault}.away`);
  await expect(startTestServer({ dir })).rejects.toMatchObject({
    name: 'VaultError',
    code: 'vault_key_missing',
  });
});
