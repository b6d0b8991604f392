import type {
  Attribute,
  Content,
  JsonObject,
  ObjectRef,
  OperationName,
} from '@countersign/records';
import type { CertificateFacts } from '../ca/read-certificate.ts';
import type { OwnDraft } from '../recording/draft.ts';
import {
  describeRequest,
  foreign,
  ownSource,
  sessionActor,
  SYSTEM_ACTOR,
} from '../recording/facts.ts';
import { configured, type Caller } from '../security/records.ts';
import { VERSION } from '../version.ts';
import { authorityRef, type Authority } from './authority.ts';

const source = ownSource('ca', VERSION);

/** Who asks: somebody; the first start; the clock. */
export type By = Caller | 'start' | 'timer';

function actorOf(by: By): Content['actor'] {
  return typeof by === 'string' ? SYSTEM_ACTOR : sessionActor(by.session);
}

function about(by: By): Pick<Content, 'actor' | 'source' | 'origin' | 'request'> {
  const from =
    by === 'start'
      ? { origin: { interface: 'console' as const } }
      : by === 'timer'
        ? { origin: { interface: 'timer' as const } }
        : describeRequest(by.facts);
  return { actor: actorOf(by), source, ...from };
}

function subjectId(by: By): string {
  return typeof by === 'string' ? SYSTEM_ACTOR.id : (by.facts.subjectId ?? actorOf(by).id);
}

/** User name for the state; `$System$` for the product. */
export function requesterOf(by: By): string {
  return typeof by === 'string' ? SYSTEM_ACTOR.id : by.session.user.username;
}

/** AUTHORITY_CONFIG: an authority was made, changed or deleted; with the models, whole. */
export function authorityChanged(
  operation: Extract<OperationName, 'Created' | 'Updated' | 'Deleted'>,
  by: By,
  models: { before: JsonObject | null; after: JsonObject | null },
  refs: { target: ObjectRef; related?: readonly ObjectRef[] },
): OwnDraft {
  const { before, after } = models;
  const attributes = configured(
    { scope: 'authorities', operation, target: refs.target },
    subjectId(by),
    'Success',
  );
  return {
    event: 'AUTHORITY_CONFIG',
    outcome: 'Success',
    category: 'CertificateAuthority',
    operation,
    content: {
      ...about(by),
      ...refs,
      ...(before === null ? {} : { before }),
      ...(after === null ? {} : { after }),
      attributes,
    },
  };
}

/** `A1:B2:C3`, as Dogtag writes a key's identifier. */
function colons(hex: string | null): string {
  return (hex ?? '').toUpperCase().replaceAll(/..(?=.)/g, '$&:');
}

/** CERT_, CRL_ and OCSP_SIGNING_INFO: from here on an authority signs with this key. */
export function signingInfo(
  what: 'CERT' | 'CRL' | 'OCSP',
  authority: Pick<Authority, 'id' | 'name'>,
  certificate: Pick<CertificateFacts, 'fingerprint' | 'subject' | 'subjectKeyId'>,
): OwnDraft {
  return {
    event: `${what}_SIGNING_INFO`,
    outcome: 'Success',
    content: {
      actor: SYSTEM_ACTOR,
      source,
      target: authorityRef(authority),
      related: [certificateRef(certificate, 'signs with')],
      attributes: [
        ['SubjectID', SYSTEM_ACTOR.id],
        ['Outcome', 'Success'],
        ['SKI', colons(certificate.subjectKeyId)],
        ['AuthorityID', authority.id],
      ],
    },
  };
}

/** A certificate in records. */
export function certificateRef(
  { fingerprint, subject }: Pick<CertificateFacts, 'fingerprint' | 'subject'>,
  relation?: string,
): ObjectRef {
  const name = foreign(subject);
  return {
    type: 'certificate',
    id: fingerprint,
    ...(name === '' ? {} : { name }),
    ...(relation === undefined ? {} : { relation }),
  };
}

/** CERT_REQUEST_PROCESSED Success: an authority has issued a certificate for one of its own, without a request. */
export function ownCertificateIssued(
  by: By,
  certificate: CertificateFacts,
  after: JsonObject,
  issuer: Pick<Authority, 'id' | 'name'>,
): OwnDraft {
  return {
    event: 'CERT_REQUEST_PROCESSED',
    outcome: 'Success',
    content: {
      ...about(by),
      target: certificateRef(certificate),
      related: [authorityRef(issuer, 'issued by')],
      after,
      attributes: [
        ['SubjectID', subjectId(by)],
        ['Outcome', 'Success'],
        ['ReqID', null],
        ['CertSerialNum', `0x${certificate.serial}`],
      ],
    },
  };
}

/** A revocation list as records hold it. */
export interface ListModel {
  readonly number: number;
  readonly baseNumber: number | null;
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  readonly entries: number;
  /** SHA-256, hex. */
  readonly fingerprint: string;
}

/** What a list is called in records. */
export function listRef(
  authority: Pick<Authority, 'id' | 'name'>,
  { number, fingerprint }: Pick<ListModel, 'number' | 'fingerprint'>,
): ObjectRef {
  return { type: 'crl', id: fingerprint, name: `${authority.name} CRL ${number}` };
}

/** FULL_CRL_GENERATION and DELTA_CRL_GENERATION Success. */
export function listGenerated(
  by: By,
  authority: Pick<Authority, 'id' | 'name'>,
  list: ListModel,
): OwnDraft {
  return {
    event: list.baseNumber === null ? 'FULL_CRL_GENERATION' : 'DELTA_CRL_GENERATION',
    outcome: 'Success',
    content: {
      ...about(by),
      target: listRef(authority, list),
      related: [authorityRef(authority, 'issued by')],
      after: { ...list },
      attributes: [...outcome(by, 'Success'), ['CRLnum', String(list.number)]],
    },
  };
}

/** FULL_CRL_GENERATION and DELTA_CRL_GENERATION Failure: the old list stays. */
export function listFailed(
  by: By,
  kind: 'full' | 'delta',
  authority: Pick<Authority, 'id' | 'name'>,
  why: string,
): OwnDraft {
  return {
    event: kind === 'full' ? 'FULL_CRL_GENERATION' : 'DELTA_CRL_GENERATION',
    outcome: 'Failure',
    content: {
      ...about(by),
      target: authorityRef(authority),
      reason: foreign(why),
      attributes: [...outcome(by, 'Failure'), ['FailureReason', foreign(why)]],
    },
  };
}

/** A minute's OCSP responses of one authority. */
export interface OcspSum extends JsonObject {
  readonly responses: number;
  readonly first: string;
  readonly last: string;
}

/** OCSP_GENERATION: so many responses were signed, or so many requests refused, from then to then. */
export function ocspGenerated(
  authority: Pick<Authority, 'id' | 'name'>,
  sum: OcspSum,
  failure: string | null,
): OwnDraft {
  const { responses, first, last } = sum;
  const what = failure ?? (responses === 1 ? 'response' : 'responses');
  const reason = `${responses} ${what} from ${first} to ${last}`;
  return {
    event: 'OCSP_GENERATION',
    outcome: failure === null ? 'Success' : 'Failure',
    content: {
      ...about('timer'),
      target: authorityRef(authority),
      after: sum,
      reason,
      attributes: [
        ...outcome('timer', failure === null ? 'Success' : 'Failure'),
        ...(failure === null ? [] : ([['FailureReason', reason]] satisfies Attribute[])),
      ],
    },
  };
}

function outcome(by: By, value: 'Success' | 'Failure'): Attribute[] {
  return [
    ['SubjectID', subjectId(by)],
    ['Outcome', value],
  ];
}
