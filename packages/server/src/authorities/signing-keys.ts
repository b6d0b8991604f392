import { createPrivateKey } from 'node:crypto';
import { softwareSigner, type Signer } from '../ca/signer.ts';
import { VaultError, type Vault } from '../ca/vault.ts';
import { readCertificate, type CertificateFacts } from '../ca/read-certificate.ts';
import { keyOfAuthority, type Authority, type TokenKey } from './authority.ts';

/** Opens a key in a PKCS#11 token. */
export type OpenToken = (key: TokenKey) => Promise<Signer>;

/** An OCSP responder, ready to sign. */
export interface Responder {
  readonly certificate: CertificateFacts;
  readonly signer: Signer;
}

/** What the vault seals the key of an authority's OCSP responder about. */
export function keyOfResponder(authority: string): string {
  return `ocsp:${authority}`;
}

/** The keys that authorities sign with: taken out of the vault, or out of their token, once. */
export class SigningKeys {
  readonly #vault: Vault;
  readonly #openToken: OpenToken;
  /** By authority: a key never changes. */
  readonly #signers = new Map<string, Promise<Signer>>();
  /** By their certificate in PEM. */
  readonly #responders = new Map<string, Responder>();

  constructor(vault: Vault, openToken: OpenToken) {
    this.#vault = vault;
    this.#openToken = openToken;
  }

  /** The key of an authority. Rejects when the vault or the token does not give it. */
  async of(authority: Pick<Authority, 'id' | 'sealedKey' | 'token'>): Promise<Signer> {
    const known = this.#signers.get(authority.id);
    if (known !== undefined) return await known;
    const opening = this.#open(authority);
    this.#signers.set(authority.id, opening);
    try {
      return await opening;
    } catch (error) {
      // A token may be back the next time.
      this.#signers.delete(authority.id);
      throw error;
    }
  }

  /** The OCSP responder of an authority; null: it has none yet, or one whose key the vault does not open. */
  responder({ id, responder }: Pick<Authority, 'id' | 'responder'>): Responder | null {
    if (responder === null) return null;
    const known = this.#responders.get(responder.certificate);
    if (known !== undefined) return known;
    try {
      const signer = this.#software(responder.key, keyOfResponder(id));
      const opened = { certificate: readCertificate(responder.certificate), signer };
      this.#responders.set(responder.certificate, opened);
      return opened;
    } catch (error) {
      // Another one is made; it is short-lived anyway.
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  async #open({
    id,
    sealedKey,
    token,
  }: Pick<Authority, 'id' | 'sealedKey' | 'token'>): Promise<Signer> {
    if (token !== null) {
      const signer = await this.#openToken(token);
      return { ...signer, sign: async (data) => await this.#orForget(id, signer.sign(data)) };
    }
    if (sealedKey === null) throw new Error(`authority ${id} has neither a key nor a token`);
    return this.#software(sealedKey, keyOfAuthority(id));
  }

  /** What fails in a token is opened anew the next time: it may have been taken out and put back. */
  async #orForget<T>(authority: string, signing: Promise<T>): Promise<T> {
    try {
      return await signing;
    } catch (error) {
      this.#signers.delete(authority);
      throw error;
    }
  }

  #software(sealed: string, about: string): Signer {
    const key = this.#vault.open(sealed, about);
    return softwareSigner(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  }
}
