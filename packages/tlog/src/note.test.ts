import { describe, expect, it } from 'vitest';
import { checkOneSpelling, faultOf } from '../test/one-spelling.ts';
import {
  formatNote,
  formatSignatureLine,
  generateSignerKey,
  MAX_NOTE_BYTES,
  openNote,
  parseNote,
  parseSignerKey,
  signNote,
  utf8,
  type NoteSigner,
} from './index.ts';

const signerOf = (name: string, fill: number): NoteSigner =>
  parseSignerKey(generateSignerKey(name, 'ed25519', new Uint8Array(32).fill(fill)));

const alice = signerOf('alice.example/log', 1);
const bob = signerOf('bob.example/log', 2);
const TEXT = 'Ognuno sta solo sul cuor della terra\n\ned è subito sera.\n';

describe('a signed note', () => {
  it('keeps empty lines of the text: the last one ends it', () => {
    const note = signNote(TEXT, [alice, bob]);
    expect(note.startsWith(`${TEXT}\n— alice.example/log `)).toBe(true);
    const opened = openNote(utf8(note), [alice.verifier, bob.verifier]);
    expect(opened.text).toBe(TEXT);
    expect(opened.verified.map(({ keyId }) => keyId)).toEqual([alice.keyId, bob.keyId]);
    expect(opened.unverified).toEqual([]);
    expect(openNote(signNote('\n', [alice]), [alice.verifier]).text).toBe('\n');
  });

  it('leaves signatures of unknown keys alone', () => {
    const opened = openNote(signNote(TEXT, [alice, bob]), [bob.verifier]);
    expect(opened.verified.map(({ name }) => name)).toEqual(['bob.example/log']);
    expect(opened.unverified.map(({ name }) => name)).toEqual(['alice.example/log']);
  });

  it('leaves a signature alone that shares only the name, or only the ID, with a known key', () => {
    const otherKey = signerOf('alice.example/log', 3);
    const note = signNote(TEXT, [alice, bob]);
    const renamed = { ...alice.verifier, name: 'somebody.example' };
    const opened = openNote(note, [otherKey.verifier, renamed, bob.verifier]);
    expect(opened.unverified.map(({ name }) => name)).toEqual(['alice.example/log']);
  });

  it('is refused when a known key did not sign this text, even if another did', () => {
    const forged = signNote(TEXT, [alice]).replace('sera', 'nera');
    const { text, signatures } = parseNote(forged);
    const signedByBob = parseNote(signNote(text, [bob])).signatures;
    const both = formatNote({ text, signatures: [...signatures, ...signedByBob] });
    expect(openNote(both, [bob.verifier]).verified.length).toBe(1);
    for (const note of [forged, both]) {
      expect(faultOf(() => openNote(note, [bob.verifier, alice.verifier]))).toEqual({
        code: 'note_signature_invalid',
        message: `signature of "alice.example/log" (key ID ${alice.keyId.toString(16).padStart(8, '0')}) does not match the note`,
      });
    }
  });

  it('is refused when no known key signed it', () => {
    const note = signNote(TEXT, [alice]);
    expect(faultOf(() => openNote(note, [bob.verifier]))).toEqual({
      code: 'note_unsigned',
      message:
        `expected a signature of "bob.example/log" (key ID ${bob.keyId.toString(16).padStart(8, '0')}), ` +
        `got "alice.example/log" (key ID ${alice.keyId.toString(16).padStart(8, '0')})`,
    });
    expect(faultOf(() => openNote(note, [])).message).toMatch(
      /^expected a signature of a known key, got /,
    );
  });

  it('leaves signatures alone that this runtime cannot check', () => {
    const unable = { ...bob.verifier, supported: false, verify: () => false };
    const opened = openNote(signNote(TEXT, [alice, bob]), [alice.verifier, unable]);
    expect(opened.unverified.map(({ name }) => name)).toEqual(['bob.example/log']);
    expect(faultOf(() => openNote(signNote(TEXT, [bob]), [unable])).code).toBe('note_unsigned');
  });

  it('has one spelling', () => {
    const note = signNote('text\n\n\nè\n', [alice, bob]);
    expect(checkOneSpelling(note, parseNote, formatNote)).toBeGreaterThan(0);
  });

  it('opens after no change to text or signature', () => {
    const bytes = utf8(signNote(TEXT, [alice]));
    for (let i = 0; i < bytes.length; i += 1) {
      for (const flip of [1, 0x20, 0x80]) {
        const changed = bytes.with(i, (bytes[i] as number) ^ flip);
        expect(faultOf(() => openNote(changed, [alice.verifier])).code).toMatch(
          /^(?:note_|utf8_malformed)/,
        );
      }
      expect(faultOf(() => openNote(bytes.subarray(0, i), [alice.verifier])).code).toBeDefined();
    }
  });

  it('says what is malformed', () => {
    const line = formatSignatureLine({ ...alice, signature: alice.sign(utf8('a\n')) });
    const cases: [string, string][] = [
      ['', 'note: no blank line before the signatures'],
      [`a\n${line}`, 'note: no blank line before the signatures'],
      [`a\n\n`, 'note: the last signature line has no newline'],
      [`a\n\n${line.slice(0, -1)}`, 'note: the last signature line has no newline'],
      [`a\n\n${line}x\n`, 'note: expected a signature line "— name base64", got "x"'],
      [
        `a\n\n- b AAAAAAA=\n`,
        'note: expected a signature line "— name base64", got "- b AAAAAAA="',
      ],
      [`a\n\n— b\u00a0c AAAAAAA=\n`, 'note: key name: got "b\u00a0c"'],
      [`a\n\n— b+c AAAAAAA=\n`, 'note: key name: got "b+c"'],
      [`a\n\n—  AAAAAAA=\n`, 'note: key name: got ""'],
      [`a\n\n— b AAAAAAA\n`, 'note: signature of "b" is not base64'],
      [`a\n\n— b AAAAAA==\n`, 'note: signature of "b": expected more than 4 bytes, got 4'],
      [`a\tb\n\n${line}`, 'note: control character U+0009 at 1'],
      [`a\r\n\n${line}`, 'note: control character U+000d at 1'],
      [`a\0\n\n${line}`, 'note: control character U+0000 at 1'],
    ];
    for (const [note, message] of cases) {
      expect(faultOf(() => parseNote(note))).toEqual({ code: 'note_malformed', message });
    }
    expect(faultOf(() => parseNote(Uint8Array.of(0xff, 0x0a, 0x0a))).code).toBe('utf8_malformed');
    expect(faultOf(() => parseNote(`\ud800\n\n${line}`)).code).toBe('utf8_malformed');
  });

  it('is not made from what would be refused', () => {
    expect(faultOf(() => signNote('no newline', [alice]))).toEqual({
      code: 'note_malformed',
      message: 'note: the text does not end with a newline',
    });
    expect(faultOf(() => signNote('a\u0007\n', [alice])).message).toBe(
      'note: control character U+0007 at 1',
    );
    expect(faultOf(() => signNote('\ud800\n', [alice])).message).toBe(
      'note: lone surrogate in the text',
    );
    expect(faultOf(() => signNote('a\n', []))).toEqual({
      code: 'note_malformed',
      message: 'note: expected at least one signature, got none',
    });
    const empty = { name: 'a', keyId: 1, signature: new Uint8Array(0) };
    expect(faultOf(() => formatNote({ text: 'a\n', signatures: [empty] })).message).toBe(
      'note: signature of "a" is empty',
    );
  });

  it('may have 64 signatures and a mebibyte, and no more', () => {
    const signers = Array.from({ length: 65 }, (_, n) => signerOf(`signer-${n}`, n));
    const verifiers = signers.map(({ verifier }) => verifier);
    const full = signNote('a\n', signers.slice(0, 64));
    expect(openNote(full, verifiers).verified.length).toBe(64);
    const code = 'note_too_large';
    const message = 'note: expected at most 64 signatures, got 65 or more';
    expect(faultOf(() => signNote('a\n', signers))).toEqual({ code, message });
    const line = formatSignatureLine({ ...alice, signature: alice.sign(utf8('a\n')) });
    expect(faultOf(() => parseNote(full + line))).toEqual({ code, message });
    expect(faultOf(() => parseNote(full + line.repeat(2000)))).toEqual({ code, message });

    const note = signNote(`${'è'.repeat(MAX_NOTE_BYTES / 2 - 100)}\n`, [alice]);
    expect(parseNote(note).signatures.length).toBe(1);
    const long = signNote(`${'è'.repeat(MAX_NOTE_BYTES / 2)}\n`, [alice]);
    for (const tooLong of [long, utf8(long)]) {
      expect(faultOf(() => parseNote(tooLong))).toEqual({
        code,
        message: `note: expected at most 1048576 bytes, got ${utf8(long).length}`,
      });
    }
  });
});
