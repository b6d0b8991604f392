import { X509Certificate, verify } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { testKey } from '../../test/dogtag-keys.ts';
import type { SeriesReport, SignatureKey } from './report.ts';
import { verifyFiles } from './series.ts';
import type { LogFile } from './file-scan.ts';
import { SimulatedLog } from './testing/simulated-log.ts';
import type { SimulatedLogOptions } from './testing/simulated-log.ts';

const TESTDATA = new URL('../../../../testdata/dogtag/', import.meta.url);
const P256 = testKey('ec', 'P-256');
const OTHER = testKey('ec', 'P-384');
const RSA = testKey('rsa', 2048);

/** [set, valid, head, tail, ambiguous]: the figures of a byte-exact check. */
const SETS = [
  ['rsa2048-rotation-restart', 76, 0, 0, 0],
  ['ec-p256', 8, 0, 0, 0],
  ['signing-enabled-midway', 8, 18, 0, 0],
  ['running-unsigned-tail', 1, 0, 15, 0],
  ['config-signed-audit-false-match', 9, 0, 0, 0],
  ['special-characters', 19, 0, 0, 1],
] as const;

describe('the logs a real logger wrote', () => {
  test.each(SETS)('%s verifies', (set, valid, head, tail, ambiguous) => {
    const { files, key } = readSet(set);
    const report = verifyFiles(files, { keys: [key] });
    expect(report).toMatchObject({
      ok: true,
      verdict: 'valid',
      valid,
      invalid: 0,
      starts: 1,
      unsignedHead: head,
      unsignedTail: tail,
      unsignedBetween: 0,
      ambiguous,
    });
    expect(report.problems.filter((p) => p.severity === 'error')).toEqual([]);
  });

  test.each(SETS)('%s fails with a certificate of another key', (set) => {
    const { files } = readSet(set);
    const report = verifyFiles(files, { keys: [OTHER.key] });
    expect(report).toMatchObject({ ok: false, valid: 0 });
    expect(report.invalid).toBeGreaterThan(0);
    expect(report.summary).toContain('is it the right certificate?');
  });

  test('the seven files find their order whatever they are called', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const inOrder = verifyFiles(files, { keys: [key] }).files.map((f) => f.lines);
    for (let turn = 0; turn < files.length; turn += 1) {
      const renamed = files.map((_, i) => ({
        name: `${(i * 5 + turn) % files.length}.log`,
        bytes: files[(i * 3 + turn) % files.length]!.bytes,
      }));
      const report = verifyFiles(renamed, { keys: [key] });
      expect(report).toMatchObject({ ok: true, valid: 76, invalid: 0 });
      expect(report.files.map((f) => f.lines)).toEqual(inOrder);
    }
  });

  test('each missing file is named with its neighbours', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    for (let missing = 1; missing < files.length - 1; missing += 1) {
      const report = verifyFiles(without(files, missing), { keys: [key] });
      expect(report).toMatchObject({ ok: false, verdict: 'invalid', invalid: 1 });
      const problem = report.problems.find((p) => p.kind === 'file_missing');
      expect(problem).toMatchObject({ severity: 'error', file: files[missing + 1]!.name });
      expect(problem!.message).toContain(
        `broken between ${files[missing - 1]!.name} and ${files[missing + 1]!.name}`,
      );
      expect(problem!.cause).toContain('are missing');
    }
  });

  test('a missing beginning is told', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const report = verifyFiles(files.slice(2), { keys: [key] });
    expect(report).toMatchObject({ ok: true, verdict: 'beginning-missing', invalid: 0, starts: 0 });
    expect(report.problems.map((p) => p.kind)).toContain('beginning_missing');
  });

  test('a file that is there twice, or as an earlier copy, counts once', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const last = files.at(-1)!;
    const copies = [
      { name: 'copy', bytes: files[1]!.bytes },
      { name: 'early', bytes: last.bytes.slice(0, last.bytes.length - 1500) },
    ];
    const report = verifyFiles([...copies, ...files], { keys: [key] });
    expect(report).toMatchObject({ ok: true, valid: 76, invalid: 0 });
    const duplicates = report.problems.filter((p) => p.kind === 'file_duplicated');
    expect(duplicates.map((p) => p.message).sort()).toEqual([
      `it is an earlier copy of ${last.name}, left out`,
      `it is the same file as ${files[1]!.name}, left out`,
    ]);
  });

  test('without its signature lines a log is unsigned, and that is a failure', () => {
    const { files, key } = readSet('ec-p256');
    const bare = editText(files[0]!, (text) => unsigned(text));
    const report = verifyFiles([bare], { keys: [key] });
    expect(report).toMatchObject({ ok: false, verdict: 'unsigned', valid: 0, invalid: 0 });
    expect(report.problems.map((p) => p.kind)).toContain('nothing_signed');
  });
});

