import { dogtag, example, line, own } from './define.ts';

export const AUTHENTICATION = [
  dogtag({
    name: 'AUTH',
    title: 'Authentication',
    description:
      'Somebody proved who they are, or failed to. AttemptedCred is the identity claimed.',
    group: 'Authentication',
    category: 'Authentication',
    operation: 'Authenticated',
    attributes: 'SubjectID Outcome AuthMgr AttemptedCred',
    variants: [
      'Failure: SubjectID Outcome AuthMgr AttemptedCred',
      'Success: SubjectID Outcome AuthMgr',
    ],
    attempt: true,
    always: true,
    sentence: {
      Success: '{actor} signed in[ ({method!})]',
      Failure: 'Authentication of {AttemptedCred|actor} failed[ ({method!})]',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caadmin', Outcome: 'Success', AuthMgr: 'certUserDBAuthMgr' },
        "'caadmin' signed in (certUserDBAuthMgr)",
      ),
      line(
        'Failure',
        {
          SubjectID: '$Unidentified$',
          Outcome: 'Failure',
          AuthMgr: 'passwdUserDBAuthMgr',
          AttemptedCred: 'nosuch',
        },
        "Authentication of 'nosuch' failed (passwdUserDBAuthMgr)",
      ),
    ],
  }),
  own({
    name: 'CREDENTIAL_CHANGED',
    title: 'Credential changed',
    description: 'A password or another credential of an account was set or changed.',
    group: 'Accounts',
    category: 'Account',
    operation: 'Updated',
    attributes: '',
    attempt: true,
    always: true,
    sentence: {
      Success: '{actor} changed the credential of {target|actor}',
      Failure: '{actor} could not change the credential of {target|actor}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'account', id: 'jdoe' } },
        "'admin' changed the credential of 'jdoe'",
      ),
    ],
  }),
  own({
    name: 'ACCOUNT_LOCKED',
    title: 'Account locked',
    description: 'Too many failed attempts locked an account, or an administrator did.',
    group: 'Accounts',
    category: 'Account',
    operation: 'Locked',
    attributes: 'Attempts Until',
    attempt: true,
    always: true,
    sentence:
      'The account {target} was locked[ after {Attempts!} failed attempts][ until {Until!}]',
    examples: [
      example(
        'Success',
        'countersign',
        {
          target: { type: 'account', id: 'admin' },
          attributes: [
            ['Attempts', '5'],
            ['Until', '2026-11-22T05:15:00.000Z'],
          ],
        },
        "The account 'admin' was locked after 5 failed attempts until 2026-11-22T05:15:00.000Z",
      ),
    ],
  }),
  own({
    name: 'ACCOUNT_UNLOCKED',
    title: 'Account unlocked',
    description:
      'A locked account may sign in again: its time was up, or an administrator said so.',
    group: 'Accounts',
    category: 'Account',
    operation: 'Unlocked',
    attributes: '',
    attempt: true,
    always: true,
    sentence: {
      Success: '{actor} unlocked the account {target}',
      Failure: '{actor} could not unlock the account {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'account', id: 'jdoe' } },
        "'admin' unlocked the account 'jdoe'",
      ),
    ],
  }),
];
