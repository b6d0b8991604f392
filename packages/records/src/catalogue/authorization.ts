import { dogtag, example, line } from './define.ts';

export const AUTHORIZATION = [
  dogtag({
    name: 'AUTHZ',
    title: 'Access decision',
    description:
      'An operation on a resource was allowed or refused. A refusal is an Authorization Failure: it names the route, the verb and the roles held.',
    group: 'Authorization',
    category: { Success: 'Authorization', Failure: 'AuthorizationFailure' },
    operation: { Success: 'Authorized', Failure: 'Encountered' },
    attributes: 'SubjectID Outcome aclResource Op Info',
    variants: [
      'Failure: SubjectID Outcome aclResource Op',
      'Failure: SubjectID Outcome aclResource Op Info',
      'Success: SubjectID Outcome aclResource Op',
      'Success: SubjectID Outcome aclResource Op Info',
    ],
    attempt: true,
    always: true,
    sentence: {
      Success: '{actor} was allowed {operation} on {resource!}',
      Failure: '{actor} was refused {operation} on {resource!}[ ({requestType!} {verb!} {route!})]',
    },
    examples: [
      line(
        'Failure',
        {
          SubjectID: 'caadmin',
          Outcome: 'Failure',
          aclResource: 'certServer.log.content.signedAudit',
          Op: 'read',
        },
        "'caadmin' was refused 'read' on certServer.log.content.signedAudit",
      ),
      line(
        'Success',
        {
          SubjectID: 'caagent',
          Outcome: 'Success',
          aclResource: 'certServer.ca.certrequests',
          Op: 'execute',
        },
        "'caagent' was allowed 'execute' on certServer.ca.certrequests",
      ),
      example(
        'Failure',
        'admin',
        {
          request: { route: '/portal/audit', type: 'Portal Page', verb: 'GET' },
          authorization: { resource: 'audit.log', operation: 'read', roles: ['Administrator'] },
        },
        "'admin' was refused 'read' on audit.log (Portal Page GET /portal/audit)",
      ),
    ],
  }),
  dogtag({
    name: 'ROLE_ASSUME',
    title: 'Role assumed',
    description: 'Somebody used the rights of a role they hold, or tried one they do not.',
    group: 'Authorization',
    category: 'RoleAssumption',
    operation: 'Assumed',
    attributes: 'SubjectID Outcome Role',
    variants: ['Success: SubjectID Outcome Role', 'Failure: SubjectID Outcome Role'],
    attempt: true,
    always: true,
    sentence: {
      Success: '{actor} acted as {roles|Role}',
      Failure: '{actor} could not act as {Role|roles}',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caadmin', Outcome: 'Success', Role: 'Administrators' },
        "'caadmin' acted as 'Administrators'",
      ),
      line(
        'Failure',
        { SubjectID: 'caadmin', Outcome: 'Failure', Role: 'Auditors' },
        "'caadmin' could not act as 'Auditors'",
      ),
    ],
  }),
];