describe('every key Dogtag signs with', () => {
  const keys = [
    testKey('rsa', 2048),
    testKey('rsa', 3072),
    testKey('ec', 'P-256'),
    testKey('ec', 'P-384'),
    testKey('ec', 'P-521'),
    testKey('ml-dsa-65'),
  ];
  test.each(keys)('$key.name', (key) => {
    const log = simulate(key).rotate();
    busy(log, 12).stop();
    const report = verifyFiles(log.files(), { keys: [OTHER.key, key.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'valid', invalid: 0, unsignedTail: 0 });
    expect(report.valid).toBeGreaterThan(5);
  });

  test('a change of the key is no failure, and is told', () => {
    const log = simulate(P256).stop();
    busy(
      log.start((data) => OTHER.sign(data)),
      9,
    )
      .rotate()
      .stop();
    const report = verifyFiles(log.files(), { keys: [P256.key, OTHER.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0 });
    expect(report.problems.filter((p) => p.kind === 'key_changed')).toHaveLength(1);
    expect(report.keys.map((k) => k.name)).toEqual([P256.key.name, OTHER.key.name]);
    const half = verifyFiles(log.files(), { keys: [P256.key] });
    expect(half.ok).toBe(false);
    expect(half.valid).toBeGreaterThan(0);
  });
});

test('the lines of the old TPS have another prefix and the same chain', () => {
  const tps = (message: string): string => `[2013-05-06 12:34:56] 7f21c0 ${message}\n`;
  const sign = (data: string): string =>
    Buffer.from(P256.sign(new TextEncoder().encode(data))).toString('base64');
  const signing = (data: string): string =>
    tps(
      `[AuditEvent=AUDIT_LOG_SIGNING][SubjectID=System][Outcome=Success] signature of audit buffer just flushed: sig: ${sign(data)}`,
    );
  const first = signing('');
  const event = tps(authz('tpsadmin'));
  const bytes = new TextEncoder().encode(first + event + signing(first + event));
  const report = verifyFiles([{ name: 'tps_audit', bytes }], { keys: [P256.key] });
  expect(report).toMatchObject({ ok: true, valid: 1, starts: 1, ambiguous: 0 });
  expect(report.files[0]!.firstTime).toBe('2013-05-06T12:34:56.000Z');
});

describe('what happens to honest logs', () => {
  test('a restart after a crash leaves lines that were never signed', () => {
    const log = simulate(P256);
    log.flush().log(authz('lost-1')).log(authz('lost-2')).spill().crash();
    busy(log.start(), 6).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'valid', invalid: 0, unsignedBetween: 2 });
    const problem = report.problems.find((p) => p.kind === 'lines_never_signed');
    expect(problem?.message).toContain('2 lines before it were never signed');
  });

  test('a crash in the middle of a line glues the next signature to it', () => {
    const log = simulate(P256);
    log.log(authz('torn')).crash({ written: 90 });
    busy(log.start(), 6).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0 });
    expect(report.problems.map((p) => p.kind)).toContain('line_torn');
  });

  test('a restart signs the last line that mentions its event, signature or not', () => {
    const log = simulate(P256);
    log.log(configSignedAudit()).spill().crash();
    busy(log.start(), 6).stop();
    expect(verifyFiles(log.files(), { keys: [P256.key] })).toMatchObject({ ok: true, invalid: 0 });
  });

  test('a crash right after a rotation breaks the chain between the files', () => {
    const log = simulate(P256).rotate().crash();
    busy(log.start(), 6).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'restarted', invalid: 0, starts: 1 });
    expect(report.problems.find((p) => p.kind === 'chain_restarted')).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('nothing joins it to'),
    });
    expectEverySignatureToCount(report, log.files());
  });

  test('a current file that was removed while the server was down is no failure, and is told', () => {
    const log = busy(simulate(P256).rotate(), 9).stop();
    busy(log.removeCurrent().start(), 9).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'restarted', invalid: 0 });
    expect(report.summary).toBe(
      'valid, but the chain begins anew once: whether anything is missing there cannot be told',
    );
    expect(report.problems.find((p) => p.kind === 'chain_restarted')?.cause).toContain('removed');
    expectEverySignatureToCount(report, log.files());
  });

  test('a restart that no event tells of is no failure in a log that never shows them', () => {
    const log = simulate(P256, { logsStarts: false }).flush().log(authz('lost')).spill().crash();
    busy(log.start(), 6).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'valid', invalid: 0, unsignedBetween: 1 });
    expect(report.summary).toBe('valid; 1 line in between never signed');
    expect(report.problems.find((p) => p.kind === 'lines_never_signed')).toMatchObject({
      severity: 'warning',
      cause: expect.stringContaining('AUDIT_LOG_STARTUP, which would tell, is not logged here'),
    });
  });

  test('beginnings of chains alone sign nothing', () => {
    const begin = (): LogFile =>
      new SimulatedLog({ sign: (data) => P256.sign(data) }).start().spill().files()[0]!;
    const files = [{ ...begin(), name: 'ca_audit.20261122021149' }, begin()];
    const report = verifyFiles(files, { keys: [P256.key] });
    expect(report).toMatchObject({ ok: false, verdict: 'unsigned', invalid: 0 });
    expect(report.problems.map((p) => p.kind)).toContain('nothing_signed');
  });

  test('signing switched on by a change of the configuration starts from that line', () => {
    const log = busy(new SimulatedLog(), 2).log(configSignedAudit()).log(authz('caadmin')).flush();
    busy(
      log.start((data) => P256.sign(data)),
      6,
    ).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'valid', invalid: 0, starts: 1 });
    expect(report.unsignedHead).toBe(4);
    expectEverySignatureToCount(report, log.files());
  });

  test('signing switched off and on again leaves lines unsigned, and is no failure', () => {
    const within = busy(simulate(P256).stop().stopSigning(), 4);
    busy(
      within.flush().start((data) => P256.sign(data)),
      6,
    ).stop();
    const report = verifyFiles(within.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'valid', invalid: 0, unsignedBetween: 4 });

    const across = busy(busy(simulate(P256).stop().stopSigning(), 4).rotate(), 4).rotate();
    busy(
      busy(across, 3)
        .flush()
        .start((data) => P256.sign(data)),
      6,
    ).stop();
    const files = across.files();
    expect(files).toHaveLength(3);
    expect(verifyFiles(files, { keys: [P256.key] })).toMatchObject({
      ok: true,
      verdict: 'restarted',
      invalid: 0,
      unsignedBetween: 4 + 4 + 3,
      unsignedHead: 0,
      unsignedTail: 0,
    });
  });

  test('a log with trace=true verifies nowhere, and the cause is named', () => {
    const [file] = simulate(P256).stop().files();
    const traced = editText(file!, (text) => text.replaceAll('\n', '(LogFile.java:812) log\n'));
    const report = verifyFiles([traced], { keys: [P256.key] });
    expect(report).toMatchObject({ ok: false, valid: 0 });
    expect(report.problems.find((p) => p.severity === 'error')?.cause).toContain('trace=true');
  });

  test('carriage returns, line feeds and other scripts in values verify', () => {
    const log = simulate(P256);
    for (const name of ['a\rb', 'a\r\nb', 'line1\nline2', 'Zoë 日本 😀', '\u2028', '?']) {
      log.log(failedLogin(name));
    }
    const report = verifyFiles(log.stop().files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0, unsignedTail: 0 });
  });

  test('a file in ISO-8859-1 verifies, and its charset is told', () => {
    const log = simulate(P256, { encode: latin1 });
    busy(log.log(failedLogin('Zoë Müller')), 8).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0 });
    expect(report.files[0]!.charset).toBe('iso-8859-1');
    expect(report.problems.map((p) => p.kind)).toContain('charset');
  });

  test('a key that changes right behind a rotation is told', () => {
    const log = simulate(P256).rotate().flush();
    busy(
      log.start((data) => OTHER.sign(data)),
      9,
    ).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key, OTHER.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'valid', invalid: 0 });
    expect(report.problems.filter((p) => p.kind === 'key_changed')).toHaveLength(1);
  });

  test('two logs in one folder are told apart by their names', () => {
    const kra = busy(
      new SimulatedLog({ sign: (data) => OTHER.sign(data), baseName: 'kra_audit' }).start(),
      9,
    );
    const files = [...simulate(P256).stop().files(), ...kra.stop().files()];
    const report = verifyFiles(files, { keys: [P256.key, OTHER.key] });
    expect(report).toMatchObject({ ok: true, verdict: 'restarted', invalid: 0, starts: 2 });
    expect(report.problems.find((p) => p.kind === 'chain_restarted')?.cause).toContain(
      'by their names these are two logs',
    );
    expectEverySignatureToCount(report, files);
  });

  test('a character lost to "?" cannot verify, and the charset is named as a likely cause', () => {
    const log = simulate(P256, { encode: ascii });
    busy(log.log(failedLogin('Zoë')), 8).stop();
    const report = verifyFiles(log.files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: false, invalid: 1 });
    expect(report.problems.find((p) => p.severity === 'error')?.cause).toContain('charset');
  });

  test('line ends converted to CR LF are diagnosed', () => {
    const log = simulate(P256).stop();
    const files = log.files().map((f) => editText(f, (text) => text.replaceAll('\n', '\r\n')));
    const report = verifyFiles(files, { keys: [P256.key] });
    expect(report).toMatchObject({ ok: false, valid: 0 });
    expect(report.problems.map((p) => p.kind)).toContain('line_ends_converted');
    expect(report.ambiguous).toBe(0);
  });

  test('a byte order mark is left out and told', () => {
    const [file] = simulate(P256).stop().files();
    const marked = { name: 'bom', bytes: new Uint8Array([0xef, 0xbb, 0xbf, ...file!.bytes]) };
    const report = verifyFiles([marked], { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0, starts: 1 });
    expect(report.problems.map((p) => p.kind)).toEqual(['byte_order_mark']);
  });

  test('a cut last line is told', () => {
    const [file] = simulate(P256).flush().log(authz('cut')).spill().files();
    const cut = { name: 'cut', bytes: file!.bytes.slice(0, -20) };
    const report = verifyFiles([cut], { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, unsignedTail: 1 });
    expect(report.problems.map((p) => p.kind)).toContain('line_incomplete');
  });

  test('an empty file is told and counts for nothing', () => {
    const files = [...simulate(P256).stop().files(), { name: 'empty', bytes: new Uint8Array(0) }];
    const report = verifyFiles(files, { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0 });
    expect(report.problems.map((p) => p.kind)).toEqual(['file_empty']);
    expect(verifyFiles([files.at(-1)!], { keys: [P256.key] }).verdict).toBe('unsigned');
  });

  test('a logger that was copied and emptied while it ran continues its chain', () => {
    const log = simulate(P256);
    const [whole] = busy(log, 30).stop().files();
    const text = new TextDecoder().decode(whole!.bytes).split('\n');
    const parts = [text.slice(0, 13).join('\n') + '\n', text.slice(13).join('\n')];
    const files = parts.map((part, i) => ({
      name: `part${i}`,
      bytes: new TextEncoder().encode(part),
    }));
    const report = verifyFiles(files.reverse(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0, unsignedHead: 0, unsignedTail: 0 });
  });
});

