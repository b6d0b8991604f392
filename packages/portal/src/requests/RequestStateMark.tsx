import type { CertificateRequest } from '../api/certificates.ts';
import { StateMark } from '../components/Marks.tsx';

/** What has become of a request, as a shape and a word. */
export function RequestStateMark({ state }: Pick<CertificateRequest, 'state'>) {
  switch (state) {
    case 'pending':
      return <StateMark tone="warn">Pending</StateMark>;
    case 'issued':
      return <StateMark tone="accent">Issued</StateMark>;
    case 'denied':
      return <StateMark tone="fail">Denied</StateMark>;
  }
}
