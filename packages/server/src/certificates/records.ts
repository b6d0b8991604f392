import type { Attribute, JsonObject, ObjectRef, OperationName } from '@countersign/records';
import { contentBy, subjectIdOf, type By } from '../recording/by.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { foreign } from '../recording/facts.ts';
import { certificateRef, serialRef } from './refs.ts';
import { certificateModel, type Certificate } from './certificate-view.ts';
import { requestModel, type CertificateRequest } from './request-view.ts';

const COMPONENT = 'certificates';

/** A request for a certificate in records. */
export function requestRef({ id, subject }: { id: number; subject: string }): ObjectRef {
  return { type: 'request', id: String(id), name: subject };
}

/** A template in records. */
export function templateRef(name: string): ObjectRef {
  return { type: 'template', id: name, name };
}

/** What belongs to a certificate: its serial number under its issuer, its authority, its template. */
export function belongingsOf({ serial, issuer, authority, template }: Certificate): ObjectRef[] {
  return [
    serialRef({ serial, issuer }),
    ...(authority === null ? [] : [{ type: 'authority', id: authority.id, name: authority.name }]),
    ...(template === null ? [] : [templateRef(template)]),
  ];
}

/** Dogtag's spelling of a serial number. */
export function dogtagSerial(serial: string): string {
  return `0x${serial}`;
}

/** CERT_REQUEST_PROCESSED: a certificate was issued, in answer to a request. */
export function certificateIssued(
  by: By,
  issued: {
    readonly certificate: Certificate;
    readonly request: { readonly id: number; readonly subject: string };
    /** The certificate that this one is to replace. */
    readonly replaces: Certificate | null;
    readonly comment: string | null;
    /** Others that it is about: a key that waited for it. */
    readonly related?: readonly ObjectRef[];
  },
): OwnDraft {
  const { certificate, request, replaces, comment, related = [] } = issued;
  return {
    event: 'CERT_REQUEST_PROCESSED',
    outcome: 'Success',
    operation: replaces === null ? 'Created' : 'Renewed',
    content: {
      ...contentBy(by, COMPONENT),
      target: certificateRef(certificate),
      related: [
        ...belongingsOf(certificate),
        requestRef(request),
        ...(replaces === null ? [] : [certificateRef(replaces, 'replaces')]),
        ...related,
      ],
      after: certificateModel(certificate),
      ...reasonOf(comment),
      attributes: [
        ['SubjectID', subjectIdOf(by)],
        ['Outcome', 'Success'],
        ['ReqID', String(request.id)],
        ['CertSerialNum', dogtagSerial(certificate.serial)],
      ],
    },
  };
}

/** PROFILE_CERT_REQUEST: a request was made that somebody has to decide on. */
export function requestSubmitted(by: By, request: CertificateRequest): OwnDraft {
  return {
    event: 'PROFILE_CERT_REQUEST',
    outcome: 'Success',
    content: {
      ...contentBy(by, COMPONENT),
      ...aboutRequest(request),
      after: requestModel(request),
      ...reasonOf(request.comment),
      attributes: [
        ['SubjectID', subjectIdOf(by)],
        ['Outcome', 'Success'],
        ['ReqID', String(request.id)],
        ['ProfileID', request.template],
        ['CertSubject', request.subject],
      ],
    },
  };
}

/** CERT_REQUEST_APPROVED: somebody agreed, or may not be the one who agrees. */
export function requestApproved(
  by: By,
  request: CertificateRequest,
  end: { readonly after: CertificateRequest } | { readonly failure: string },
): OwnDraft {
  const failed = 'failure' in end;
  return {
    event: 'CERT_REQUEST_APPROVED',
    outcome: failed ? 'Failure' : 'Success',
    content: {
      ...contentBy(by, COMPONENT),
      ...aboutRequest(request),
      ...(failed ? {} : { before: requestModel(request), after: requestModel(end.after) }),
      ...reasonOf(failed ? end.failure : end.after.comment),
      attributes: [
        ['SubjectID', subjectIdOf(by)],
        ['Outcome', failed ? 'Failure' : 'Success'],
        ['ReqID', String(request.id)],
        ['ProfileID', request.template],
        ['CertSubject', request.subject],
      ],
    },
  };
}

/** CERT_REQUEST_PROCESSED, the failure of it: somebody denied a request. That is no failure of the product's. */
export function requestDenied(
  by: By,
  before: CertificateRequest,
  after: CertificateRequest,
): OwnDraft {
  return {
    event: 'CERT_REQUEST_PROCESSED',
    outcome: 'Failure',
    content: {
      ...contentBy(by, COMPONENT),
      ...aboutRequest(before),
      before: requestModel(before),
      after: requestModel(after),
      ...reasonOf(after.comment),
      attributes: [
        ['SubjectID', subjectIdOf(by)],
        ['Outcome', 'Failure'],
        ['ReqID', String(before.id)],
        ['InfoName', 'rejectReason'],
        ['InfoValue', foreign(after.comment ?? '')],
      ],
    },
  };
}

