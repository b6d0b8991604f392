import { dogtag, example, line, own } from './define.ts';

const SERVER = 'ClientIP ServerIP SubjectID CertSerialNum IssuerDN Outcome';
const CLIENT = 'ClientHost ServerHost ServerPort SubjectID CertSerialNum IssuerDN Outcome';
const CLIENT_OPTIONAL =
  'ClientHost ServerHost ServerPort SubjectID CertSerialNum? IssuerDN? Outcome';

export const SESSIONS = [
  dogtag({
    name: 'ACCESS_SESSION_ESTABLISH',
    title: 'Session opened',
    description: 'A client completed the TLS handshake with the server, or failed to.',
    group: 'Sessions',
    category: 'AccessSession',
    operation: 'Established',
    attributes: `${SERVER} Info`,
    variants: [`Failure: ${SERVER} Info`, `Success: ${SERVER}`],
    attempt: true,
    sentence: {
      Success:
        '[{SubjectID} opened a session from {ClientIP|address}|A session from {ClientIP|address} was opened]',
      Failure: 'A session from {ClientIP|address} could not be opened[: {Info!}]',
    },
    examples: [
      line(
        'Success',
        { ClientIP: '192.0.2.7', ServerIP: '192.0.2.1', SubjectID: 'CN=PKI Administrator' },
        "'CN=PKI Administrator' opened a session from '192.0.2.7'",
      ),
      line(
        'Failure',
        { ClientIP: '192.0.2.7', SubjectID: '--', Info: 'serverAlertSent: UNKNOWN_CA' },
        "A session from '192.0.2.7' could not be opened: serverAlertSent: UNKNOWN_CA",
      ),
    ],
  }),
  dogtag({
    name: 'ACCESS_SESSION_TERMINATED',
    title: 'Session closed',
    description: 'A TLS session of a client ended; Info holds the TLS alert seen or sent.',
    group: 'Sessions',
    category: 'AccessSession',
    operation: 'Terminated',
    attributes: `${SERVER} Info`,
    sentence:
      '[{SubjectID} closed the session from {ClientIP|address}|The session from {ClientIP|address} was closed]',
    examples: [
      line(
        'Success',
        { ClientIP: '192.0.2.7', SubjectID: '--', Info: 'serverAlertReceived: CLOSE_NOTIFY' },
        "The session from '192.0.2.7' was closed",
      ),
    ],
  }),
  dogtag({
    name: 'CLIENT_ACCESS_SESSION_ESTABLISH',
    title: 'Outgoing session opened',
    description: 'The server, as a TLS client, connected to another one, or failed to.',
    group: 'Sessions',
    category: 'AccessSession',
    operation: 'Established',
    attributes: `${CLIENT} Info`,
    variants: [`Failure: ${CLIENT_OPTIONAL} Info`, `Success: ${CLIENT_OPTIONAL}`],
    sentence: {
      Success: 'The server connected to {ServerHost}[ port {ServerPort!}]',
      Failure: 'The server could not connect to {ServerHost}[ port {ServerPort!}][: {Info!}]',
    },
    examples: [
      line(
        'Success',
        {
          ClientHost: '192.0.2.1',
          ServerHost: 'ds.example.com',
          ServerPort: '636',
          SubjectID: 'SYSTEM',
        },
        "The server connected to 'ds.example.com' port 636",
      ),
      line(
        'Failure',
        {
          ServerHost: 'ds.example.com',
          ServerPort: '636',
          SubjectID: 'SYSTEM',
          Info: 'clientAlertReceived: HANDSHAKE_FAILURE',
        },
        "The server could not connect to 'ds.example.com' port 636: clientAlertReceived: HANDSHAKE_FAILURE",
      ),
    ],
  }),
  dogtag({
    name: 'CLIENT_ACCESS_SESSION_TERMINATED',
    title: 'Outgoing session closed',
    description: 'A TLS session that the server had opened as a client ended.',
    group: 'Sessions',
    category: 'AccessSession',
    operation: 'Terminated',
    attributes: `${CLIENT} Info`,
    variants: [`any: ${CLIENT_OPTIONAL} Info`],
    sentence: 'The connection to {ServerHost}[ port {ServerPort!}] was closed',
    examples: [
      line(
        'Success',
        { ServerHost: 'ds.example.com', ServerPort: '636', SubjectID: 'SYSTEM' },
        "The connection to 'ds.example.com' port 636 was closed",
      ),
    ],
  }),
  own({
    name: 'SESSION_TERMINATED',
    title: 'Signed out',
    description:
      'A signed-in session ended: by signing out, by expiry, or by an administrator. The reason says which.',
    group: 'Sessions',
    category: 'AccessSession',
    operation: 'Terminated',
    attributes: '',
    sentence: 'The session of {actor} ended[: {reason!}]',
    examples: [
      example(
        'Success',
        'auditor',
        { reason: 'signed out' },
        "The session of 'auditor' ended: signed out",
      ),
    ],
  }),
];
