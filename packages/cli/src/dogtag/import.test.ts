import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, openLog } from '@countersign/ledger';
import type { Log } from '@countersign/ledger';
import { parseContent, parseEnvelope, sentence } from '@countersign/records';
import type { Content, Envelope } from '@countersign/records';
import { generateSignerKey, parseSignerKey } from '@countersign/tlog';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createOutput } from '../output.ts';
import { importRecords } from './import-records.ts';
import type { ImportRecordsOptions, ImportResult } from './import-records.ts';
import { logSink, serverSink } from './sink.ts';
import type { RecordSink } from './sink.ts';
import { verifyLogFiles } from './verify-files.ts';

const TESTDATA = new URL('../../../../testdata/dogtag/', import.meta.url).pathname;
const SET = join(TESTDATA, 'rsa2048-rotation-restart');
const CERT = join(SET, 'signing-cert.pem');
const ROTATED = [
  'ca_audit.20261122021344',
  'ca_audit.20261122021346',
  'ca_audit.20261122021348',
  'ca_audit.20261122021349',
  'ca_audit.20261122021351',
  'ca_audit.20261122021354',
];
const RECORDS = 220;

let folder: string;
let log: Log;
let sink: RecordSink;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dogtag-import-'));
  const signer = parseSignerKey(generateSignerKey('example.com/log'));
  const options = { dir: join(folder, 'log'), origin: 'example.com/log', signers: [signer] };
  await createLog(options);
  log = await openLog(options);
  sink = logSink(log, 'ca1', folder);
});

afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true });
});

describe('an import', () => {
  test('takes every record once, with its line, place and verdict', async () => {
    expect(await run([SET])).toMatchObject({ imported: RECORDS, alreadyThere: 0, redacted: [] });
    expect(await run([SET])).toMatchObject({ imported: 0, alreadyThere: RECORDS });
    const records = await stored();
    expect(records).toHaveLength(RECORDS);
    const denied = records.filter((r) => r.envelope.category === 'AuthorizationFailure');
    expect(denied.length).toBeGreaterThan(0);
    const { envelope, content } = denied[0]!;
    expect(envelope).toMatchObject({
      producer: 'ca1',
      event: 'AUTHZ',
      outcome: 'Failure',
      level: 'Warning',
      operation: 'Encountered',
    });
    expect(sentence(envelope, content)).toBe(
      "'caadmin' was refused 'read' on certServer.log.content.signedAudit",
    );
    expect(content).toMatchObject({
      actor: { id: 'caadmin', kind: 'user' },
      authorization: { resource: 'certServer.log.content.signedAudit', operation: 'read' },
      target: { type: 'resource', id: 'certServer.log.content.signedAudit' },
      reason: 'Authorization Error',
      source: { system: 'Dogtag PKI', component: 'ca' },
      original: { format: 'dogtag', file: ROTATED[0], signature: 'valid' },
    });
    expect(content.original!.text).toContain(
      '[AuditEvent=AUTHZ][SubjectID=caadmin][Outcome=Failure]',
    );
    const text = await readFile(join(SET, ROTATED[0]!), 'utf8');
    expect(text.split('\n')[content.original!.line - 1]).toBe(content.original!.text);
  });

  test('goes on where it stopped, in batches that end anywhere', async () => {
    let left = 3;
    const failing: RecordSink = {
      ...sink,
      send: (drafts) => {
        left -= 1;
        if (left === 0) throw new Error('the network is gone');
        return sink.send(drafts);
      },
    };
    await expect(run([join(SET, ROTATED[0]!)])).resolves.toMatchObject({ imported: 28 });
    left = 2;
    await expect(run([SET], {}, failing)).rejects.toThrow('the network is gone');
    expect(await run([SET])).toMatchObject({ alreadyThere: 28, imported: RECORDS - 28 });
    expect(await stored()).toHaveLength(RECORDS);
  });

  test('follows a log that grows, and whose current file is rotated between two runs', async () => {
    const logs = join(folder, 'signedAudit');
    await mkdir(logs);
    const current = join(logs, 'ca_audit');
    // The third file while it was the current one, cut in the middle of what is not signed yet.
    for (const name of ROTATED.slice(0, 2)) await cp(join(SET, name), join(logs, name));
    await cp(join(SET, ROTATED[2]!), current);
    const lines = (await readFile(current, 'utf8')).split('\n');
    await truncate(current, lines.slice(0, 14).join('\n').length + 40);
    const first = await run([logs]);
    // Lines 13 and 14, and the one being written, wait for their signature.
    expect(first).toMatchObject({ imported: 28 + 27 + 12, alreadyThere: 0 });
    await cp(SET, logs, { recursive: true });
    const second = await run([logs]);
    expect(second).toMatchObject({ alreadyThere: 67, imported: RECORDS - 67 });
    const records = await stored();
    expect(records.map((r) => r.envelope.seq)).toEqual(records.map((_, i) => i + 1));
    expect(new Set(records.map((r) => r.content.original!.signature))).toEqual(new Set(['valid']));
  });

  test('with the unsigned tail goes on all the same when it has been signed', async () => {
    const part = join(folder, 'ca_audit');
    const whole = await readFile(join(SET, ROTATED[0]!), 'utf8');
    const lines = whole.split('\n');
    await writeFile(part, `${lines.slice(0, 13).join('\n')}\n${lines[13]!.slice(0, 30)}`);
    // What is being written may belong to the line before it: both wait.
    expect(await run([part], { includeUnsignedTail: true })).toMatchObject({ imported: 12 });
    await writeFile(part, whole);
    expect(await run([part])).toMatchObject({ alreadyThere: 12, imported: 16 });
    const verdicts = (await stored()).map((r) => r.content.original!.signature);
    expect(verdicts.slice(10, 13)).toEqual(['valid', 'unsigned', 'valid']);
  });

  test('refuses files that do not start where they started last time', async () => {
    await run([SET]);
    const later = ROTATED.slice(1).map((name) => join(SET, name));
    await expect(run([...later, join(SET, 'ca_audit')])).rejects.toMatchObject({
      code: 'server_refused',
      message: expect.stringContaining('has 220 records already, more than these files hold'),
    });
    const other = join(folder, 'other');
    await mkdir(other);
    for (const [i, name] of ROTATED.toReversed().entries()) {
      await cp(join(SET, name), join(other, name));
      if (i === 4) break;
    }
    const shorter = logSink(log, 'ca2', folder);
    await run([join(SET, ROTATED[0]!), join(SET, ROTATED[1]!)], { producer: 'ca2' }, shorter);
    await expect(run([other], { producer: 'ca2' }, shorter)).rejects.toMatchObject({
      code: 'server_refused',
      details: { code: 'sequence_conflict', seq: 55 },
    });
  });

  test('masks secrets and says which', async () => {
    const path = join(folder, 'ca_audit');
    await writeFile(
      path,
      '0.main - [22/Nov/2026:02:11:55 UTC] [14] [6] [AuditEvent=CONFIG_AUTH][SubjectID=caadmin][Outcome=Success][ParamNameValPairs=Scope;;instance+Operation;;OP_ADD+Resource;;ldap+ldap.ldapauth.bindPassword;;hunter22secret] authentication configuration parameter(s) change\n',
    );
    const result = await run([path], { includeUnsignedTail: true });
    expect(result.imported).toBe(1);
    expect(result.redacted).toEqual([
      { file: 'ca_audit', line: 1, paths: expect.arrayContaining(['$.original.text']) },
    ]);
    const { content } = (await stored())[0]!;
    expect(JSON.stringify(content)).not.toContain('hunter22secret');
    expect(content.original!.redacted).toEqual(result.redacted[0]!.paths);
  });

  test('makes a record of every line, whatever is in it', async () => {
    const path = join(folder, 'ca_audit');
    const line = `0.main - [22/Nov/2026:02:11:55 UTC] [14] [6] [AuditEvent=`;
    await writeFile(
      path,
      Buffer.concat([
        Buffer.from('no prefix at all\u0000\u0001\n'),
        Buffer.from(`${line}SOMETHING_NEW][SubjectID=x][Outcome=Success][Odd=1] something new\n`),
        Buffer.from(`${line}lower case/?]\n`),
        Buffer.from(`${line}AUTH][SubjectID=`),
        Buffer.from([0xff, 0xfe, 0x0a]),
        Buffer.from(
          `${line}CMC_REQUEST_RECEIVED][SubjectID=x][Outcome=Success][CMCRequest=${'MIIC'.repeat(200_000)}] CMC request received\n`,
        ),
        Buffer.from(
          `${line}CMC_REQUEST_RECEIVED][SubjectID=${'\u0001'.repeat(900_000)}][Outcome=Success][CMCRequest=] CMC request received\n`,
        ),
      ]),
    );
    expect(await run([path], { includeUnsignedTail: true })).toMatchObject({ imported: 6 });
    const records = await stored();
    expect(records.map((r) => r.envelope.event)).toEqual([
      'UNREADABLE_LINE',
      'SOMETHING_NEW',
      'LOWER_CASE__',
      'AUTH',
      'CMC_REQUEST_RECEIVED',
      'CMC_REQUEST_RECEIVED',
    ]);
    expect(records[3]!.content.original!.ambiguous).toContain('not UTF-8');
    expect(records[5]!.content.original!.ambiguous).toContain('too long for a record');
  });
});

