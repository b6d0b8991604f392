import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openssl } from './openssl.ts';
import { told, usePkiSystem, type PkiSystem } from './pki-system.ts';

const pki = usePkiSystem('pki-configuration');
let { folder, recordsOf, does, refuses } = {} as PkiSystem;
beforeAll(() => {
  ({ folder, recordsOf, does, refuses } = pki());
});
const done = (line: string): Promise<string> => does('caadmin', line);
const refused = (line: string): Promise<string> => refuses('caadmin', line);

describe('profiles', () => {
  test('are listed and shown', async () => {
    expect(await done('ca-profile-find')).toContain('  Profile ID: WebServer\n');
    const shown = await done('ca-profile-show WebServer');
    expect(shown).toMatch(/^-{19}\nProfile "WebServer"\n-{19}\n {2}Profile ID: WebServer\n/);
    expect(shown).toContain('  extendedKeyUsage: ["serverAuth"]\n');
  });

  test('go into a file and come out of it under another name, with changes', async () => {
    expect(await done('ca-profile-show WebServer --output web.json')).toContain(
      'Stored profile "WebServer" into web.json',
    );
    const again = await refused('ca-profile-show WebServer --output web.json');
    expect(again).toBe(
      'error: --output "web.json" exists already; name another file or remove it\n',
    );
    const written = JSON.parse(await readFile(join(folder, 'web.json'), 'utf8')) as object;
    const added = await done(
      "ca-profile-add Web90 --input web.json --display-name 'Web, 90 days' --set validityDays=90" +
        ` --set 'keyAlgorithms=["P-256"]' --set defaultKeyAlgorithm=P-256 --json`,
    );
    const { policy } = written as { policy: object };
    const mine = { validityDays: 90, keyAlgorithms: ['P-256'], defaultKeyAlgorithm: 'P-256' };
    expect(JSON.parse(added)).toMatchObject({
      name: 'Web90',
      displayName: 'Web, 90 days',
      policy: { ...policy, ...mine },
    });
  });

  test('are changed, disabled, enabled and deleted, each with its record', async () => {
    const left = await recordsOf(async () => {
      expect(await done('ca-profile-mod Web90 --set requiresApproval=true')).toContain(
        '  requiresApproval: true\n',
      );
    });
    expect(left.map(told)).toContain('CONFIG_CERT_PROFILE Success caadmin');
    expect(await done('ca-profile-disable Web90')).toContain('  Enabled: false\n');
    expect(await done('ca-profile-enable Web90')).toContain('  Enabled: true\n');
    expect(await done('ca-profile-del Web90')).toContain('Deleted profile "Web90"');
    const gone = await refused('ca-profile-show Web90');
    expect(gone).toContain('answered 404 not_found: there is no template "Web90"');
  });

  test('that cannot be are refused, and the message names the member', async () => {
    const wrong = await refused('ca-profile-mod WebServer --set validityDays=0');
    expect(wrong).toMatch(/answered 422 \w+: .*validityDays/);
    const nothing = await refused('ca-profile-mod WebServer');
    expect(nothing).toBe(
      'error: expected something to change: --input, --display-name, --description or --set\n',
    );
    await writeFile(join(folder, 'list.json'), '[]');
    const list = await refused('ca-profile-add List --input list.json');
    expect(list).toBe('error: --input "list.json": expected a JSON object\n');
  });

  test('of another installation are taken over', async () => {
    await writeFile(join(folder, 'all.json'), await done('ca-profile-find --json'));
    expect(await done('ca-profile-import all.json')).toContain('  Profile ID: WebServer\n');
    await writeFile(join(folder, 'none.json'), '{}');
    expect(await refused('ca-profile-import none.json')).toBe(
      'error: FILE "none.json": expected what ca-profile-find --json prints\n',
    );
  });

  test('have a policy in common', async () => {
    expect(await done('ca-profile-policy')).toContain('  allowWildcards: ');
    expect(await done('ca-profile-policy --set maximumDays=400')).toContain('  maximumDays: 400\n');
    await done('ca-profile-policy --set maximumDays=null');
  });
});

