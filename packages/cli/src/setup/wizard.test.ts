import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { ServerClient } from '../client.ts';
import { askSetup, confirm, type Dialogue } from './wizard.ts';

const SETTINGS = [
  ['console.expiringSoonDays', 'integer', 30],
  ['certificates.pageSize', 'integer', 50],
  ['certificates.reconciliationTime', 'string', '03:00'],
  ['enrollment.pkcs12PasswordLength', 'integer', 12],
  ['enrollment.separateApprover', 'boolean', true],
  ['smtp.host', 'string', ''],
  ['smtp.port', 'integer', 587],
  ['smtp.security', 'choice', 'starttls'],
  ['smtp.user', 'string', ''],
  ['smtp.sender', 'string', ''],
] as const;

/** A server that has these settings and one authority. */
const client: Pick<ServerClient, 'ask'> = {
  async ask(_method, path) {
    if (path === '/api/v1/authorities')
      return { authorities: [{ name: 'Root CA', subject: 'CN=Root CA' }] };
    const settings = SETTINGS.map(([name, type, value]) => ({
      name,
      displayName: name,
      type,
      value,
      ...(type === 'choice' ? { options: ['starttls', 'tls'] } : {}),
    }));
    return { settings };
  },
};

/** Somebody who answers each question with the next line. */
function answering(answers: readonly string[], secret = ''): Dialogue & { asked: string[] } {
  const input = new PassThrough();
  const output = new PassThrough();
  const asked: string[] = [];
  const left = [...answers];
  output.on('data', (text: Buffer) => {
    if (!/(: |\] )$/.test(text.toString())) return;
    asked.push(text.toString());
    input.write(`${left.shift() ?? ''}\n`);
  });
  return { input, output, asked, secret: async () => secret };
}

test('Enter keeps everything as it is, and no mail server is asked about when there is none', async () => {
  const dialogue = answering([]);
  const setup = await askSetup(client, dialogue);
  expect(setup).toEqual({
    file: {
      settings: {
        'console.expiringSoonDays': 30,
        'certificates.pageSize': 50,
        'certificates.reconciliationTime': '03:00',
        'enrollment.pkcs12PasswordLength': 12,
        'enrollment.separateApprover': true,
        'smtp.host': '',
      },
    },
    smtpPassword: null,
  });
  expect(dialogue.asked[0]).toBe('Name of the authority CN=Root CA [Root CA]: ');
  expect(dialogue.asked).toHaveLength(7);
});

test('answers are taken in their type, and asked for again when they have another', async () => {
  const answers = ['Corporate CA', '60', 'many', '100', '', '', 'maybe', 'false'];
  const mail = ['mail.example.com', '465', 'tls', 'countersign', 'pki@example.com'];
  const setup = await askSetup(client, answering([...answers, ...mail], 'a secret of mail'));
  expect(setup.file.authorities).toEqual([{ name: 'Corporate CA', formerly: 'Root CA' }]);
  expect(setup.file.settings).toMatchObject({
    'console.expiringSoonDays': 60,
    'certificates.pageSize': 100,
    'enrollment.separateApprover': false,
    'smtp.host': 'mail.example.com',
    'smtp.port': 465,
    'smtp.security': 'tls',
    'smtp.user': 'countersign',
    'smtp.sender': 'pki@example.com',
  });
  expect(setup.smtpPassword).toBe('a secret of mail');
});

test('nothing is changed without a yes', async () => {
  expect(await confirm('Change this?', answering(['']))).toBe(false);
  expect(await confirm('Change this?', answering(['yes']))).toBe(true);
});
