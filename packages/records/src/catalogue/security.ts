import { example, line, own } from './define.ts';

/** Who may do what: what Dogtag has no event for. Users, roles, claims are CONFIG_ROLE, access rules CONFIG_ACL. */
export const SECURITY = [
  own({
    name: 'CONFIG_APPLICATION',
    title: 'API application changed',
    description:
      'A program was given a key and a secret of its own, or lost them; before and after hold it without the secret.',
    group: 'Configuration',
    category: 'ApiApplication',
    operation: 'Updated',
    attributes: 'SubjectID Outcome ParamNameValPairs',
    always: true,
    sentence: {
      Success: '{actor} changed API applications[: {change!}][ ({reason!})]',
      Failure: '{actor} could not change API applications[: {change!}][; {reason!}]',
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'caadmin',
          Outcome: 'Success',
          ParamNameValPairs: 'Scope;;applications+Operation;;OP_ADD+Resource;;reporting',
        },
        "'caadmin' changed API applications: add 'reporting' in applications",
      ),
      example(
        'Success',
        'admin',
        {
          attributes: [
            ['ParamNameValPairs', 'Scope;;applications+Operation;;OP_MODIFY+Resource;;reporting'],
          ],
          reason: 'a new secret was made up',
        },
        "'admin' changed API applications: modify 'reporting' in applications (a new secret was made up)",
      ),
    ],
  }),
  own({
    name: 'ACCESS_REVIEW_CREATED',
    title: 'Access review begun',
    description:
      'The report of who holds what was drawn up for a quarter; it is part of the record.',
    group: 'Accounts',
    category: 'AccessReview',
    operation: 'Created',
    attributes: '',
    extended: true,
    always: true,
    sentence: {
      Success: '{actor} drew up the access review {target}',
      Failure: '{actor} could not draw up the access review {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        { target: { type: 'access review', id: '2026-Q4' } },
        "'auditor' drew up the access review '2026-Q4'",
      ),
    ],
  }),
  own({
    name: 'ACCESS_REVIEW_SIGNED',
    title: 'Access review signed off',
    description:
      'Somebody other than an administrator has looked at who holds what, and said so; the reason is the comment.',
    group: 'Accounts',
    category: 'AccessReview',
    operation: 'Signed',
    attributes: '',
    extended: true,
    always: true,
    sentence: {
      Success: '{actor} signed off the access review {target}[: {reason!}]',
      Failure: '{actor} could not sign off the access review {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'auditor',
        { target: { type: 'access review', id: '2026-Q4' }, reason: 'as it should be' },
        "'auditor' signed off the access review '2026-Q4': as it should be",
      ),
    ],
  }),
];
