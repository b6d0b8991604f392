import type { Content } from '@countersign/records';

const FINGERPRINT = /^[0-9a-f]{64}$/;

/** SHA-256 of the certificate a record is about: its target, else one beside it; null when there is none. */
export function certificateOf(content: Content | null): string | null {
  if (content === null) return null;
  const named = [content.target, ...(content.related ?? [])].find(
    (one) => one?.type === 'certificate' && FINGERPRINT.test(one.id),
  );
  return named?.id ?? null;
}
