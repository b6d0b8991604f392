import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENTS } from '../catalogue/index.ts';
import type { Attribute, Content } from '../record.ts';
import { findAmbiguity, readLine } from './line.ts';
import { recordLine, type LineEnvelope } from './record-line.ts';
import { signatureLine } from './signature-line.ts';
import { eventLayouts, writtenEventName } from './layout.ts';

const PREFIX = '0.server - [22/Nov/2026:05:00:00 UTC] [14] [6] ';

function envelope(event: string, outcome: LineEnvelope['outcome'] = 'Success'): LineEnvelope {
  return { event, outcome, time: '2026-11-22T05:00:00.000Z' };
}

function content(attributes: readonly Attribute[], id = 'caadmin'): Content {
  const source = { system: 'countersign', component: 'server' };
  return { actor: { id, kind: 'user' }, source, attributes };
}

describe('a record as a line', () => {
  test('has the fields of Dogtag’s line and no others', () => {
    const denied = content([
      ['SubjectID', 'caadmin'],
      ['Outcome', 'Failure'],
      ['aclResource', 'certServer.log.content.signedAudit'],
      ['Op', 'read'],
      ['Info', 'Authorization Error'],
      ['Username', 'admin'],
      ['Request Route', '/ca/v2/audit/files'],
    ]);
    expect(recordLine(envelope('AUTHZ', 'Failure'), denied)).toBe(
      `${PREFIX}[AuditEvent=AUTHZ][SubjectID=caadmin][Outcome=Failure][aclResource=certServer.log.content.signedAudit][Op=read][Info=Authorization Error] authorization failure`,
    );
    expect(recordLine(envelope('AUTHZ', 'Failure'), denied, '10.4')).toContain(
      '[AuditEvent=AUTHZ_FAIL][SubjectID=caadmin][Outcome=Failure][aclResource=',
    );
  });

  test('has all attributes where the event is our own, with subject and outcome', () => {
    const line = recordLine(
      envelope('AUDIT_LOG_SEARCH'),
      content([
        ['Query', 'Level -eq "Warning"'],
        ['Count', null],
      ]),
    );
    expect(line).toBe(
      `${PREFIX}[AuditEvent=AUDIT_LOG_SEARCH][SubjectID=caadmin][Outcome=Success][Query=Level -eq "Warning"][Count=<null>] audit log search`,
    );
  });

  test('tells no more than the outcome when the content was erased', () => {
    const line = recordLine(envelope('AUTH', 'Failure'), null);
    expect(line.slice(line.indexOf('[AuditEvent'))).toBe(
      '[AuditEvent=AUTH][SubjectID=<null>][Outcome=Failure] authentication failure',
    );
  });

  test('takes the outcome from the envelope and the shape with most of the fields', () => {
    const line = recordLine(
      envelope('DELTA_CRL_GENERATION', 'Failure'),
      content([
        ['Outcome', 'Success'],
        ['FailureReason', 'no space'],
      ]),
    );
    expect(line).toContain('[SubjectID=caadmin][Outcome=Failure][FailureReason=no space] Delta');
  });

  test.each([
    [
      'x][Outcome=Success][AuthMgr=fake',
      '\\:x\\u005d\\u005bOutcome=Success\\u005d\\u005bAuthMgr=fake',
    ],
    ['a\r\n0.main - [x]', '\\:a\\u000d\\u000a0.main - \\u005bx\\u005d'],
    ['AUDIT_LOG_SIGNING', '\\:AUDIT\\u005fLOG_SIGNING'],
    [
      'a\\AUDIT_LOG_SIGNINGAUDIT_LOG_SIGNING',
      '\\:a\\u005cAUDIT\\u005fLOG_SIGNINGAUDIT\\u005fLOG_SIGNING',
    ],
    ['evil\u202e', '\\:evil\\u202e'],
    ["o'brien {0}", "o'brien {0}"],
  ])('a login name %j cannot be anything else', (typed, written) => {
    const attempt = content([
      ['SubjectID', '$Unidentified$'],
      ['Outcome', 'Failure'],
      ['AuthMgr', 'passwdUserDBAuthMgr'],
      ['AttemptedCred', typed],
    ]);
    const line = recordLine(envelope('AUTH', 'Failure'), attempt);
    expect(line).toBe(
      `${PREFIX}[AuditEvent=AUTH][SubjectID=$Unidentified$][Outcome=Failure][AuthMgr=passwdUserDBAuthMgr][AttemptedCred=${written}] authentication failure`,
    );
    expect(readLine(line)).toMatchObject({ fields: attempt.attributes, outcome: 'Failure' });
    expect(findAmbiguity(line)).toBeUndefined();
  });

  test('of any event and any values is one line that reads back unambiguously', () => {
    const names = ['10.4', 'current'] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...EVENTS.filter(({ name }) => name !== 'AUDIT_LOG_SIGNING')),
        fc.constantFrom('Success' as const, 'Failure' as const),
        fc.constantFrom(...names),
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 20 }),
            fc.constantFrom('][Outcome=Success][', 'AUDIT_LOG_SIGNING', '\n', '] text', '\\:', ''),
          ),
          { minLength: 20, maxLength: 20 },
        ),
        (event, outcome, era, values) => {
          const variants = eventLayouts(event.name).flatMap((layout) => layout.variants);
          const has = variants.some(
            (v) => v.outcome === 'any' || v.outcome === outcome.toLowerCase(),
          );
          fc.pre(variants.length === 0 || has);
          const attributes = event.attributes.map((name, i): Attribute => [
            name,
            name === 'Outcome' ? outcome : (values[i % values.length] ?? null),
          ]);
          const unique = attributes.filter(
            ([name], i) => attributes.findIndex(([other]) => other === name) === i,
          );
          const line = recordLine(envelope(event.name, outcome), content(unique, values[0]), era);
          expect(line).not.toMatch(/[\r\n]|AUDIT_LOG_SIGNING/);
          expect(line.isWellFormed()).toBe(true);
          const read = readLine(line);
          expect(read?.ambiguous).toBeUndefined();
          expect(read?.event).toBe(event.name);
          for (const field of read?.fields ?? [])
            if (field[0] !== 'SubjectID' && field[0] !== 'Outcome')
              expect(unique).toContainEqual(field);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the names of 10.4', () => {
  test.each([
    ['AUTHZ', 'Success', 'AUTHZ_SUCCESS'],
    ['AUTHZ', 'Failure', 'AUTHZ_FAIL'],
    ['AUTH', 'Success', 'AUTH_SUCCESS'],
    ['AUTH', 'Failure', 'AUTH_FAIL'],
    ['ACCESS_SESSION_ESTABLISH', 'Success', 'ACCESS_SESSION_ESTABLISH_SUCCESS'],
    ['ACCESS_SESSION_ESTABLISH', 'Failure', 'ACCESS_SESSION_ESTABLISH_FAILURE'],
    ['ACCESS_SESSION_TERMINATED', 'Success', 'ACCESS_SESSION_TERMINATED'],
    ['TOKEN_AUTH', 'Failure', 'TOKEN_AUTH_FAILURE'],
    ['ROLE_ASSUME', 'Failure', 'ROLE_ASSUME'],
    ['AUDIT_LOG_SEARCH', 'Success', 'AUDIT_LOG_SEARCH'],
  ] as const)('%s %s is written as %s', (event, outcome, literal) => {
    expect(writtenEventName(event, outcome, '10.4')).toBe(literal);
    expect(writtenEventName(event, outcome, 'current')).toBe(event);
  });

  test('a session opened has no certificate in its line, and reads back', () => {
    const line = recordLine(
      envelope('ACCESS_SESSION_ESTABLISH'),
      content([
        ['ClientIP', '192.0.2.7'],
        ['ServerIP', '192.0.2.1'],
        ['SubjectID', 'CN=caadmin'],
        ['CertSerialNum', '6'],
        ['IssuerDN', 'CN=CA'],
        ['Outcome', 'Success'],
      ]),
      '10.4',
    );
    expect(line).toBe(
      `${PREFIX}[AuditEvent=ACCESS_SESSION_ESTABLISH_SUCCESS][ClientIP=192.0.2.7][ServerIP=192.0.2.1][SubjectID=CN=caadmin][Outcome=Success] access session establish success`,
    );
    expect(findAmbiguity(line)).toBeUndefined();
  });
});

test('a signature line is written as the logger writes it', () => {
  expect(signatureLine(new Uint8Array([1, 2, 3]), '22/Nov/2026:02:11:49 UTC', 'main')).toBe(
    '0.main - [22/Nov/2026:02:11:49 UTC] [14] [6] [AuditEvent=AUDIT_LOG_SIGNING][SubjectID=$System$][Outcome=Success] signature of audit buffer just flushed: sig: AQID',
  );
});
