/** Notes and checkpoints that other people's programs signed. */
import { describe, expect, it } from 'vitest';
import {
  formatNote,
  openCheckpoint,
  openNote,
  parseCosignature,
  parseNote,
  parseVerifierKey,
  toBase64,
} from '../src/index.ts';

describe('a note', () => {
  it('of the specification opens', () => {
    const note =
      'This is an example message.\n\n' +
      '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    const vkey = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    expect(openNote(note, [parseVerifierKey(vkey)]).text).toBe('This is an example message.\n');
  });

  it('of golang.org/x/mod/sumdb/note, with two signatures, opens under each key', () => {
    const note =
      'If you think cryptography is the answer to your problem,\n' +
      "then you don't know what your problem is.\n\n" +
      '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n' +
      '— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
    for (const vkey of [
      'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
      'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop',
    ]) {
      const { verified, unverified } = openNote(note, [parseVerifierKey(vkey)]);
      expect([verified.length, unverified.length]).toEqual([1, 1]);
    }
  });
});

describe('the checkpoint of a staging certificate transparency log', () => {
  const note =
    'arche2025h1.staging.ct.transparency.dev\n' +
    '1432088532\n' +
    'U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n' +
    '— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n' +
    '— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n' +
    '— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n' +
    '— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n' +
    '— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n' +
    '— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n';
  const origin = 'arche2025h1.staging.ct.transparency.dev';
  const log = `${origin}+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f`;
  const witnesses = [
    'transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM',
    'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO',
    'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
  ];

  it('opens, with the cosignatures of its witnesses', () => {
    const verifiers = [log, ...witnesses].map(parseVerifierKey);
    const checkpoint = openCheckpoint(note, origin, verifiers);
    expect(checkpoint.size).toBe(1_432_088_532);
    expect(toBase64(checkpoint.root)).toBe('U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=');
    expect(checkpoint.note.verified.map(({ name }) => name)).toEqual([
      origin,
      'transparency.dev/DEV:witness-little-garden',
      'witness1.smartit.nu/witness1',
      'remora.n621.de',
    ]);
    // The signature of RFC 6962 and the witness we do not know are left alone.
    expect(checkpoint.note.unverified.length).toBe(2);
    const times = checkpoint.note.verified
      .slice(1)
      .map(({ signature }) => new Date(parseCosignature(signature).time * 1000).toISOString());
    expect(new Set(times)).toEqual(new Set(['2026-05-23T21:50:24.000Z']));
    expect(formatNote(parseNote(note))).toBe(note);
  });
});
