import type { Certificate } from '../api/certificates.ts';
import { StateMark } from '../components/Marks.tsx';
import { standingOf } from './certificate-state.ts';

interface Props {
  readonly certificate: Pick<Certificate, 'state' | 'expired' | 'notBefore' | 'notAfter'>;
  readonly now: Date;
}

/** Whether a certificate can be relied on, as a shape and a word. */
export function CertificateStateMark({ certificate, now }: Props) {
  const { tone, word } = standingOf(certificate, now);
  return <StateMark tone={tone}>{word}</StateMark>;
}