describe('tampering', () => {
  const lines = linesOf(simulate(P256).stop().files()[0]!);

  test('every changed byte is reported, and none makes more signatures valid', () => {
    const [file] = busy(new SimulatedLog(P256).start(), 2).stop().files();
    const whole = verifyFiles([file!], { keys: [P256.key] });
    const unreported: number[] = [];
    // The last signature line is covered by nothing: only its signature can be checked.
    const end = file!.bytes.lastIndexOf(0x0a, file!.bytes.length - 2) + 1;
    for (let at = 0; at < file!.bytes.length; at += 1) {
      const bytes = file!.bytes.slice();
      bytes[at] = bytes[at]! ^ 0x01;
      const report = verifyFiles([{ name: 'x', bytes }], { keys: [P256.key] });
      expect(report.valid).toBeLessThanOrEqual(whole.valid);
      if (report.ok && at < end) unreported.push(at);
    }
    expect(unreported).toEqual([]);
  });

  test.each([1, 3, 5, 8])('line %i removed', (line) => {
    const report = verifyLines(lines.toSpliced(line, 1));
    expect(report.ok).toBe(false);
  });

  test('a line added is found', () => {
    const at = ordinaryLines(lines)[3]!;
    const report = verifyLines(lines.toSpliced(at, 0, lines[at]!));
    expect(report).toMatchObject({ ok: false, invalid: 1 });
    expect(report.problems[0]).toMatchObject({
      kind: 'signature_invalid',
      cause: expect.stringContaining('added after signing'),
    });
    expect(report.problems[0]!.firstLine).toBe(report.problems[0]!.lastLine);
  });

  test('two lines that changed places are found', () => {
    const pair = ordinaryLines(lines).find((i) => ordinaryLines(lines).includes(i + 1))!;
    const swapped = lines.with(pair, lines[pair + 1]!).with(pair + 1, lines[pair]!);
    const report = verifyLines(swapped);
    expect(report).toMatchObject({ ok: false, invalid: 1 });
    expect(report.problems[0]).toMatchObject({
      firstLine: pair + 1,
      lastLine: pair + 2,
      cause: expect.stringContaining('changed places'),
    });
  });

  test('a line added between two signatures is no restart', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const [first] = files;
    const text = linesOf(first!);
    const pair = signatureLines(text).find((i) => signatureLines(text).includes(i + 1))!;
    const forged = editText(first!, () => `${text.toSpliced(pair + 1, 0, text[1]!).join('\n')}\n`);
    const report = verifyFiles([forged, ...files.slice(1)], { keys: [key] });
    expect(report).toMatchObject({ ok: false, valid: 75, invalid: 1, unsignedBetween: 1 });
    expectEverySignatureToCount(report, files);
    expect(report.problems.find((p) => p.severity === 'error')).toMatchObject({
      kind: 'lines_inserted',
      firstLine: pair + 2,
      lastLine: pair + 2,
    });
  });

  test('a line added behind the last signature of a file that was left is found', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const forged = editText(files[2]!, (text) => `${text}${linesOf(files[0]!)[1]!}\n`);
    const report = verifyFiles(files.with(2, forged), { keys: [key] });
    expect(report).toMatchObject({ ok: false, valid: 75, invalid: 1, unsignedBetween: 1 });
    expectEverySignatureToCount(report, files);
    expect(report.problems.find((p) => p.severity === 'error')).toMatchObject({
      kind: 'lines_inserted',
      file: files[2]!.name,
      firstLine: 29,
      lastLine: 29,
    });
  });

  test('a line added before the signature that ends a file that was left is found', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const text = linesOf(files[1]!);
    expect(signatureLines(text).slice(-2)).toEqual([text.length - 2, text.length - 1]);
    const forged = editText(files[1]!, () => `${text.toSpliced(-1, 0, text[1]!).join('\n')}\n`);
    const report = verifyFiles(files.with(1, forged), { keys: [key] });
    expect(report).toMatchObject({ ok: false, valid: 75, invalid: 1, unsignedBetween: 1 });
    expect(report.problems.find((p) => p.severity === 'error')?.kind).toBe('lines_inserted');
    // Nothing follows in the newest file: a server that has just started looks the same.
    const alone = verifyFiles([files[0]!, forged], { keys: [key] });
    expect(alone).toMatchObject({ ok: true, unsignedBetween: 1 });
    expect(alone.summary).toBe('valid; 1 line in between never signed');
  });

  test('a signature over nothing behind others in one file is invalid', () => {
    const log = simulate(P256).stop();
    busy(log.removeCurrent().start(), 6).stop();
    const [anew] = log.files();
    const both = editText(anew!, (text) => `${lines.join('\n')}\n${text}`);
    const report = verifyFiles([both], { keys: [P256.key] });
    expect(report).toMatchObject({ ok: false, verdict: 'invalid', invalid: 1, starts: 1 });
    expect(report.problems.find((p) => p.kind === 'chain_restarted')).toMatchObject({
      severity: 'error',
      firstLine: lines.length + 1,
    });
    expectEverySignatureToCount(report, [both]);
  });

  test('a file without signatures that the chain leaves no place for is found', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const slipped = { name: 'ca_audit.20261122021345', bytes: editText(files[1]!, unsigned).bytes };
    const report = verifyFiles([...files, slipped], { keys: [key] });
    expect(report).toMatchObject({ ok: false, verdict: 'broken', valid: 76, invalid: 0 });
    expect(report.problems.find((p) => p.kind === 'file_unsigned')).toMatchObject({
      severity: 'error',
      cause: expect.stringContaining('slipped in'),
    });
  });

  test('a signature that is no base64 is malformed', () => {
    const at = signatureLines(lines)[2]!;
    const report = verifyLines(lines.with(at, `${lines[at]!.slice(0, -3)}***`));
    expect(report.ok).toBe(false);
    expect(report.problems.map((p) => p.kind)).toContain('signature_malformed');
  });

  test('a value that imitates a signature line is no signature', () => {
    const forged = lines[0]!;
    const log = simulate(P256).log(failedLogin(`x\n${forged}\ny`));
    const report = verifyFiles(busy(log, 8).stop().files(), { keys: [P256.key] });
    expect(report).toMatchObject({ ok: true, invalid: 0, starts: 1 });
    expect(report.problems.map((p) => p.kind)).toContain('embedded_signature');
    expect(report.ambiguous).toBeGreaterThan(0);
  });

  test('a second chain that begins before the first has ended is found', () => {
    const log = simulate(P256).rotate();
    busy(log, 200).stop();
    const rival = busy(simulate(P256), 100).stop().files();
    const files = [
      ...log.files(),
      ...rival.map((f) => ({ ...f, name: 'ca_audit.20261122021151' })),
    ];
    const report = verifyFiles(files, { keys: [P256.key] });
    expect(report).toMatchObject({ ok: false, verdict: 'broken', invalid: 0 });
    expect(report.problems.find((p) => p.kind === 'chain_restarted')).toMatchObject({
      severity: 'error',
      message: expect.stringContaining('has ended'),
    });
  });

  test('the beginning of a chain copied to the end of another file is found', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    const copied = linesOf(files[0]!).slice(0, 3).join('\n');
    const replayed = editText(files[2]!, (text) => `${unsigned(text)}${copied}\n`);
    const report = verifyFiles([files[0]!, files[1]!, replayed], { keys: [key] });
    expect(report).toMatchObject({ ok: false, verdict: 'broken' });
    expect(report.problems.find((p) => p.kind === 'chain_forked')?.message).toBe(
      `signatures of ${replayed.name} are in ${files[0]!.name}, too: lines of one were copied to the other`,
    );
  });

  test('a copied line that closes the chain to a ring is reported, and breaks nothing', () => {
    const { files, key } = readSet('rsa2048-rotation-restart');
    // The first file signs the end of the second, too, now that its own predecessor's last line is there.
    const copied = linesOf(files[0]!).at(-1)!;
    const ring = [files[1]!, editText(files[2]!, (text) => `${text}${copied}\n`)];
    const report = verifyFiles(ring, { keys: [key] });
    expect(report.ok).toBe(false);
    expect(report.files.map((file) => file.name)).toEqual(ring.map((file) => file.name));
  });

  test('two continuations of one file are a fork', () => {
    const continued = (users: number): LogFile[] =>
      busy(simulate(RSA).rotate(), users).stop().files();
    const [first, second] = continued(6);
    const [same, rival] = continued(11);
    expect(same!.bytes).toEqual(first!.bytes);
    const report = verifyFiles([first!, second!, { name: 'rival', bytes: rival!.bytes }], {
      keys: [RSA.key],
    });
    expect(report).toMatchObject({ ok: false });
    expect(report.problems.find((p) => p.kind === 'chain_forked')?.message).toContain(
      'there are two histories',
    );
  });
});

