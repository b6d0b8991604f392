import { stat } from 'node:fs/promises';
import type { SecureContextOptions } from 'node:tls';
import { constants } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import { readIfThere } from '../pki/files.ts';
import { pkiPaths, PkiError, serverIdentity, serverNames, type Pki } from '../pki/pki.ts';

/** What the listener needs of keys and certificates, and whether it has changed since. */
export class TlsMaterial {
  readonly #config: Config;
  readonly #keysDir: string;
  readonly #pki: Pki;
  readonly #parts: { readonly origin: string; readonly clock: () => Date; readonly logger: Logger };
  #seen = '';

  constructor(
    config: Config,
    keysDir: string,
    pki: Pki,
    parts: { origin: string; clock: () => Date; logger: Logger },
  ) {
    this.#config = config;
    this.#keysDir = keysDir;
    this.#pki = pki;
    this.#parts = parts;
  }

  /** The options of a secure context. Throws {@link PkiError} for a named file that is not there. */
  async load(): Promise<SecureContextOptions> {
    this.#seen = await this.#fingerprint();
    const { certificate, key, clientAuthority, revocations } = this.#config.tls;
    const paths = pkiPaths(this.#keysDir);
    const own = certificate === null || key === null;
    const server = own ? await this.#builtIn() : null;
    const crl =
      revocations === null
        ? clientAuthority === null
          ? await readIfThere(paths.revocations)
          : null
        : await needed(revocations);
    return {
      key:
        server === null
          ? await needed(key ?? '')
          : server.key.export({ type: 'pkcs8', format: 'pem' }),
      cert: server === null ? await needed(certificate ?? '') : server.certificate.toString(),
      ca: clientAuthority === null ? this.#pki.authority.toString() : await needed(clientAuthority),
      ...(crl === null ? {} : { crl }),
      minVersion: 'TLSv1.2',
      // No resumption: every session is verified against the revocation list that is there now.
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    };
  }

  /** The new options when a file has changed or the certificate is due for renewal; null otherwise. */
  async reload(): Promise<SecureContextOptions | null> {
    const before = this.#seen;
    if (this.#config.tls.certificate === null) await this.#builtIn();
    return (await this.#fingerprint()) === before ? null : await this.load();
  }

  async #builtIn() {
    const { origin, clock, logger } = this.#parts;
    const names = serverNames(this.#config);
    return await serverIdentity(this.#keysDir, this.#pki, { names, origin, now: clock(), logger });
  }

  async #fingerprint(): Promise<string> {
    const { certificate, key, clientAuthority, revocations } = this.#config.tls;
    const paths = pkiPaths(this.#keysDir);
    const files = [paths.server, paths.revocations, certificate, key, clientAuthority, revocations];
    const seen = files.map(async (file) => {
      if (file === null) return '';
      const found = await stat(file).catch(() => null);
      return found === null ? '-' : `${found.mtimeMs} ${found.size} ${found.ino}`;
    });
    return (await Promise.all(seen)).join('\n');
  }
}

async function needed(file: string): Promise<string> {
  const text = await readIfThere(file);
  if (text !== null) return text;
  throw new PkiError('pki_missing', file, 'expected a PEM file, got nothing');
}
