import type { Certificate } from '../api/certificates.ts';
import { useSession } from '../api/session.ts';
import { StateMark } from '../components/Marks.tsx';
import { DEFAULT_SOON_DAYS, standingOf } from './certificate-state.ts';

interface Props {
  readonly certificate: Pick<Certificate, 'state' | 'expired' | 'notBefore' | 'notAfter'>;
  readonly now: Date;
}

/** Whether a certificate can be relied on, as a shape and a word. */
export function CertificateStateMark({ certificate, now }: Props) {
  const soonDays = useSession()?.expiringSoonDays ?? DEFAULT_SOON_DAYS;
  const { tone, word } = standingOf(certificate, now, soonDays);
  return <StateMark tone={tone}>{word}</StateMark>;
}