describe('settings', () => {
  test('are found by a part of the name', async () => {
    const found = await done('setting-find pageSize');
    expect(found).toMatch(
      /^-{17}\n1 entries matched\n-{17}\n {2}Setting: certificates\.pageSize\n/,
    );
    expect(found).toContain('  Value: 50\n  Default: 50\n  Allowed: 10 to 500\n');
  });

  test('are changed and put back', async () => {
    expect(await done('setting-mod certificates.pageSize=100')).toContain('  Value: 100\n');
    expect(await done('setting-mod --reset certificates.pageSize')).toContain('  Value: 50\n');
  });

  test('that are secrets come out of a file and are never shown', async () => {
    const open = await refused('setting-mod smtp.password=opensesame');
    expect(open).toBe(
      'error: "smtp.password" is a secret: others would see it on the command line; give it by --from-file smtp.password=FILE\n',
    );
    await writeFile(join(folder, 'smtp.password'), 'a password of the mail server\n');
    const set = await done('setting-mod --from-file smtp.password=smtp.password');
    expect(set).toContain('  Setting: smtp.password\n');
    expect(set).toContain('  Value: (set)\n');
    expect(set).not.toContain('a password of');
  });

  test('that cannot be are refused here or there', async () => {
    const text = await refused('setting-mod certificates.pageSize=many');
    expect(text).toBe('error: certificates.pageSize: expected a whole number, got "many"\n');
    const few = await refused('setting-mod certificates.pageSize=1');
    expect(few).toMatch(/answered 422 \w+: .*certificates\.pageSize/);
    const unknown = await refused('setting-mod page=1');
    expect(unknown).toBe('error: there is no setting "page"; setting-find lists them\n');
    const twice = await refused('setting-mod smtp.port=1 --reset smtp.port');
    expect(twice).toBe('error: "smtp.port" is given twice\n');
    const nothing = await refused('setting-mod');
    expect(nothing).toBe(
      'error: expected something to change: NAME=VALUE, --from-file or --reset\n',
    );
  });
});

describe('authorities', () => {
  const TLS = "ca-authority-create TLS --subject 'CN=TLS,O=Example'";

  test('are listed, shown, and give their certificate away', async () => {
    expect(await done('ca-authority-find')).toContain('  Name: Countersign Issuing CA\n');
    await done("ca-authority-show 'Countersign Root CA' --output root.pem");
    await done("ca-authority-show 'Countersign Issuing CA' --output issuing.pem");
    expect(await openssl(folder, 'verify -CAfile root.pem issuing.pem')).toBe('issuing.pem: OK\n');
  });

  test('are created below another, changed, disabled and deleted', async () => {
    const created = await done(
      `${TLS} --parent 'Countersign Root CA' --key-algorithm P-256 --path-length 0 --crl-hours 12`,
    );
    expect(created).toContain('Created authority "TLS"');
    expect(created).toContain('  Authority DN: CN=TLS,O=Example\n  Parent: Countersign Root CA\n');
    expect(created).toContain('    crlHours=12\n');
    expect(await done('ca-authority-mod TLS --delta-minutes 30')).toContain(
      '    deltaMinutes=30\n',
    );
    expect(await done('ca-authority-disable TLS')).toContain('  Enabled: false\n');
    expect(await done('ca-authority-enable TLS')).toContain('  Enabled: true\n');
    await done('ca-authority-show TLS --output tls.pem');
    expect(await openssl(folder, 'verify -CAfile root.pem tls.pem')).toBe('tls.pem: OK\n');
    expect(await done('ca-authority-del TLS')).toContain('Deleted authority "TLS"');
    expect(await refused('ca-authority-show TLS')).toContain(
      'answered 404 not_found: there is no certificate authority "TLS"',
    );
  });

  test('publish revocation lists that openssl reads', async () => {
    await done("ca-authority-crl 'Countersign Issuing CA' --output issuing.crl");
    const verified = await openssl(
      folder,
      'crl -inform DER -in issuing.crl -noout -CAfile issuing.pem',
    );
    expect(verified).toBe('verify OK\n');
  });

  test('are refused where they cannot be, before anybody signs in where that is seen', async () => {
    expect(await refused(`${TLS} --token-slot pki`)).toBe(
      'error: --token-module, --token-slot and --token-key go together\n',
    );
    expect(await refused(`${TLS} --days 0`)).toContain('expected a whole number from 1 to 36525');
    expect(await refused(`${TLS} --parent nobody`)).toContain('answered 404 not_found: ');
    expect(await refused('ca-authority-mod TLS')).toContain('expected something to change: --name');
  });
});

describe('metadata fields', () => {
  test('are added, changed, listed and deleted', async () => {
    const added = await done(
      "metadata-field-add Tier --type choice --option gold --option silver --default silver --hint 'how much it matters'",
    );
    expect(added).toContain('Added metadata field "Tier"');
    expect(added).toContain('  Options:\n    gold\n    silver\n  Default: silver\n');
    expect(await done("metadata-field-mod Tier --default '' --enrollment required")).not.toContain(
      'Default:',
    );
    expect(await done('metadata-field-find')).toContain('  Name: Tier\n  Type: choice\n');
    expect(await refused('metadata-field-mod Tier')).toBe(
      'error: expected something to change, got no option\n',
    );
    expect(await refused("metadata-field-add 'No Name'")).toMatch(/answered 422 \w+: .*name/);
    expect(await refused('metadata-field-add Size --type number')).toContain(
      'Allowed choices are string, integer, date, boolean, choice, text, email',
    );
    expect(await done('metadata-field-del Tier')).toContain('Deleted metadata field "Tier"');
  });
});