/** CERT_STATUS_CHANGE_REQUEST_PROCESSED: a certificate was revoked, put on hold or released. */
export function statusChanged(
  by: By,
  type: 'revoke' | 'on-hold' | 'off-hold',
  models: { readonly before: Certificate; readonly after: Certificate },
  comment: string,
): OwnDraft {
  const { before, after } = models;
  const reason = after.revocationReason ?? before.revocationReason;
  return {
    event: 'CERT_STATUS_CHANGE_REQUEST_PROCESSED',
    outcome: 'Success',
    content: {
      ...contentBy(by, COMPONENT),
      target: certificateRef(after),
      related: belongingsOf(after),
      before: certificateModel(before),
      after: certificateModel(after),
      ...reasonOf(comment),
      attributes: [
        ['SubjectID', subjectIdOf(by)],
        ['Outcome', 'Success'],
        ['ReqID', typeof by === 'string' ? null : by.facts.id],
        ['CertSerialNum', dogtagSerial(after.serial)],
        ['RequestType', type],
        ['RevokeReasonNum', String(reason ?? 0)],
        ['Approval', 'complete'],
      ],
    },
  };
}

/** What is told of other things that are done with a certificate. */
export type CertificateEvent =
  | 'CERT_DOWNLOADED'
  | 'CERT_KEY_EXPORTED'
  | 'CERT_KEY_RECOVERED'
  | 'CERT_KEY_DELETED'
  | 'CERT_IMPORTED'
  | 'CERT_DELETED'
  | 'CERT_OWNER_CHANGED'
  | 'CERT_METADATA_CHANGED';

/** The record of something else that was done with a certificate. */
export function certificateTold(
  by: By,
  event: CertificateEvent,
  told: {
    readonly before?: Certificate | null;
    readonly after?: Certificate | null;
    readonly related?: readonly ObjectRef[];
    readonly attributes?: readonly Attribute[];
    readonly reason?: string | null;
  },
): OwnDraft {
  const { before = null, after = null, related = [], attributes = [], reason = null } = told;
  const certificate = after ?? before;
  if (certificate === null) throw new Error(`bad record: ${event} of nothing`);
  return {
    event,
    outcome: 'Success',
    content: {
      ...contentBy(by, COMPONENT),
      target: certificateRef(certificate),
      related: [...belongingsOf(certificate), ...related],
      ...(before === null ? {} : { before: certificateModel(before) }),
      ...(after === null ? {} : { after: certificateModel(after) }),
      ...reasonOf(reason),
      attributes: [
        ['SubjectID', subjectIdOf(by)],
        ['Outcome', 'Success'],
        ['CertSerialNum', dogtagSerial(certificate.serial)],
        ...attributes,
      ],
    },
  };
}

/** A request that was generated here, in records. */
export function csrRef({ id, subject }: { id: number; subject: string }): ObjectRef {
  return { type: 'csr', id: String(id), name: subject };
}

/** CSR_GENERATED, CSR_DOWNLOADED, CSR_DELETED. */
export function csrTold(
  by: By,
  operation: Extract<OperationName, 'Created' | 'Downloaded' | 'Deleted'>,
  csr: { readonly id: number; readonly subject: string; readonly template: string | null },
  model: JsonObject,
): OwnDraft {
  const events = {
    Created: 'CSR_GENERATED',
    Downloaded: 'CSR_DOWNLOADED',
    Deleted: 'CSR_DELETED',
  } as const;
  return {
    event: events[operation],
    outcome: 'Success',
    content: {
      ...contentBy(by, COMPONENT),
      target: csrRef(csr),
      ...(csr.template === null ? {} : { related: [templateRef(csr.template)] }),
      ...(operation === 'Deleted' ? { before: model } : { after: model }),
      attributes: [
        ['SubjectID', subjectIdOf(by)],
        ['Outcome', 'Success'],
      ],
    },
  };
}

function aboutRequest(request: CertificateRequest) {
  return {
    target: requestRef(request),
    related: [
      { type: 'authority', id: request.authority.id, name: request.authority.name },
      templateRef(request.template),
    ],
  };
}

function reasonOf(comment: string | null): { reason?: string } {
  return comment === null || comment === '' ? {} : { reason: foreign(comment) };
}
