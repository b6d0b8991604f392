import { dogtag, example, line, own } from './define.ts';

export const SELF_TESTS = [
  dogtag({
    name: 'SELFTESTS_EXECUTION',
    title: 'Self-tests run',
    description: 'The server tested itself, at its start or on demand.',
    group: 'Self-tests',
    category: 'SelfTest',
    operation: 'Executed',
    attributes: 'SubjectID Outcome',
    sentence: { Success: 'The self-tests passed', Failure: 'The self-tests failed[: {reason!}]' },
    examples: [
      line('Success', { SubjectID: '$System$', Outcome: 'Success' }, 'The self-tests passed'),
      line('Failure', { SubjectID: '$System$', Outcome: 'Failure' }, 'The self-tests failed'),
    ],
  }),
  dogtag({
    name: 'CIMC_CERT_VERIFICATION',
    title: 'System certificate verified',
    description: 'One of the server’s own certificates was checked.',
    group: 'Self-tests',
    category: 'SelfTest',
    operation: 'Verified',
    attributes: 'SubjectID Outcome CertNickName',
    sentence: {
      Success: 'The system certificate {CertNickName} was verified',
      Failure: 'The system certificate {CertNickName} could not be verified',
    },
    examples: [
      line(
        'Failure',
        { SubjectID: '$System$', Outcome: 'Failure', CertNickName: 'auditSigningCert' },
        "The system certificate 'auditSigningCert' could not be verified",
      ),
    ],
  }),
  own({
    name: 'SERVER_STARTED',
    title: 'Server started',
    description: 'The product started; the source names host and version.',
    group: 'Self-tests',
    category: 'SelfTest',
    operation: 'Started',
    attributes: '',
    sentence: 'The server was started',
    examples: [example('Success', 'countersign', {}, 'The server was started')],
  }),
];
