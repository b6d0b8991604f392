import { example, line, own } from './define.ts';

const STORE = { type: 'certificate store', id: '1', name: 'web1.example.com /etc/tls/site.pem' };

/** Stores of certificates on machines, and the work that is done there. */
export const STORES = [
  own({
    name: 'CONFIG_CERT_STORE',
    always: true,
    title: 'Certificate store changed',
    description:
      'A certificate store, a container or type of them, or how a machine is reached was set up, changed, approved or removed; a password is never part of it.',
    group: 'Certificate stores',
    category: 'CertificateStore',
    operation: 'Updated',
    attributes: 'SubjectID Outcome ParamNameValPairs',
    sentence: {
      Success: '{actor} changed certificate stores[: {change!}][ ({reason!})]',
      Failure: '{actor} could not change certificate stores[: {change!}][; {reason!}]',
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'jdoe',
          Outcome: 'Success',
          ParamNameValPairs: 'Scope;;stores+Operation;;OP_ADD+Resource;;localhost /etc/tls',
        },
        "'jdoe' changed certificate stores: add 'localhost /etc/tls' in stores",
      ),
    ],
  }),
  own({
    name: 'CERT_STORE_JOB_SCHEDULED',
    always: true,
    title: 'Work at a certificate store scheduled',
    description:
      'A certificate is to be added, removed or made anew in a store, or a store to be looked through, or stores to be found on a machine.',
    group: 'Certificate stores',
    category: 'CertificateStore',
    operation: 'Scheduled',
    attributes: 'SubjectID Outcome JobType Schedule Alias',
    sentence: {
      Success: '{actor} scheduled {JobType!} at {target}[, {Schedule!}]',
      Failure: '{actor} could not schedule {JobType!} at {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'jdoe',
        {
          target: STORE,
          attributes: [
            ['JobType', 'adding a certificate'],
            ['Schedule', 'immediately'],
          ],
        },
        "'jdoe' scheduled adding a certificate at 'web1.example.com /etc/tls/site.pem', immediately",
      ),
    ],
  }),
  own({
    name: 'CERT_STORE_REPLACEMENT_SCHEDULED',
    always: true,
    title: 'Replacement in a certificate store scheduled',
    description:
      'A certificate was renewed: the new one takes the place of the old one in a store that holds it. One record for each store.',
    group: 'Certificate stores',
    category: 'AuditingCertificateScheduledReplacement',
    operation: 'Scheduled Replacement',
    attributes: 'SubjectID Outcome Store Schedule Alias',
    sentence: {
      Success: '{actor} scheduled the replacement of {target}[ in {Store}]',
      Failure: '{actor} could not schedule the replacement of {target}[ in {Store}][: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'jdoe',
        {
          target: { type: 'certificate', id: '00', name: 'CN=www.example.com' },
          attributes: [['Store', 'localhost /etc/tls/site.pem']],
        },
        "'jdoe' scheduled the replacement of 'CN=www.example.com' in 'localhost /etc/tls/site.pem'",
      ),
    ],
  }),
  own({
    name: 'CERT_STORE_JOB_ENDED',
    always: true,
    title: 'Work at a certificate store ended',
    description:
      'What was scheduled at a certificate store has been done, or was given up after several attempts; the reason says why.',
    group: 'Certificate stores',
    category: 'CertificateStore',
    operation: { Success: 'Completed', Failure: 'Failed' },
    attributes: 'SubjectID Outcome JobType Alias',
    sentence: {
      Success: '{actor} completed {JobType!} at {target}[: {reason!}]',
      Failure: '{actor} gave up {JobType!} at {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'countersign',
        {
          target: STORE,
          attributes: [['JobType', 'an inventory']],
          reason: '2 certificates, 1 of them new',
        },
        "The system completed an inventory at 'web1.example.com /etc/tls/site.pem': 2 certificates, 1 of them new",
      ),
      example(
        'Failure',
        'countersign',
        {
          target: STORE,
          attributes: [['JobType', 'adding a certificate']],
          reason: 'web1.example.com cannot be reached',
        },
        "The system gave up adding a certificate at 'web1.example.com /etc/tls/site.pem': web1.example.com cannot be reached",
      ),
    ],
  }),
];