function simulate(
  key: { sign(data: Uint8Array): Uint8Array },
  options: SimulatedLogOptions = {},
): SimulatedLog {
  return busy(new SimulatedLog({ sign: (data) => key.sign(data), ...options }).start(), 14);
}

function busy(log: SimulatedLog, events: number): SimulatedLog {
  for (let i = 0; i < events; i += 1) {
    if (i % 5 === 2) log.log(configSignedAudit());
    else log.log(i % 3 === 0 ? failedLogin(`user${i}`) : authz(`user${i}`), `exec-${i}`);
  }
  return log;
}

function authz(user: string): string {
  return `[AuditEvent=AUTHZ][SubjectID=${user}][Outcome=Failure][aclResource=certServer.log.content.signedAudit][Op=read][Info=Authorization Error] authorization failure`;
}

function failedLogin(user: string): string {
  return `[AuditEvent=AUTH][SubjectID=$Unidentified$][Outcome=Failure][AuthMgr=passwdUserDBAuthMgr][AttemptedCred=${user}] authentication failure`;
}

function configSignedAudit(): string {
  return '[AuditEvent=CONFIG_SIGNED_AUDIT][SubjectID=caadmin][Outcome=Success][ParamNameValPairs=events;;AUDIT_LOG_SIGNING,AUTH] signed audit configuration parameter(s) change';
}