describe('over HTTP', () => {
  test('records go to the server that holds the log', async () => {
    const seen: string[] = [];
    let failures = 1;
    const server = createServer((request, response) => {
      void (async () => {
        seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        if (request.method === 'GET') {
          response.end(JSON.stringify({ name: 'ca1', nextSeq: await sink.nextSeq() }));
          return;
        }
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        if (failures > 0) {
          failures -= 1;
          response.writeHead(503, { 'retry-after': '0' }).end();
          return;
        }
        const { records } = JSON.parse(Buffer.concat(chunks).toString()) as { records: [] };
        const taken = await sink.send(records);
        if (taken === 'taken') response.end('{}');
        else response.writeHead(409).end(JSON.stringify({ code: 'sequence_conflict' }));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const remote = serverSink({ url, token: 'csp_test', producer: 'ca1' });
      expect(await run([SET], {}, remote)).toMatchObject({ imported: RECORDS });
      expect(await run([SET], {}, remote)).toMatchObject({ imported: 0, alreadyThere: RECORDS });
      expect(seen[0]).toBe('GET /api/v1/producers/ca1 Bearer csp_test');
      expect(seen[1]).toBe('POST /api/v1/producers/ca1/records Bearer csp_test');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

async function run(
  paths: readonly string[],
  options: Partial<ImportRecordsOptions> = {},
  to: RecordSink = sink,
): Promise<ImportResult> {
  const output = createOutput();
  const verified = await verifyLogFiles(paths, { cert: [CERT], quiet: true }, output);
  return importRecords(verified, { producer: 'ca1', quiet: true, ...options }, to, output);
}

async function stored(): Promise<{ envelope: Envelope; content: Content }[]> {
  const records: { envelope: Envelope; content: Content }[] = [];
  for await (const batch of log.reader.readRange(0, log.size)) {
    for (const { envelopeBytes, contentBytes } of batch) {
      records.push({
        envelope: parseEnvelope(envelopeBytes),
        content: parseContent(contentBytes!),
      });
    }
  }
  return records;
}
