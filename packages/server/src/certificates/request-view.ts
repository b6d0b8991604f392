import type { JsonObject } from '@countersign/records';
import type { Selectable } from 'kysely';
import type { SubjectAltName } from '../ca/alt-names.ts';
import type { KeyAlgorithm } from '../ca/key-algorithm.ts';
import type { CertificateSchema } from '../database/certificate-schema.ts';
import type { StateReader } from '../database/schema.ts';
import { ServerError } from '../errors.ts';

/** What a request keeps beside its columns, as the template has made it. */
export interface RequestDetails {
  /** PEM; null: the key was made here. */
  readonly csr: string | null;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
  readonly keyAlgorithm: KeyAlgorithm;
  readonly sans: readonly SubjectAltName[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What the requester had to say. */
  readonly comment: string | null;
}

export const REQUEST_STATES = ['pending', 'issued', 'denied'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** A request for a certificate as it is shown. */
export interface CertificateRequest {
  readonly id: number;
  readonly kind: 'csr' | 'pfx' | 'renewal';
  readonly state: RequestState;
  readonly template: string;
  readonly authority: { readonly id: string; readonly name: string };
  readonly subject: string;
  readonly sans: readonly SubjectAltName[];
  readonly keyAlgorithm: KeyAlgorithm;
  readonly csr: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** The certificate that this one is to replace. */
  readonly renews: number | null;
  readonly requester: string;
  readonly submittedAt: string;
  readonly decidedAt: string | null;
  readonly decidedBy: string | null;
  /** Of who decided; while nobody has, of the requester. */
  readonly comment: string | null;
  readonly certificate: number | null;
}

/** A request with what only the server needs of it. */
export interface StoredRequest {
  readonly request: CertificateRequest;
  readonly details: RequestDetails;
  /** The key of a PFX enrollment, sealed about `request-key:<public key>`. */
  readonly sealedKey: string | null;
}

/** Requests, newest first. */
export async function listRequests(
  db: StateReader,
  {
    state,
    after,
    limit,
  }: { state?: RequestState | undefined; after?: number | undefined; limit: number },
): Promise<{ requests: CertificateRequest[]; total: number; next: number | null }> {
  let rows = withAuthority(db);
  let counted = db
    .selectFrom('certificate_requests')
    .select((eb) => eb.fn.countAll<number | string>().as('count'));
  if (state !== undefined) {
    rows = rows.where('certificate_requests.state', '=', state);
    counted = counted.where('state', '=', state);
  }
  if (after !== undefined) rows = rows.where('certificate_requests.id', '<', after);
  const found = await rows
    .orderBy('certificate_requests.id', 'desc')
    .limit(limit + 1)
    .execute();
  const page = found.slice(0, limit).map((row) => stored(row).request);
  const { count } = await counted.executeTakeFirstOrThrow();
  return {
    requests: page,
    total: Number(count),
    next: found.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** One request. Throws `not_found`. */
export async function findRequest(db: StateReader, id: number): Promise<StoredRequest> {
  const row = await withAuthority(db).where('certificate_requests.id', '=', id).executeTakeFirst();
  if (row === undefined)
    throw new ServerError('not_found', `there is no certificate request ${id}`);
  return stored(row);
}

/** A request as records hold it. */
export function requestModel(request: CertificateRequest): JsonObject {
  return JSON.parse(JSON.stringify(request)) as JsonObject;
}

function withAuthority(db: StateReader) {
  return db
    .selectFrom('certificate_requests')
    .innerJoin('authorities', 'authorities.id', 'certificate_requests.authority')
    .selectAll('certificate_requests')
    .select('authorities.name as authority_name');
}

function stored(
  row: Selectable<CertificateSchema['certificate_requests']> & { authority_name: string },
): StoredRequest {
  const details = JSON.parse(row.details) as RequestDetails;
  return {
    details,
    sealedKey: row.private_key,
    request: {
      id: row.id,
      kind: row.kind,
      state: row.state,
      template: row.template,
      authority: { id: row.authority, name: row.authority_name },
      subject: row.subject,
      sans: details.sans,
      keyAlgorithm: details.keyAlgorithm,
      csr: details.csr,
      metadata: details.metadata,
      renews: row.renews,
      requester: row.requester,
      submittedAt: row.submitted_at,
      decidedAt: row.decided_at,
      decidedBy: row.decided_by,
      comment: row.decided_at === null ? details.comment : row.comment,
      certificate: row.certificate,
    },
  };
}