describe('collections', () => {
  test('are added, changed, shown and deleted, by name', async () => {
    const added = await done(
      `collection-add 'Web servers' --query 'CN -contains "www"' --description 'All of them' --dashboard`,
    );
    expect(added).toContain('  Name: Web servers\n  Description: All of them\n  Query: CN -');
    expect(added).toContain('  On Dashboard: true\n');
    expect(await done("collection-mod 'web servers' --no-dashboard --name Web")).toContain(
      '  On Dashboard: false\n',
    );
    expect(await done('collection-find')).toContain('  Name: Web\n');
    expect(await done('collection-show Web')).toContain('Collection "Web"');
  });

  test('have permissions, given and taken by role', async () => {
    await done('ca-group-add Helpdesk');
    const granted = await done('collection-permissions Web --grant Helpdesk=read,revoke');
    expect(granted).toContain('  Permissions:\n    Helpdesk: read, revoke\n');
    expect(await done('collection-permissions Web')).toContain('    Helpdesk: read, revoke\n');
    const withdrawn = await done('collection-permissions Web --withdraw Helpdesk');
    expect(withdrawn).not.toContain('Permissions:');
    expect(await refused('collection-permissions Web --withdraw Helpdesk')).toBe(
      'error: --withdraw "Helpdesk": the role has no right of its own there\n',
    );
    expect(await refused('collection-permissions Web --grant Helpdesk')).toContain(
      'expected ROLE=RIGHT,RIGHT…',
    );
  });

  test('that cannot be are refused', async () => {
    expect(await refused(`collection-add Bad --query '(CN -eq "www"'`)).toMatch(
      /answered 4\d\d query_\w+: /,
    );
    expect(await refused('collection-mod Web')).toBe(
      'error: expected something to change: --name, --query, --description, --dashboard or --no-dashboard\n',
    );
    expect(await refused('collection-show Nothing')).toBe(
      'error: there is no collection "Nothing"; there are: Web\n',
    );
    expect(await done('collection-del Web')).toContain('Deleted collection "Web"');
  });
});

describe('alerts', () => {
  test('are added, listed, tried out, changed and deleted', async () => {
    await writeFile(join(folder, 'expiring.txt'), 'Dear {requester},\n{cn} expires.\n');
    const added = await done(
      "alert-add expiration '30 days' --days-before 30 --subject '{cn} expires' --message-file expiring.txt --recipient web@example.com",
    );
    const [, id = ''] = /^ {2}Alert ID: (\d+)$/m.exec(added) ?? [];
    expect(added).toContain('  Name: 30 days\n  Enabled: true\n  Days Before: 30\n');
    expect(added).toContain('  Message:\n    Dear {requester},\n    {cn} expires.\n');
    const preview = await done(`alert-test expiration ${id}`);
    expect(preview).toContain(`Test of expiration alert ${id}\n`);
    expect(preview).toMatch(
      / {2}Subject: .+ expires\n {2}Message:\n {4}Dear \S+,\n {4}.+ expires\.\n {2}Rec/,
    );
    const changed = await done(`alert-mod expiration ${id} --disable --query 'CN -contains "www"'`);
    expect(changed).toContain('  Enabled: false\n');
    expect(changed).toContain('  Query: CN -contains "www"\n');
    expect(await done('alert-find expiration')).toContain(`  Alert ID: ${id}\n`);
    expect(await done(`alert-del expiration ${id}`)).toContain(`Deleted expiration alert ${id}`);
  });

  test('go out by a schedule', async () => {
    const set = await done("alert-schedule expiration 'weekly Monday,fri 07:00'");
    expect(set).toContain('\nexpiration alerts: weekly Monday,Friday 07:00\n');
    expect(await done('alert-schedule expiration --json')).toBe(
      '{"kind":"expiration","schedule":{"weekly":{"days":["Monday","Friday"],"time":"07:00"}}}\n',
    );
    expect(await refused('alert-schedule expiration hourly')).toContain("expected now, 'every 6h'");
  });

  test('that cannot be are refused', async () => {
    expect(await refused('alert-add issued A --subject a --message b --message-file c')).toBe(
      'error: --message and --message-file exclude each other\n',
    );
    expect(await refused('alert-add issued A --subject a --message b')).toContain(
      'answered 422 request_invalid: recipients: expected a recipient or a webhook, got neither',
    );
    expect(await refused('alert-find broken')).toContain(
      'Allowed choices are expiration, pending, issued, denied',
    );
    expect(await refused('alert-mod issued 99')).toContain('expected something to change');
  });
});
