import { printEntries, printEntry, type Field } from '../print.ts';
import type { Output } from '../../output.ts';
import { reasonName } from './arguments.ts';
import type {
  Certificate,
  CertificateDetail,
  CertificateRequest,
  SubjectAltName,
} from './types.ts';

/** Prints one thing: with `--json` as the server says it. */
export function showOne<Model>(
  output: Output,
  message: string,
  model: Model,
  fieldsOf: (model: Model) => readonly Field[],
): void {
  if (output.json) output.printJson(model);
  else printEntry(output.print, message, fieldsOf(model));
}

/** Prints a list: with `--json` as `{total, entries}`. */
export function showAll<Model>(
  output: Output,
  models: readonly Model[],
  fieldsOf: (model: Model) => readonly Field[],
): void {
  if (output.json) output.printJson({ total: models.length, entries: models });
  else printEntries(output, models.map(fieldsOf));
}

/** Dogtag's words for what a certificate is good for. */
export function statusOf({ state, expired }: Certificate): string {
  if (state === 'held') return expired ? 'HELD_EXPIRED' : 'HELD';
  if (state === 'revoked') return expired ? 'REVOKED_EXPIRED' : 'REVOKED';
  return expired ? 'EXPIRED' : 'VALID';
}

/** A certificate in a list. */
export function summaryOf(certificate: Certificate): Field[] {
  const { revocationReason: reason } = certificate;
  return [
    ['Cert ID', certificate.id],
    ['Serial Number', `0x${certificate.serial}`],
    ['Subject DN', certificate.subject],
    ['Issuer DN', certificate.issuer],
    ['Status', statusOf(certificate)],
    ['Revoked On', certificate.revokedAt],
    ['Revocation Reason', reason === null ? null : reasonName(reason)],
    ['Key', `${certificate.keyType} ${certificate.keySize}`],
    ['Not Valid Before', certificate.notBefore],
    ['Not Valid After', certificate.notAfter],
    ['Profile', certificate.template],
    ['Requested By', certificate.requester],
  ];
}

/** A certificate by itself. */
export function detailOf(certificate: Certificate & Partial<CertificateDetail>): Field[] {
  return [
    ...summaryOf(certificate),
    ['Origin', certificate.origin],
    ['Subject Alternative Names', certificate.sans.map(formatSan)],
    ['Key Usage', certificate.keyUsage],
    ['Extended Key Usage', certificate.extendedKeyUsage],
    ['Signature Algorithm', certificate.signatureAlgorithm],
    ['SHA-256', certificate.fingerprint],
    ['SHA-1', certificate.thumbprint],
    ['Revocation Comment', certificate.revocationComment],
    ['Private Key', certificate.hasPrivateKey ? 'kept by the server' : null],
    ['Owner', certificate.ownerRole],
    ['Renews', certificate.renews],
    ['Renewed By', certificate.renewedBy],
    ['Metadata', Object.entries(certificate.metadata).map(([name, value]) => `${name}=${value}`)],
    ['Collections', certificate.collections?.map(({ id, name }) => `${id} ${name}`)],
    ['Stores', certificate.stores?.map(({ id, name, alias }) => `${id} ${name} (${alias})`)],
    ['Your Rights', certificate.rights],
  ];
}

/** A request for a certificate. */
export function requestFields(request: CertificateRequest): Field[] {
  return [
    ['Request ID', request.id],
    ['Type', request.kind],
    ['Request Status', request.state],
    ['Profile', request.template],
    ['Authority', request.authority.name],
    ['Subject DN', request.subject],
    ['Subject Alternative Names', request.sans.map(formatSan)],
    ['Key Algorithm', request.keyAlgorithm],
    ['Metadata', Object.entries(request.metadata).map(([name, value]) => `${name}=${value}`)],
    ['Renews', request.renews],
    ['Requested By', request.requester],
    ['Submitted', request.submittedAt],
    ['Decided', request.decidedAt],
    ['Decided By', request.decidedBy],
    ['Comment', request.comment],
    ['Cert ID', request.certificate],
  ];
}

export function formatSan({ type, value }: SubjectAltName): string {
  return `${type}:${value}`;
}
