import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { checkNewPassword } from '../accounts/password-rules.ts';
import { ENVIRONMENT, type Raw } from './names.ts';
import type { ConfigFault } from './config.ts';

/** Values that must never be printed: the object shows nothing of itself in logs and JSON. */
export class Secrets {
  readonly #adminPassword: string | null;
  readonly #auditorPassword: string | null;
  readonly #oidcClientSecret: string | null;
  readonly #keyPassphrase: string | null;
  readonly #pkcs11Pin: string | null;
  constructor(values: {
    readonly adminPassword: string | null;
    readonly auditorPassword: string | null;
    readonly oidcClientSecret: string | null;
    readonly keyPassphrase: string | null;
    readonly pkcs11Pin: string | null;
  }) {
    this.#adminPassword = values.adminPassword;
    this.#auditorPassword = values.auditorPassword;
    this.#oidcClientSecret = values.oidcClientSecret;
    this.#keyPassphrase = values.keyPassphrase;
    this.#pkcs11Pin = values.pkcs11Pin;
  }
  /** The first administrator's password, when the operator chose it. */
  get adminPassword(): string | null {
    return this.#adminPassword;
  }
  /** The first auditor's password, when the operator chose it. */
  get auditorPassword(): string | null {
    return this.#auditorPassword;
  }
  /** What the server proves itself with to the identity provider. */
  get oidcClientSecret(): string | null {
    return this.#oidcClientSecret;
  }
  /** What opens the vault of private keys; null: the key file does. */
  get keyPassphrase(): string | null {
    return this.#keyPassphrase;
  }
  /** The PIN of PKCS#11 tokens. */
  get pkcs11Pin(): string | null {
    return this.#pkcs11Pin;
  }
  toJSON(): string {
    return '[secrets]';
  }
  [inspect.custom](): string {
    return '[secrets]';
  }
}

/**
 * Takes the secrets out of the raw settings, or out of the files that they name. A password that breaks the rules is a
 * fault, as is a file that cannot be read; values are not shown.
 */
export function readSecrets(raw: Raw, faults: ConfigFault[]): Secrets {
  for (const key of ['adminPassword', 'auditorPassword'] as const) {
    const value = raw[key];
    const broken = value === undefined ? null : checkNewPassword(value);
    if (broken !== null) {
      faults.push({ name: ENVIRONMENT[key], expected: broken.expected, got: broken.got });
    }
  }
  return new Secrets({
    adminPassword: raw.adminPassword ?? null,
    auditorPassword: raw.auditorPassword ?? null,
    oidcClientSecret: readClientSecret(raw, faults),
    keyPassphrase: readPassphrase(raw, faults),
    pkcs11Pin: raw.pkcs11Pin ?? null,
  });
}

/** Long enough that nobody guesses it who has taken the data folder along. */
const LEAST_PASSPHRASE = 12;

function readPassphrase(raw: Raw, faults: ConfigFault[]): string | null {
  const { keyPassphrase: value, keyFile } = raw;
  if (value === undefined) return null;
  const name = ENVIRONMENT.keyPassphrase;
  if (keyFile !== undefined) {
    faults.push({
      name,
      expected: `nothing, as ${ENVIRONMENT.keyFile} is set`,
      got: 'a passphrase',
    });
  }
  if (value.length < LEAST_PASSPHRASE) {
    const got = `${value.length}`;
    faults.push({ name, expected: `at least ${LEAST_PASSPHRASE} characters`, got });
  }
  return value;
}

/** From the variable or from the file, never from both: it would not be clear which one counts. */
function readClientSecret(raw: Raw, faults: ConfigFault[]): string | null {
  const { oidcClientSecret: value, oidcClientSecretFile: path } = raw;
  if (path === undefined) return value ?? null;
  const name = ENVIRONMENT.oidcClientSecretFile;
  if (value !== undefined) {
    const expected = `no file, as ${ENVIRONMENT.oidcClientSecret} is set`;
    faults.push({ name, expected, got: path });
    return null;
  }
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text !== '') return text;
    faults.push({ name, expected: 'a file with the secret in it', got: 'an empty one' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    faults.push({ name, expected: 'a file that can be read', got: `${path} (${code})` });
  }
  return null;
}
