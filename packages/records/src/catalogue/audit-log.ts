import { dogtag, example, line, own } from './define.ts';

const AUDIT_LOG = { group: 'Audit log', category: 'AuditLog', always: true } as const;

export const AUDIT_LOG_EVENTS = [
  dogtag({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_STARTUP',
    title: 'Audit log started',
    description: 'The audit functions started, or failed to.',
    operation: 'Started',
    attributes: 'SubjectID Outcome',
    sentence: {
      Success: 'The audit log was started',
      Failure: 'The audit log failed to start[: {reason!}]',
    },
    examples: [
      line('Success', { SubjectID: '$System$', Outcome: 'Success' }, 'The audit log was started'),
    ],
  }),
  dogtag({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_SHUTDOWN',
    title: 'Audit log stopped',
    description: 'The audit functions stopped in an orderly way.',
    operation: 'Stopped',
    attributes: 'SubjectID Outcome',
    sentence: {
      Success: 'The audit log was shut down',
      Failure: 'The audit log failed to shut down in order[: {reason!}]',
    },
    examples: [
      line('Success', { SubjectID: '$System$', Outcome: 'Success' }, 'The audit log was shut down'),
    ],
  }),
  dogtag({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_SIGNING',
    title: 'Audit log signed',
    description:
      'A signature over the log so far, itself a record. Ours holds the signed checkpoint; a Dogtag line holds its signature after its text.',
    operation: 'Signed',
    attributes: 'SubjectID Outcome',
    extended: true,
    sentence: {
      Success: 'The audit log was signed[ at {TreeSize!} records]',
      Failure: 'The audit log could not be signed[: {reason!}]',
    },
    examples: [
      line('Success', { SubjectID: '$System$', Outcome: 'Success' }, 'The audit log was signed'),
      example(
        'Success',
        'countersign',
        { attributes: [['TreeSize', '1200']] },
        'The audit log was signed at 1200 records',
      ),
    ],
  }),
  dogtag({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_DELETE',
    title: 'Audit log file deleted',
    description:
      'An expired file of a signed audit log was removed; Dogtag reports the attempt, which is not proof that the file is gone.',
    operation: 'Deleted',
    attributes: 'SubjectID Outcome LogFile',
    extended: true,
    attempt: true,
    sentence: {
      Success: '{actor} deleted the audit log file {LogFile}',
      Failure: '{actor} could not delete the audit log file {LogFile}',
    },
    examples: [
      line(
        'Success',
        { SubjectID: '$System$', Outcome: 'Success', LogFile: 'ca_audit.20261101000000' },
        "The system deleted the audit log file 'ca_audit.20261101000000'",
      ),
    ],
  }),
  dogtag({
    ...AUDIT_LOG,
    name: 'LOG_PATH_CHANGE',
    title: 'Log file moved',
    description: 'Somebody tried to change the name or the folder of a log file.',
    operation: 'Updated',
    attributes: 'SubjectID Outcome LogType toLogFile',
    attempt: true,
    sentence: {
      Success: '{actor} moved the {LogType!} log to {toLogFile}',
      Failure: '{actor} tried to move the {LogType!} log to {toLogFile}',
    },
    examples: [
      line(
        'Failure',
        {
          SubjectID: 'caadmin',
          Outcome: 'Failure',
          LogType: 'SignedAudit',
          toLogFile: '/tmp/audit',
        },
        "'caadmin' tried to move the SignedAudit log to '/tmp/audit'",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_SEARCH',
    title: 'Audit log searched',
    description: 'Somebody searched the log; the query is part of the record.',
    operation: 'Searched',
    attributes: 'Query Order Count',
    attempt: true,
    sentence: {
      Success: '[{actor} searched the audit log for {Query}|{actor} looked at the audit log]',
      Failure: '{actor} could not search the audit log[ for {Query}][: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        {
          attributes: [
            ['Query', 'Level -eq "Warning"'],
            ['Count', '50'],
          ],
        },
        "'auditor' searched the audit log for 'Level -eq \"Warning\"'",
      ),
      example(
        'Success',
        'auditor',
        {
          attributes: [
            ['Query', ''],
            ['Count', '50'],
          ],
        },
        "'auditor' looked at the audit log",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_READ',
    title: 'Audit record read',
    description: 'Somebody opened one record with its content, or looked at the health of the log.',
    operation: 'Read',
    attributes: 'Index Subject',
    variants: ['any: Index', 'any: Subject'],
    attempt: true,
    sentence: {
      Success:
        '[{actor} read record {Index!} of the audit log|{actor} looked at the {Subject!} of the audit log|{actor} read the audit log]',
      Failure: '{actor} could not read [record {Index!} of ]the audit log[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        { attributes: [['Index', '4711']] },
        "'auditor' read record 4711 of the audit log",
      ),
      example(
        'Success',
        'auditor',
        { attributes: [['Subject', 'health']] },
        "'auditor' looked at the health of the audit log",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_EXPORT',
    title: 'Audit log exported',
    description:
      'Records left the product as a file; query and format are part of the record, or the name of the signed audit file.',
    operation: 'Exported',
    attributes: 'Query Format Count File',
    variants: ['any: Query Format Count', 'any: Format File'],
    attempt: true,
    sentence: {
      Success:
        '[{actor} fetched the signed audit file {File}|{actor} exported [{Count!} ]records of the audit log[ as {Format!}][, found by {Query}]]',
      Failure: '{actor} could not export records of the audit log[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        {
          attributes: [
            ['Format', 'dogtag'],
            ['File', 'ca_audit.20261122050000'],
          ],
        },
        "'auditor' fetched the signed audit file 'ca_audit.20261122050000'",
      ),
      example(
        'Success',
        'auditor',
        {
          attributes: [
            ['Query', 'Category -eq "Certificate"'],
            ['Format', 'csv'],
            ['Count', '812'],
          ],
        },
        "'auditor' exported 812 records of the audit log as csv, found by 'Category -eq \"Certificate\"'",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_VERIFY',
    title: 'Audit log verified',
    description: 'The whole log was verified: signatures, tree, contents, numbering, index.',
    operation: 'Verified',
    attributes: 'TreeSize Verdict Problems',
    sentence: {
      Success: '{actor} verified the audit log[ of {TreeSize!} records][: {Verdict!}]',
      Failure: 'Verification of the audit log failed[: {Verdict!}][: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        { attributes: [['TreeSize', '1200']] },
        "'auditor' verified the audit log of 1200 records",
      ),
      example(
        'Failure',
        'auditor',
        { attributes: [['Verdict', 'tampered']] },
        'Verification of the audit log failed: tampered',
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_RECONCILIATION',
    title: 'State compared with the log',
    description:
      'Certificates, revocation lists and revocations were compared with the log: each has one record of how it came and is as its last record says, and each record has its object.',
    operation: 'Verified',
    attributes: 'Certificates Crls Revocations Records Problems',
    sentence: {
      Success:
        '{actor} compared the state with the log[: {Certificates!} certificates, {Crls!} revocation lists and {Revocations!} revocations agree]',
      Failure: 'The state does not agree with the log[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'countersign',
        {
          attributes: [
            ['Certificates', '1200'],
            ['Crls', '14'],
            ['Revocations', '3'],
            ['Records', '1217'],
            ['Problems', '0'],
          ],
        },
        'The system compared the state with the log: 1200 certificates, 14 revocation lists and 3 revocations agree',
      ),
      example(
        'Failure',
        'auditor',
        {
          attributes: [['Problems', '1']],
          reason: 'list 7 of authority a1 is there, and no record says that it was made',
        },
        'The state does not agree with the log: list 7 of authority a1 is there, and no record says that it was made',
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_IMPORT',
    title: 'Audit log imported',
    description:
      'The log of another system was taken in; counts and the verdict on its signatures are part of the record.',
    operation: 'Imported',
    attributes: 'Files Records ValidSignatures InvalidSignatures Verdict',
    extended: true,
    sentence: {
      Success: '{actor} imported [{Records!} ]records[ from {target}]',
      Failure: '{actor} could not import records[ from {target}][: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'collector',
        {
          target: { type: 'audit log', id: 'pki-tomcat', name: 'CA of example.com' },
          attributes: [['Records', '312']],
        },
        "'collector' imported 312 records from 'CA of example.com'",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_DATA_ERASED',
    title: 'Audit content erased',
    description:
      'The content of a record was overwritten with zeros for a legal reason, with two approvals. Its envelope stays and every proof stays valid.',
    operation: 'Erased',
    attributes: 'Index LegalBasis RequestedBy Approver Approver',
    variants: [
      'Success: Index LegalBasis RequestedBy? Approver Approver',
      'Failure: Index LegalBasis RequestedBy',
    ],
    extended: true,
    attempt: true,
    sentence: {
      Success: '{actor} erased the content of record {Index!}[ ({LegalBasis!})]',
      Failure: '{actor} could not erase the content of record {Index!}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        {
          attributes: [
            ['Index', '17'],
            ['LegalBasis', 'GDPR Art. 17'],
          ],
        },
        "'auditor' erased the content of record 17 (GDPR Art. 17)",
      ),
      example(
        'Failure',
        'auditor',
        { attributes: [['Index', '17']], reason: 'another auditor has to approve' },
        "'auditor' could not erase the content of record 17: another auditor has to approve",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_ERASURE_REQUESTED',
    title: 'Erasure of audit content requested',
    description:
      'An auditor asked for the content of a record to be erased. Nothing is erased before another one approves.',
    operation: 'Requested',
    attributes: 'Index LegalBasis',
    extended: true,
    attempt: true,
    sentence: {
      Success:
        '{actor} asked for the content of record {Index!} to be erased[ ({LegalBasis!})][: {reason!}]',
      Failure: '{actor} could not ask for the content of record {Index!} to be erased[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        {
          attributes: [
            ['Index', '17'],
            ['LegalBasis', 'GDPR Art. 17'],
          ],
        },
        "'auditor' asked for the content of record 17 to be erased (GDPR Art. 17)",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_ERASURE_DENIED',
    title: 'Erasure of audit content denied',
    description: 'Another auditor denied a request to erase the content of a record: it stays.',
    operation: 'Denied',
    attributes: 'Index LegalBasis RequestedBy',
    extended: true,
    attempt: true,
    sentence: {
      Success: '{actor} denied the erasure of the content of record {Index!}[: {reason!}]',
      Failure: '{actor} could not deny the erasure of the content of record {Index!}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        { attributes: [['Index', '17']], reason: 'a court case needs it' },
        "'auditor' denied the erasure of the content of record 17: a court case needs it",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_ERASURE_WITHDRAWN',
    title: 'Erasure of audit content withdrawn',
    description: 'The auditor who asked for the content of a record to be erased asks no longer.',
    operation: 'Withdrawn',
    attributes: 'Index LegalBasis',
    extended: true,
    attempt: true,
    sentence: {
      Success: '{actor} withdrew the request to erase the content of record {Index!}[: {reason!}]',
      Failure:
        '{actor} could not withdraw the request to erase the content of record {Index!}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        { attributes: [['Index', '17']], reason: 'the wrong record' },
        "'auditor' withdrew the request to erase the content of record 17: the wrong record",
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'AUDIT_LOG_UNAVAILABLE',
    title: 'Audit log unavailable',
    description:
      'The log could not take records for a while; operations that must be recorded were refused meanwhile.',
    operation: 'Encountered',
    attributes: 'From Until',
    sentence: {
      Success: 'The audit log takes records again[ since {Until!}]',
      Failure: 'The audit log could not take records[: {reason!}]',
    },
    examples: [
      example(
        'Failure',
        'countersign',
        { reason: 'no space left on the device' },
        'The audit log could not take records: no space left on the device',
      ),
    ],
  }),
  own({
    ...AUDIT_LOG,
    name: 'UNREADABLE_LINE',
    title: 'Line of an imported log not readable',
    description:
      'A line of an imported log is no record as its system writes them: cut off, overwritten or forged. The record keeps it as it is.',
    operation: 'Encountered',
    attributes: '',
    attempt: true,
    sentence: 'A line of an imported log could not be read',
    examples: [example('Failure', 'collector', {}, 'A line of an imported log could not be read')],
  }),
  own({
    name: 'PRODUCER_CREATED',
    title: 'Producer created',
    description: 'A new source of records was admitted, with a token of its own.',
    group: 'Audit log',
    category: 'Producer',
    operation: 'Created',
    attributes: '',
    always: true,
    sentence: {
      Success: '{actor} admitted the record producer {target}',
      Failure: '{actor} could not admit the record producer {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'producer', id: 'ca1' } },
        "'admin' admitted the record producer 'ca1'",
      ),
    ],
  }),
  own({
    name: 'PRODUCER_CHANGED',
    title: 'Producer changed',
    description: 'The token of a source of records was replaced or withdrawn.',
    group: 'Audit log',
    category: 'Producer',
    operation: 'Updated',
    attributes: '',
    always: true,
    sentence: {
      Success: '{actor} changed the record producer {target}[: {reason!}]',
      Failure: '{actor} could not change the record producer {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'producer', id: 'ca1' }, reason: 'new token' },
        "'admin' changed the record producer 'ca1': new token",
      ),
    ],
  }),
  own({
    name: 'PRODUCER_GAP',
    title: 'Gap in a producer’s numbering',
    description: 'A producer sent a record out of turn; it was refused, with the number expected.',
    group: 'Audit log',
    category: 'Producer',
    operation: 'Encountered',
    attributes: 'Expected Got',
    attempt: true,
    always: true,
    sentence: 'The record producer {target} sent record {Got!} when {Expected!} was due',
    examples: [
      example(
        'Failure',
        'ca1',
        {
          target: { type: 'producer', id: 'ca1' },
          attributes: [
            ['Expected', '7'],
            ['Got', '9'],
          ],
        },
        "The record producer 'ca1' sent record 9 when 7 was due",
      ),
    ],
  }),
];
