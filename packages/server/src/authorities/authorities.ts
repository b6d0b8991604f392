import { randomBytes } from 'node:crypto';
import type { CertificateFacts } from '../ca/read-certificate.ts';
import type { Vault } from '../ca/vault.ts';
import type { State } from '../database/open.ts';
import type { StateReader } from '../database/schema.ts';
import type { Logger } from '../logger.ts';
import type { AuditedTransaction, Recorder } from '../recording/recorder.ts';
import { findAuthority, listAuthorities, type Authority, type TokenKey } from './authority.ts';
import {
  createAuthority,
  makeAuthorityKey,
  type AuthorityKey,
  type NewAuthority,
} from './change-authority.ts';
import { issueCertificate, type IssueOrder } from './issue.ts';
import { currentLists, dueList, makeList, type ListKind } from './lists.ts';
import { answerOcsp, type OcspAnswered } from './ocsp-answers.ts';
import { OcspCounts } from './ocsp-counts.ts';
import { listFailed, signingInfo, type By, type ListModel } from './records.ts';
import { replaceResponder, responderDue, responderKeys } from './responder.ts';
import type { OpenToken, SigningKeys } from './signing-keys.ts';

/** What the certificate authorities of a server are built on. */
export interface AuthoritiesParts {
  readonly state: State;
  readonly recorder: Recorder;
  readonly vault: Vault;
  readonly keys: SigningKeys;
  readonly openToken: OpenToken;
  /** Where clients reach `/pki/…`, without a slash at the end; null: certificates do not say. */
  readonly pkiUrl: string | null;
  readonly clock: () => Date;
  readonly logger: Logger;
}

/** A failure that stays the same is recorded once in this time, however often it is tried again. */
const SAME_FAILURE_MS = 60 * 60_000;

/** The certificate authorities: they issue, publish lists, answer OCSP. */
export class Authorities {
  readonly #parts: AuthoritiesParts;
  readonly #counts: OcspCounts;
  /** By authority: the failure that was recorded last. */
  readonly #failures = new Map<string, { readonly why: string; readonly at: Date }>();
  /** Lists and responders are renewed one turn after another. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: AuthoritiesParts) {
    this.#parts = parts;
    this.#counts = new OcspCounts(parts.recorder);
  }

  /** Where certificates say that the authorities are; null: they do not say. */
  get pkiUrl(): string | null {
    return this.#parts.pkiUrl;
  }

  /** All authorities, by name. */
  async list(db: StateReader): Promise<Authority[]> {
    return await listAuthorities(db);
  }

  /** An authority by its id or its name. Throws `not_found`. */
  async find(db: StateReader, idOrName: string): Promise<Authority> {
    return await findAuthority(db, idOrName);
  }

  /** The chain of an authority: its certificate, then those above it. */
  async chain(db: StateReader, idOrName: string): Promise<CertificateFacts[]> {
    const chain: CertificateFacts[] = [];
    let next: string | null = idOrName;
    while (next !== null) {
      const { certificate, parent }: Authority = await findAuthority(db, next);
      chain.push(certificate);
      next = parent?.id ?? null;
    }
    return chain;
  }

