import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatRight, namesOf, parsePermission, parsePermissions } from './permission-names.ts';
import { NUMBERED, V1_NAMES, V2_NAMES } from './permission-table.ts';
import { RESOURCES } from './resources.ts';

const keys = (text: string): string[] => parsePermission(text).map(formatRight);
const EXISTING = new Set(
  RESOURCES.flatMap(({ resource, operations }) => operations.map((o) => `${resource}:${o}`)),
);

describe('a permission', () => {
  test.each([
    ['certServer.log.content.signedAudit:read', ['certServer.log.content.signedAudit:read']],
    ['certServer.ssh:read', ['certServer.ssh:read']],
    [
      'certServer.certificate.collections.17:revoke',
      ['certServer.certificate.collections.17:revoke'],
    ],
    ['Auditing:Read', ['certServer.log.content.signedAudit:read']],
    ['Auditing: Read', ['certServer.log.content.signedAudit:read']],
    ['/auditing/read/', ['certServer.log.content.signedAudit:read']],
    ['/auditing/', ['certServer.log.content.signedAudit:read']],
    ['Certificates:Recover', ['certServer.certificate.collections:recover']],
    ['/certificates/collections/private_key/read/', ['certServer.certificate.collections:recover']],
    [
      '/certificates/collections/private_key/',
      [
        'certServer.certificate.collections:import-private-key',
        'certServer.certificate.collections:recover',
      ],
    ],
    [
      '/certificates/collections/metadata/modify/17/',
      ['certServer.certificate.collections.17:edit-metadata'],
    ],
    ['/certificate_stores/schedule/3/', ['certServer.certificate.stores.3:schedule']],
    [
      '/workflows/instances/read/',
      [
        'certServer.workflow.instances:read',
        'certServer.workflow.instances:read-mine',
        'certServer.workflow.instances:read-pending',
      ],
    ],
    ['/workflows/instances/read/mine/', ['certServer.workflow.instances:read-mine']],
    ['SSH:User', ['certServer.ssh.mykey:read', 'certServer.ssh.mykey:modify']],
    ['WorkflowManagement: Manage', ['certServer.ca.certrequests:execute']],
  ])('%s is %j', (text, expected) => {
    expect(keys(text)).toEqual(expected);
  });

  test('that is a prefix stands for every right below it', () => {
    const below = Object.entries(V2_NAMES)
      .filter(([name]) => name.startsWith('/certificates/'))
      .flatMap(([, rights]) => rights);
    expect(new Set(keys('/certificates/'))).toEqual(new Set(below));
    expect(keys('/certificates/')).not.toContain('certServer.profile.configuration:read');
    expect(new Set(keys('/'))).toEqual(new Set(Object.values(V2_NAMES).flat()));
  });

  test.each([
    '',
    '/auditing',
    'auditing/read/',
    '/auditing/write/',
    '//',
    '/auditing/read/17/',
    '/certificates/collections/17/',
    'Auditing:Write',
    'auditing:read',
    'Auditing:  Read',
    'constructor',
    'toString:x',
    '__proto__',
    'certServer.log.content.signedAudit',
    'certServer.log.content.signedAudit:write',
    'certServer.nothing:read',
    'certServer..ssh:read',
    ':read',
  ])('is not "%s"', (text) => {
    expect(() => parsePermission(text)).toThrow(
      expect.objectContaining({
        code: 'request_invalid',
        message: `permissions: expected a permission such as certServer.log.content.signedAudit:read, Auditing:Read or /auditing/read/, got "${text}"`,
        members: {
          in: 'body',
          errors: [
            {
              field: 'permissions',
              expected:
                'a permission such as certServer.log.content.signedAudit:read, Auditing:Read or /auditing/read/',
              got: JSON.stringify(text),
            },
          ],
        },
      }),
    );
  });

  test('among others is each right once, and the faulty one is named', () => {
    expect(parsePermissions(['/auditing/', 'Auditing:Read', 'API:Read']).map(formatRight)).toEqual([
      'certServer.ca.account:login',
      'certServer.log.content.signedAudit:read',
    ]);
    expect(() => parsePermissions(['API:Read', 'x'])).toThrow(/^permissions\.1: expected /);
  });
});

describe('Keyfactor’s names', () => {
  test('are complete: the global permissions of the first model', () => {
    // Area: permissions, as the first model lists them.
    const areas = {
      AdminPortal: 'Read',
      AgentAutoRegistration: 'Read Modify',
      AgentManagement: 'Read Modify',
      API: 'Read',
      ApplicationSettings: 'Read Modify',
      Auditing: 'Read',
      CertificateCollections: 'Modify',
      CertificateEnrollment: 'EnrollPFX EnrollCSR CsrGeneration PendingCsr',
      CertificateMetadataTypes: 'Read Modify',
      Certificates: 'Read EditMetadata Import Recover Revoke Delete ImportPrivateKey',
      CertificateStoreManagement: 'Read Schedule Modify',
      Dashboard: 'Read RiskHeader',
      EventHandlerRegistration: 'Read Modify',
      MacAutoEnrollManagement: 'Read Modify',
      Monitoring: 'Read Modify Test',
      PkiManagement: 'Read Modify',
      PrivilegedAccessManagement: 'Read Modify',
      Reports: 'Read Modify',
      SecuritySettings: 'Read Modify',
      SSH: 'User ServerAdmin EnterpriseAdmin',
      SslManagement: 'Read Modify',
      SystemSettings: 'Read Modify',
      WorkflowDefinitions: 'Read Modify',
      WorkflowInstances: 'ReadAll ReadAssignedToMe ReadMy Manage',
      WorkflowManagement: 'Read Modify Test Participate Manage',
    };
    const listed = Object.entries(areas).flatMap(([area, permissions]) =>
      permissions.split(' ').map((permission) => `${area}:${permission}`),
    );
    expect(Object.keys(V1_NAMES).sort()).toEqual(listed.sort());
  });

  test('are complete: the public access strings of the second model', () => {
    const file = new URL('../../../../testdata/keyfactor/access-strings.txt', import.meta.url);
    const listed = readFileSync(file, 'utf8').trimEnd().split('\n');
    const strings = listed.filter((line) => !line.startsWith('#'));
    expect(strings).toHaveLength(99);
    for (const text of strings) {
      const below = strings.filter((other) => other.startsWith(text) && other in V2_NAMES);
      expect(new Set(keys(text))).toEqual(new Set(below.flatMap((name) => V2_NAMES[name] ?? [])));
    }
    expect(Object.keys(V2_NAMES).filter((name) => !strings.includes(name))).toEqual([]);
  });

  test.each(Object.entries({ ...V1_NAMES, ...V2_NAMES }))(
    '%s stands for rights that exist, and each of them knows the name',
    (name, rights) => {
      expect(rights.length).toBeGreaterThan(0);
      for (const key of rights) {
        expect(EXISTING).toContain(key);
        const [right] = parsePermission(key);
        expect(namesOf(right!)).toContain(name);
      }
    },
  );

  test('of a single collection have its number', () => {
    expect(
      namesOf({ resource: 'certServer.certificate.collections.17', operation: 'revoke' }),
    ).toEqual(['/certificates/collections/revoke/17/']);
    expect(NUMBERED.length).toBe(2);
  });

  test('are none where Keyfactor has no such thing', () => {
    expect(namesOf({ resource: 'certServer.log.retention', operation: 'modify' })).toEqual([]);
    expect(namesOf({ resource: 'certServer.log.content.signedAudit', operation: 'read' })).toEqual([
      'Auditing:Read',
      '/auditing/read/',
    ]);
  });
});
