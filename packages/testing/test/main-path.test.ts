import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { checkLog, runCli, startSystem, temporaryFolder, type System } from '@countersign/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Everything an auditor does with a real signed log, with the commands an auditor types. */

const SET = 'rsa2048-rotation-restart';
const LINES = 220;
/** Reads of the audit log that the set's CA refused. */
const DENIALS = 9;
const DENIED = `Resource -eq "certServer.log.content.signedAudit" AND Outcome -eq "Failure" AND Producer -eq "${SET}"`;

let system: System;
let work: Awaited<ReturnType<typeof temporaryFolder>>;
let keyFile: string;

beforeAll(async () => {
  system = await startSystem();
  work = await temporaryFolder('auditor');
  keyFile = join(work.path, 'log.vkey');
  await writeFile(keyFile, `${await system.verifierKey()}\n`);
});
afterAll(async () => {
  await system.close();
  await work.remove();
});

interface Found {
  readonly index: number;
  readonly envelope: { readonly producer: string; readonly seq: number; readonly outcome: string };
  readonly content: {
    readonly actor: { readonly id: string };
    readonly original: { readonly file: string; readonly signature: string };
  };
  readonly sentence: string;
}

async function search(query: string, ...where: string[]): Promise<Found[]> {
  const result = await runCli(['search', query, '--limit', '1000', '--json', ...where], {
    env: system.passwordOf('auditor'),
  });
  expect(result.stderr.replace('no record matches\n', '')).toBe('');
  expect(result.code).toBe(0);
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Found);
}

const atServer = (): string[] => ['--server', system.url, '--user', 'auditor'];

test('the seven signed files are imported, every line one record, numbered without gaps', async () => {
  const result = await system.importDogtag(SET);
  expect(result.stderr).not.toContain('error');
  expect(result.code).toBe(0);
  const records = await search(`Producer -eq "${SET}"`, ...atServer(), '--order', 'asc');
  expect(records.map((record) => record.envelope.seq)).toEqual(
    Array.from({ length: LINES }, (_, i) => i + 1),
  );
  expect(new Set(records.map((record) => record.content.original.file)).size).toBe(7);
  expect(records.every((record) => record.content.original.signature === 'valid')).toBe(true);
});

test('the import run again adds nothing', async () => {
  const before = (await search(`Producer -eq "${SET}"`, ...atServer())).length;
  const again = await system.importDogtag(SET);
  expect(again.code).toBe(0);
  expect(await search(`Producer -eq "${SET}"`, ...atServer())).toHaveLength(before);
});

test('an import that is killed in the middle is completed by running it again', async () => {
  const producer = 'interrupted';
  const token = await system.createProducer(producer);
  // Killed at once, at the first sign of life, and a little later: wherever it was, the rest follows.
  for (const delay of [150, 350, 500]) {
    await system.importDogtag(SET, { producer, token, signal: AbortSignal.timeout(delay) });
  }
  expect((await system.importDogtag(SET, { producer, token })).code).toBe(0);
  const records = await search(`Producer -eq "${producer}"`, ...atServer(), '--order', 'asc');
  expect(records.map((record) => record.envelope.seq)).toEqual(
    Array.from({ length: LINES }, (_, i) => i + 1),
  );
});