function readSet(set: string): { files: LogFile[]; key: SignatureKey } {
  const folder = new URL(`${set}/`, TESTDATA);
  const { publicKey } = new X509Certificate(readFileSync(new URL('signing-cert.pem', folder)));
  const names = readdirSync(folder).filter((name) => name.startsWith('ca_audit'));
  const rotated = names.filter((name) => name !== 'ca_audit').sort();
  return {
    files: [...rotated, 'ca_audit'].map((name) => ({
      name,
      bytes: readFileSync(new URL(name, folder)),
    })),
    key: { name: set, verify: (data, s) => verify('sha256', data, publicKey, s) },
  };
}

function verifyLines(lines: readonly string[]): SeriesReport {
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  return verifyFiles([{ name: 'ca_audit', bytes }], { keys: [P256.key] });
}

/** The first signature that begins the log counts as nothing; every other is valid or invalid. */
function expectEverySignatureToCount(report: SeriesReport, files: readonly LogFile[]): void {
  const signatures = files.flatMap((file) => signatureLines(linesOf(file)));
  expect(report.valid + report.invalid + report.starts).toBe(signatures.length);
}

function unsigned(text: string): string {
  return text.replace(/^.*\[AuditEvent=AUDIT_LOG_SIGNING\].*\n/gm, '');
}

function linesOf(file: LogFile): string[] {
  return new TextDecoder().decode(file.bytes).trimEnd().split('\n');
}

function signatureLines(lines: readonly string[]): number[] {
  return lines.flatMap((line, i) => (line.includes('=AUDIT_LOG_SIGNING]') ? [i] : []));
}

function ordinaryLines(lines: readonly string[]): number[] {
  return lines.flatMap((line, i) => (line.includes('=AUDIT_LOG_SIGNING]') ? [] : [i]));
}

function without<T>(items: readonly T[], index: number): T[] {
  return items.filter((_, i) => i !== index);
}

function editText(file: LogFile, edit: (text: string) => string): LogFile {
  const text = edit(new TextDecoder().decode(file.bytes));
  return { name: file.name, bytes: new TextEncoder().encode(text) };
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => (c.charCodeAt(0) < 256 ? c.charCodeAt(0) : 0x3f));
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => (c.charCodeAt(0) < 128 ? c.charCodeAt(0) : 0x3f));
}
