import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { X509Certificate } from 'node:crypto';
import { CliError } from '../errors.ts';
import { commonName, isAuthority } from './certificate.ts';
import { readCertificates, readPemFiles, readPkcs12File } from './material.ts';
import { checkNickname, type ClientStore, type Importable } from './store.ts';

/** Where a client certificate comes from: exactly one of `data`, `pkcs12` and `cert`. */
export interface ImportOptions {
  readonly data?: string;
  readonly pkcs12?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passwordFile?: string;
  readonly ca?: string;
  readonly force?: true;
}

export interface Imported {
  readonly imported: readonly { nickname: string; certificate: X509Certificate }[];
  /** Authorities the store has come to trust. */
  readonly trusted: readonly X509Certificate[];
}

/** The first accounts' certificates in a data folder, and what Dogtag's administrators call them. */
const FIRST = [
  ['admin', 'caadmin'],
  ['auditor', 'auditor'],
] as const;

/**
 * Puts certificates into the store, and the authorities to trust servers by.
 *
 * @throws CliError `usage`, those of reading and of the store
 */
export async function importCertificates(
  store: ClientStore,
  nickname: string | undefined,
  options: ImportOptions,
): Promise<Imported> {
  checkOptions(options);
  if (nickname !== undefined) checkNickname(nickname);
  const found = await readAll(nickname, options);
  // Everything is read before anything is written.
  const authorities = await readAuthorities(options);
  for (const [name, material] of found)
    await store.add(name, material, { replace: options.force === true });
  let trust = authorities;
  if (trust === null && (await store.authorities()) === null) {
    trust = found.flatMap(([, { chain }]) => chain.filter(isAuthority)).slice(0, 1);
  }
  return {
    imported: found.map(([name, { certificate }]) => ({ nickname: name, certificate })),
    trusted: trust === null ? [] : await store.trust(trust),
  };
}

function checkOptions({ data, pkcs12, cert, key }: ImportOptions): void {
  const sources = [data, pkcs12, cert].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    throw new CliError(
      'usage',
      `expected one of --data, --pkcs12 and --cert, got ${sources.length === 0 ? 'none' : 'several'}`,
    );
  }
  if (key !== undefined && cert === undefined)
    throw new CliError('usage', '--key goes with --cert: the others bring their key');
}

async function readAll(
  nickname: string | undefined,
  options: ImportOptions,
): Promise<(readonly [nickname: string, Importable])[]> {
  const { data, pkcs12, cert, key, passwordFile } = options;
  if (data !== undefined) return readDataFolder(data, nickname);
  const material =
    pkcs12 === undefined
      ? await readPemFiles(cert ?? '', key, passwordFile)
      : await readPkcs12File(pkcs12, passwordFile);
  const name = nickname ?? commonName(material.certificate);
  if (name === null)
    throw new CliError('usage', 'a nickname is needed: the certificate has no common name');
  checkNickname(name);
  return [[name, material]];
}

async function readDataFolder(
  data: string,
  nickname: string | undefined,
): Promise<(readonly [nickname: string, Importable])[]> {
  const clients = join(data, 'keys', 'clients');
  const wanted = FIRST.filter(
    ([file, name]) => nickname === undefined || nickname === file || nickname === name,
  );
  const found = wanted
    .map(([file, name]) => [name, join(clients, `${file}.pem`)] as const)
    .filter(([, path]) => existsSync(path));
  if (found.length === 0) {
    const which = nickname === undefined ? 'admin.pem or auditor.pem' : `that of "${nickname}"`;
    throw new CliError(
      'file_unreadable',
      `--data "${data}": expected a client certificate in ${clients}, ${which}; a server makes them at its first start, for their owners to take away`,
      { details: { data } },
    );
  }
  return Promise.all(found.map(async ([name, path]) => [name, await readPemFiles(path)] as const));
}

async function readAuthorities({ data, ca }: ImportOptions): Promise<X509Certificate[] | null> {
  if (ca !== undefined) return readCertificates('--ca', ca);
  if (data === undefined) return null;
  return readCertificates('--data', join(data, 'keys', 'ca.crt'));
}