describe('the denied read of the audit log', () => {
  let denied: Found;

  test('is found by search, at the server and in the folder', async () => {
    const found = await search(DENIED, ...atServer());
    expect(found).toHaveLength(DENIALS);
    for (const record of found) {
      expect(record).toMatchObject({
        envelope: { outcome: 'Failure' },
        content: { actor: { id: 'caadmin' } },
      });
    }
    denied = found[0] as Found;
    const words = 'certServer.log.content.signedAudit AND Outcome -eq "Failure"';
    expect(await search(words, ...atServer())).toContainEqual(denied);
    expect(await search(DENIED, '--data', system.dataDir)).toEqual(found);
  });

  test.for(['server', 'folder'])('its proof from the %s checks offline', async (where) => {
    const proof = join(work.path, `${where}.tlog-proof`);
    const record = join(work.path, `${where}.json`);
    const source = where === 'server' ? atServer() : ['--data', system.dataDir];
    const proved = await runCli(
      ['prove', String(denied.index), '-o', proof, '--record', record, ...source],
      { env: system.passwordOf('auditor') },
    );
    expect(proved).toMatchObject({ code: 0, stderr: '' });

    const good = await runCli(['check', proof, '--record', record, '--key', keyFile]);
    expect(good.stdout).toContain(`verdict: record ${denied.index} is in the log`);
    expect(good.stdout).toContain(denied.sentence);
    expect(good.code).toBe(0);

    const text = await readFile(record, 'utf8');
    await writeFile(record, text.replaceAll('caadmin', 'somebody'));
    const forged = await runCli(['check', proof, '--record', record, '--key', keyFile, '--json']);
    expect(forged.code).toBe(2);
    expect(JSON.parse(forged.stdout)).toMatchObject({ ok: false, proved: null });
  });

  test('the record as the API gives it is a record file, too', async () => {
    const auditor = await system.as('auditor');
    const record = join(work.path, 'api.json');
    const proof = join(work.path, 'api.tlog-proof');
    await writeFile(
      record,
      await (await auditor.fetch(`/api/v1/audit/records/${denied.index}`)).text(),
    );
    await writeFile(
      proof,
      await (await auditor.fetch(`/api/v1/audit/records/${denied.index}/proof`)).text(),
    );
    const { code, stderr } = await runCli([
      'check',
      proof,
      '--record',
      record,
      '--key',
      await system.verifierKey(),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('the whole log', () => {
  test('verifies over the folder beside the running server, on four axes', async () => {
    const { code, stdout } = await runCli(['verify', '--data', system.dataDir, '--key', keyFile]);
    expect(stdout).toMatch(/^integrity +verified /m);
    expect(stdout).toMatch(/^completeness +\w+ /m);
    expect(stdout).toMatch(/^time +\w+ /m);
    expect(stdout).toMatch(/^independence +\w+ /m);
    expect(stdout).toMatch(/^verdict: verified, \d+ records$/m);
    expect(code).toBe(0);
  });

  test('verifies for a stranger over HTTP, who is told that contents are out of sight', async () => {
    const { code, stdout } = await runCli(['verify', '--server', system.url, '--key', keyFile]);
    expect(stdout).toContain('contents are private and cannot be checked from outside');
    expect(stdout).toMatch(/^verdict: verified, \d+ records$/m);
    expect(code).toBe(0);
  });

  test('without --key the warning is loud', async () => {
    const { code, stderr } = await runCli(['verify', '--data', system.dataDir]);
    expect(stderr).toContain(
      'warning: the key was taken from the data folder itself: this proves nothing against whoever controls the folder',
    );
    expect(code).toBe(0);
  });

  test('does not verify by the key of another log', async () => {
    const other = await startSystem();
    const { code, stdout } = await runCli([
      'verify',
      '--data',
      system.dataDir,
      '--key',
      await other.verifierKey(),
    ]);
    await other.close();
    expect(stdout).toMatch(/^integrity +unverifiable /m);
    expect(stdout).toMatch(/^verdict: FAILED/m);
    expect(code).toBe(2);
  });
});

test('index rebuild leaves the index of a running server alone', async () => {
  const { code, stderr } = await runCli(['index', 'rebuild', '--data', system.dataDir]);
  expect(stderr).toMatch(/^error: --data ".*" is in use by a running server: stop it first$/m);
  expect(code).toBe(1);
});

describe('with the server stopped', () => {
  beforeAll(async () => {
    await system.stop();
    await checkLog(system.dataDir);
  });

  test('deleting index.db changes nothing after index rebuild, nor after a start', async () => {
    const before = await search('', '--data', system.dataDir);
    const words = await search('certServer.log.content.signedAudit', '--data', system.dataDir);
    await removeIndex();
    const rebuilt = await runCli(['index', 'rebuild', '--data', system.dataDir]);
    expect(rebuilt.code).toBe(0);
    expect(await search('', '--data', system.dataDir)).toEqual(before);
    expect(await search('certServer.log.content.signedAudit', '--data', system.dataDir)).toEqual(
      words,
    );
    await removeIndex();
    await system.start();
    const started = await search('', '--data', system.dataDir);
    expect(started.slice(-before.length)).toEqual(before);
    await system.stop();
  });

  test('an index that hides a record fails verify, and index rebuild mends it', async () => {
    const copy = await copyData('hidden');
    {
      using index = new DatabaseSync(join(copy, 'index.db'));
      index.exec('DELETE FROM entry WHERE idx = 23');
    }
    const hidden = await runCli(['verify', '--data', copy, '--key', keyFile]);
    expect(hidden.stdout).toContain('record 23 is not in the index');
    expect(hidden.stdout).toMatch(/^integrity +verified /m);
    expect(hidden.code).toBe(2);
    expect((await runCli(['index', 'rebuild', '--data', copy])).code).toBe(0);
    expect((await runCli(['verify', '--data', copy, '--key', keyFile])).code).toBe(0);
  });

  test('a flipped byte in any file of the log fails verify, which names the file', async () => {
    const copy = await copyData('flip');
    const log = join(copy, 'log');
    for (const file of await filesIn(log)) {
      const path = join(log, file);
      const size = (await stat(path)).size;
      if (size === 0) continue;
      const honest = await readFile(path);
      for (const at of [0, Math.floor(size / 2), size - 1]) {
        const bytes = Buffer.from(honest);
        bytes[at] = (bytes[at] ?? 0) ^ 0x40;
        await writeFile(path, bytes);
        const { code, stdout } = await runCli(['verify', '--data', copy, '--key', keyFile]);
        expect(code, `${file}, byte ${at} of ${size}\n${stdout}`).toBe(2);
        expect(stdout).toContain(file.split('/')[0] ?? '');
      }
      await writeFile(path, honest);
    }
    expect((await runCli(['verify', '--data', copy, '--key', keyFile])).code).toBe(0);
  });

  test('a file cut off at its end fails verify, which names it', async () => {
    const copy = await copyData('cut');
    for (const file of ['entries/000000.seg', 'contents/000000.seg']) {
      const path = join(copy, 'log', file);
      const honest = await readFile(path);
      await writeFile(path, honest.subarray(0, 10_000));
      const { code, stdout } = await runCli(['verify', '--data', copy, '--key', keyFile]);
      expect(stdout).toContain(`[${file}`);
      expect(code).toBe(2);
      await writeFile(path, honest);
    }
  });

  test('a log put back to an older state is reported against a later checkpoint', async () => {
    const old = await copyData('old');
    await system.start();
    await (await system.as('auditor')).json('/api/v1/audit/records?limit=1');
    await system.stop();
    const checkpoint = join(work.path, 'monday.checkpoint');
    const printed = await runCli(['log', 'checkpoint', '--data', system.dataDir]);
    await writeFile(checkpoint, printed.stdout);

    const honest = await runCli([
      'verify',
      '--data',
      system.dataDir,
      '--key',
      keyFile,
      '--since',
      checkpoint,
    ]);
    expect(honest.code).toBe(0);
    expect((await runCli(['verify', '--data', old, '--key', keyFile])).code).toBe(0);
    const cut = await runCli(['verify', '--data', old, '--key', keyFile, '--since', checkpoint]);
    expect(cut.stdout).toMatch(/truncated/);
    expect(cut.stdout).toMatch(/^completeness +failed /m);
    expect(cut.code).toBe(2);
  });
});

async function removeIndex(): Promise<void> {
  for (const name of await readdir(system.dataDir)) {
    if (name.startsWith('index.db')) await rm(join(system.dataDir, name), { recursive: true });
  }
}

async function copyData(name: string): Promise<string> {
  const copy = join(work.path, name);
  await cp(system.dataDir, copy, { recursive: true });
  return copy;
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)));
}
