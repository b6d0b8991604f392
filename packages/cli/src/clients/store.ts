import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '@countersign/server/whole-file';
import { CliError, fileTrouble, messageOf, systemCode } from '../errors.ts';
import { commonName, fingerprint, parseCertificates } from './certificate.ts';
import { checkPrivate, makePrivateFolder } from './permissions.ts';

/** A client certificate of the store. */
export interface ClientCertificate {
  readonly nickname: string;
  readonly certificate: X509Certificate;
  /** Key, certificate and what else the file has of its chain, as PEM. */
  readonly pem: string;
}

/** What is put into the store. */
export interface Importable {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
  /** Authorities between the certificate and the root, and the root. */
  readonly chain: readonly X509Certificate[];
}

const AUTHORITIES = 'authorities.crt';
const NICKNAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** Where the store is when `-d` does not say otherwise. */
export function defaultStore(): string {
  return join(homedir(), '.countersign', 'clients');
}

/**
 * The user's client certificates: `NICKNAME.pem` each, 0600, in a folder 0700, and `authorities.crt`, whose
 * certificates servers are trusted by. A store that others may read is refused, whatever is asked of it.
 */
export class ClientStore {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** All certificates, by nickname. */
  async list(): Promise<ClientCertificate[]> {
    const nicknames = await this.#nicknames();
    return Promise.all(nicknames.map((nickname) => this.#read(nickname)));
  }

  /**
   * The certificate of a nickname, or of the one whose subject has it as common name.
   *
   * @throws CliError `certificate_missing`, `store_insecure`, `store_malformed`
   */
  async find(name: string): Promise<ClientCertificate> {
    const all = await this.list();
    const called = all.filter(({ certificate }) => commonName(certificate) === name);
    const found = all.find(({ nickname }) => nickname === name) ?? called[0];
    if (found !== undefined && (found.nickname === name || called.length === 1)) return found;
    const has = all.map(({ nickname }) => nickname).join(', ');
    const hint =
      all.length === 0
        ? '`countersign client-cert-import` puts one in'
        : called.length > 1
          ? `several have that common name: ${called.map(({ nickname }) => nickname).join(', ')}`
          : `it has ${has}`;
    throw new CliError(
      'certificate_missing',
      `-n "${name}": there is no such client certificate in ${this.dir}; ${hint}`,
      { details: { nickname: name, store: this.dir } },
    );
  }

  /** The certificates by which servers are trusted, as PEM; null when the store knows none. */
  async authorities(): Promise<string | null> {
    if (!(await checkPrivate(this.dir))) return null;
    return (await checkPrivate(join(this.dir, AUTHORITIES)))
      ? await this.#text(join(this.dir, AUTHORITIES))
      : null;
  }

  /**
   * Puts a certificate in. The same one twice is fine; another one under a name that is taken needs `replace`.
   *
   * @throws CliError `certificate_exists`, `usage`, `store_insecure`, `file_unwritable`
   */
  async add(
    nickname: string,
    { key, certificate, chain }: Importable,
    options: { readonly replace: boolean },
  ): Promise<void> {
    checkNickname(nickname);
    await makePrivateFolder(this.dir);
    const path = this.#path(nickname);
    if ((await checkPrivate(path)) && !options.replace) {
      const old = (await this.#read(nickname)).certificate;
      if (fingerprint(old) !== fingerprint(certificate)) {
        throw new CliError(
          'certificate_exists',
          `"${nickname}" is another certificate in ${this.dir}; name a nickname, remove it (client-cert-del ${nickname}), or give --force`,
          { details: { nickname, store: this.dir } },
        );
      }
    }
    const parts = [key.export({ type: 'pkcs8', format: 'pem' }), certificate, ...chain];
    await this.#write(path, parts.map(String).join(''));
  }

  /** Trusts servers whose certificates an authority has issued. @returns those that are new to the store */
  async trust(authorities: readonly X509Certificate[]): Promise<X509Certificate[]> {
    await makePrivateFolder(this.dir);
    const known = parseCertificates((await this.authorities()) ?? '');
    const seen = new Set(known.map(fingerprint));
    const added = authorities.filter((authority) => !seen.has(fingerprint(authority)));
    if (added.length > 0)
      await this.#write(join(this.dir, AUTHORITIES), [...known, ...added].map(String).join(''));
    return added;
  }

  /** Takes a certificate and its key out. */
  async remove(name: string): Promise<ClientCertificate> {
    const found = await this.find(name);
    await rm(this.#path(found.nickname));
    return found;
  }

  async #nicknames(): Promise<string[]> {
    if (!(await checkPrivate(this.dir))) return [];
    const names = await readdir(this.dir).catch((error: unknown) => {
      throw new CliError('file_unreadable', `-d "${this.dir}": ${fileTrouble(error)}`, {
        cause: error,
      });
    });
    return names
      .filter((name) => name.endsWith('.pem'))
      .map((name) => name.slice(0, -'.pem'.length))
      .sort();
  }

  async #read(nickname: string): Promise<ClientCertificate> {
    const path = this.#path(nickname);
    await checkPrivate(path);
    const pem = await this.#text(path);
    try {
      const [certificate] = parseCertificates(pem);
      if (certificate?.checkPrivateKey(createPrivateKey(pem)) !== true)
        throw new Error('key and certificate do not belong together');
      return { nickname, certificate, pem };
    } catch (error) {
      throw new CliError(
        'store_malformed',
        `"${path}": expected a key and its certificate as PEM: ${messageOf(error)}`,
        { details: { path } },
      );
    }
  }

  async #text(path: string): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      throw new CliError('file_unreadable', `"${path}" cannot be read: ${fileTrouble(error)}`, {
        cause: error,
        details: { path },
      });
    }
  }

  async #write(path: string, text: string): Promise<void> {
    try {
      await writeWhole(path, text);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      throw new CliError('file_unwritable', `"${path}" cannot be written: ${fileTrouble(error)}`, {
        cause: error,
        details: { path },
      });
    }
  }

  #path(nickname: string): string {
    return join(this.dir, `${nickname}.pem`);
  }
}

/** @throws CliError `usage` for what is no name of a certificate here */
export function checkNickname(nickname: string): void {
  if (NICKNAME.test(nickname)) return;
  throw new CliError(
    'usage',
    `nickname: expected up to 64 letters, digits, ".", "_", "@" and "-", beginning with a letter or digit, got "${nickname}"`,
  );
}
