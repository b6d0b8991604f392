import { inspect } from 'node:util';
import { checkNewPassword } from '../accounts/password-rules.ts';
import { ENVIRONMENT, type Raw } from './names.ts';
import type { ConfigFault } from './config.ts';

/** Values that must never be printed: the object shows nothing of itself in logs and JSON. */
export class Secrets {
  readonly #adminPassword: string | null;
  readonly #auditorPassword: string | null;
  constructor(adminPassword: string | null, auditorPassword: string | null) {
    this.#adminPassword = adminPassword;
    this.#auditorPassword = auditorPassword;
  }
  /** The first administrator's password, when the operator chose it. */
  get adminPassword(): string | null {
    return this.#adminPassword;
  }
  /** The first auditor's password, when the operator chose it. */
  get auditorPassword(): string | null {
    return this.#auditorPassword;
  }
  toJSON(): string {
    return '[secrets]';
  }
  [inspect.custom](): string {
    return '[secrets]';
  }
}

/** Takes the secrets out of the raw settings; a password that breaks the rules is a fault, its value is not shown. */
export function readSecrets(raw: Raw, faults: ConfigFault[]): Secrets {
  for (const key of ['adminPassword', 'auditorPassword'] as const) {
    const value = raw[key];
    const broken = value === undefined ? null : checkNewPassword(value);
    if (broken !== null) {
      faults.push({ name: ENVIRONMENT[key], expected: broken.expected, got: broken.got });
    }
  }
  return new Secrets(raw.adminPassword ?? null, raw.auditorPassword ?? null);
}