  /**
   * Signs a certificate for an end entity, inside the transaction in which the caller inserts and records it.
   *
   * @throws ServerError `not_found`, `authority_disabled`, `subject_invalid`
   */
  async issue(
    tx: Pick<AuditedTransaction, 'db'>,
    authority: string,
    order: IssueOrder,
  ): Promise<CertificateFacts> {
    const found = await findAuthority(tx.db, authority);
    return await issueCertificate(this.#now(), found, order);
  }

  /** The key for a new authority: a new one, or the one in a token. */
  async prepareKey(
    wanted: Pick<NewAuthority, 'keyAlgorithm'>,
    token: TokenKey | null,
  ): Promise<AuthorityKey> {
    // Short: it stands in every certificate.
    const id = randomBytes(5).toString('hex');
    if (token === null) return await makeAuthorityKey(this.#parts.vault, id, wanted.keyAlgorithm);
    return { id, signer: await this.#parts.openToken(token), sealed: null, token };
  }

  /** Makes an authority of a prepared key; its lists and its responder come with the next `turn`. */
  async create(
    tx: AuditedTransaction,
    wanted: NewAuthority,
    key: AuthorityKey,
    by: By,
  ): Promise<Authority> {
    return await createAuthority(tx, this.#now(), wanted, key, by);
  }

  /** Makes a list now, due or not. Rejects when it cannot be signed; that is recorded, too. */
  async makeList(
    change: (work: (tx: AuditedTransaction) => Promise<ListModel>) => Promise<ListModel>,
    idOrName: string,
    kind: ListKind,
    by: By,
  ): Promise<ListModel> {
    try {
      return await change(async (tx) => {
        const authority = await findAuthority(tx.db, idOrName);
        return await makeList(tx, this.#now(), authority, kind, by);
      });
    } catch (error) {
      const authority = await findAuthority(this.#parts.state.db, idOrName);
      await this.#listFailed(authority, kind, by, error);
      throw error;
    }
  }

  /** CERT_, CRL_ and OCSP_SIGNING_INFO of every authority: said at every start. */
  async recordKeys(): Promise<void> {
    const { state, recorder, keys } = this.#parts;
    const drafts = [];
    for (const authority of await listAuthorities(state.db)) {
      drafts.push(signingInfo('CERT', authority, authority.certificate));
      drafts.push(signingInfo('CRL', authority, authority.certificate));
      const responder = keys.responder(authority);
      if (responder !== null) drafts.push(signingInfo('OCSP', authority, responder.certificate));
    }
    await Promise.all(drafts.map(async (draft) => await recorder.record(draft)));
  }

  /** Makes the lists and responders that are due. A failure of one authority does not keep the others. */
  async turn(): Promise<void> {
    const turn = this.#turn.then(async () => {
      for (const authority of await listAuthorities(this.#parts.state.db)) {
        await this.#renewResponder(authority);
        await this.#renewList(authority);
      }
    });
    this.#turn = turn.catch(() => undefined);
    await turn;
  }

  /** Answers an OCSP request; it is counted. Throws `not_found`. */
  async answer(authority: string, request: Uint8Array): Promise<OcspAnswered> {
    const { state, keys, clock } = this.#parts;
    const found = await findAuthority(state.db, authority);
    const now = clock();
    const answered = await answerOcsp(state.db, found, keys.responder(found), request, now);
    this.#counts.add(found, answered.failure, now);
    return answered;
  }

  /** Records what the OCSP responders have done since the last time. */
  async recordAnswers(): Promise<void> {
    await this.#counts.turn();
  }

  async #renewResponder(authority: Authority): Promise<void> {
    const { recorder, keys: signing, clock, logger } = this.#parts;
    if (!responderDue(authority, signing.responder(authority), clock())) return;
    try {
      const keys = await responderKeys(authority);
      await recorder.audited(async (tx) => {
        await replaceResponder(tx, this.#now(), await findAuthority(tx.db, authority.id), keys);
      });
    } catch (error) {
      logger.error('the OCSP responder could not be renewed', {
        authority: authority.name,
        error: messageOf(error),
      });
    }
  }

  async #renewList(authority: Authority): Promise<void> {
    const { state, recorder, clock } = this.#parts;
    const kind = dueList(authority, await currentLists(state.db, authority.id), clock());
    if (kind === null) return;
    try {
      await recorder.audited(async (tx) => {
        await makeList(tx, this.#now(), await findAuthority(tx.db, authority.id), kind, 'timer');
      });
      this.#failures.delete(authority.id);
    } catch (error) {
      await this.#listFailed(authority, kind, 'timer', error);
    }
  }

  async #listFailed(authority: Authority, kind: ListKind, by: By, error: unknown): Promise<void> {
    const { recorder, clock, logger } = this.#parts;
    const why = messageOf(error);
    logger.error('a revocation list could not be made', { authority: authority.name, error: why });
    const last = this.#failures.get(authority.id);
    const now = clock();
    const told = last?.why === why && now.getTime() - last.at.getTime() < SAME_FAILURE_MS;
    if (told && by === 'timer') return;
    this.#failures.set(authority.id, { why, at: now });
    await recorder.record(listFailed(by, kind, authority, why));
  }

  #now() {
    return { ...this.#parts, now: this.#parts.clock() };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
