import { describe, expect, test } from 'vitest';
import { composeMessage } from './deliveries.ts';
import { fillPlaceholders, unknownPlaceholders } from './placeholders.ts';
import { describeWebhook } from './webhook.ts';
import { mayCall, webhookFault } from './addresses.ts';

describe('placeholders', () => {
  test('are filled once: what a value looks like is not read again', () => {
    const values = { cn: '{dn} {requester}', dn: 'CN=x' };
    expect(fillPlaceholders('<{cn}> {dn} {serial}', values)).toBe('<{dn} {requester}> CN=x ');
  });

  test('take metadata by the name of the field', () => {
    const values = { 'metadata:Cost center': '47' };
    expect(fillPlaceholders('{metadata:Cost center}{metadata:Other}', values)).toBe('47');
  });

  test('make one line of a value, whatever it was: it begins no header and turns no text around', () => {
    const cn = 'x\r\nBcc: everybody@example.com\u2028\u202egnp.exe\0';
    expect(fillPlaceholders('{cn}', { cn })).toBe('x Bcc: everybody@example.com gnp.exe');
  });

  test('that nothing stands for are named', () => {
    expect(unknownPlaceholders('{cn} {constructor} {metadata:x} {Serial} {} {a b}')).toEqual([
      'constructor',
      'Serial',
    ]);
    expect(fillPlaceholders('{constructor}', {})).toBe('{constructor}');
  });
});

describe('a message', () => {
  const subject = {
    object: 'certificate:1',
    template: null,
    requesterEmail: null,
    related: [],
    values: { cn: 'www.example.com', 'metadata:Owner': 'a@example.com, b@example.com' },
  };
  const alert = { kind: 'issued', subject: '{cn}', message: '{cn}', webhook: null } as const;

  test('goes to each address once, and says which recipients have become none', () => {
    const recipients = ['pki@example.com', '{requester}', 'pki@example.com', '{metadata:Owner}'];
    const message = composeMessage({ ...alert, recipients }, subject);
    expect(message.recipients).toEqual(['pki@example.com']);
    expect(message.unresolved).toEqual(['{requester}', '{metadata:Owner}']);
  });

  test('has a subject of at most 250 characters', () => {
    const long = { ...subject, values: { cn: 'x'.repeat(900) } };
    expect(composeMessage({ ...alert, recipients: [] }, long).subject).toHaveLength(250);
  });
});

describe('the address of a webhook', () => {
  test.each([
    ['http://hooks.example.com/', 'an https address, or http to a host that the settings list'],
    ['https://user:secret@hooks.example.com/', 'an address without user and password'],
    ['https://169.254.169.254/latest', 'the address of a host that may be called'],
    ['https://[fe80::1]/', 'the address of a host that may be called'],
    ['https://[::ffff:169.254.169.254]/', 'the address of a host that may be called'],
    ['https://[64:ff9b::a9fe:a9fe]/', 'the address of a host that may be called'],
    ['https://2852039166/', 'the address of a host that may be called'],
    ['https://127.0.0.1/', 'the address of a host that may be called'],
    ['file:///etc/passwd', 'an https address, or http to a host that the settings list'],
    ['nonsense', 'an https address'],
  ])('%s is refused', (address, fault) => {
    expect(webhookFault(address, [])).toBe(fault);
  });

  test('may be plain and on this machine where the settings list the host, and never link-local', () => {
    expect(webhookFault('http://127.0.0.1:8080/x', ['127.0.0.1'])).toBeNull();
    expect(webhookFault('http://hooks.internal/', ['hooks.internal'])).toBeNull();
    expect(webhookFault('http://169.254.169.254/', ['169.254.169.254'])).not.toBeNull();
    expect(mayCall('127.0.0.1', true)).toBe(true);
    expect(mayCall('10.0.0.1', false)).toBe(true);
  });

  test('is told in records without what lets others call it', () => {
    const told = describeWebhook('https://hooks.example.com/services/T000/B000/verysecret?x=1');
    expect(told).toMatch(/^https:\/\/hooks\.example\.com\/… \([0-9a-f]{12}\)$/);
    expect(describeWebhook('https://hooks.example.com/other')).not.toBe(told);
    expect(describeWebhook('https://hooks.example.com')).toBe('https://hooks.example.com/');
  });
});
