import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { formatDn, parseCertificates, validityFault } from '../clients/certificate.ts';
import { readCertificates } from '../clients/material.ts';
import { ClientStore, defaultStore } from '../clients/store.ts';
import { CliError } from '../errors.ts';
import type { Peer } from './connection.ts';
import { DEFAULT_URL, type GlobalOptions } from './global-options.ts';

/** The server and the certificate that the global options name. @throws CliError `usage` and those of the store */
export async function openPeer(options: GlobalOptions, say: (line: string) => void): Promise<Peer> {
  const store = openStore(options);
  if (options.nickname === undefined) {
    const known = (await store.list()).map(({ nickname }) => nickname);
    throw new CliError(
      'usage',
      known.length === 0
        ? `-n is needed: the client certificate to sign in with; ${store.dir} has none, \`countersign client-cert-import\` puts one in`
        : `-n is needed: the client certificate to sign in with; ${store.dir} has ${known.join(', ')}`,
    );
  }
  const { nickname, certificate, pem } = await store.find(options.nickname);
  const fault = validityFault(certificate, new Date());
  if (fault !== null)
    say(`warning: certificate "${nickname}" (${formatDn(certificate.subject)}) ${fault}`);
  const authorities = await authoritiesOf(options, store);
  return { url: options.url ?? DEFAULT_URL, identity: pem, nickname, authorities };
}

/** Has requests without a client certificate trust the authorities of `--ca` or the store, beside the system's. */
export async function trustAuthorities(options: GlobalOptions): Promise<void> {
  const authorities = await authoritiesOf(options, openStore(options));
  if (authorities === null) return;
  setDefaultCACertificates([
    ...getCACertificates('default'),
    ...parseCertificates(authorities).map(String),
  ]);
}

async function authoritiesOf({ ca }: GlobalOptions, store: ClientStore): Promise<string | null> {
  if (ca === undefined) return store.authorities();
  return (await readCertificates('--ca', ca)).map(String).join('');
}

/** The store that `-d` names. */
export function openStore({ dir }: GlobalOptions): ClientStore {
  return new ClientStore(dir ?? defaultStore());
}
