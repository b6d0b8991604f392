import type { ObjectRef } from '@countersign/records';
import { foreign } from '../recording/facts.ts';

/** A certificate in records: known by its SHA-256 fingerprint, called by its subject. */
export function certificateRef(
  { fingerprint, subject }: { readonly fingerprint: string; readonly subject: string },
  relation?: string,
): ObjectRef {
  const ref = { type: 'certificate', id: fingerprint, name: foreign(subject) };
  return relation === undefined ? ref : { ...ref, relation };
}

/** A serial number in records, which is one only together with its issuer. */
export function serialRef({
  serial,
  issuer,
}: {
  readonly serial: string;
  readonly issuer: string;
}): ObjectRef {
  return { type: 'serial', id: serial, name: foreign(issuer) };
}
