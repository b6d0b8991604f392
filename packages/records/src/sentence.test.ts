import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content, Envelope } from './record.ts';
import { sentence, splitAtCapitals } from './sentence.ts';
import { fillTemplate, legible, parseTemplate } from './template.ts';
import { completeDraftOf, ID } from './testing.ts';

function envelopeOf(values: Partial<Envelope>): Envelope {
  const { content: _, ...rest } = completeDraftOf();
  return { v: 1, id: ID, producer: 'p', digest: '', ...rest, outcome: 'Success', ...values };
}

function contentOf(values: Partial<Content>): Content {
  return { actor: { id: 'jdoe', kind: 'user' }, source: { system: 's' }, ...values };
}

describe('sentence', () => {
  it('says what Keyfactor says of what is not catalogued', () => {
    const actor = { id: String.raw`KEYEXAMPLE\ggant`, kind: 'user' } as const;
    const target = {
      type: 'Certificate',
      id: '7',
      name: 'CN=appsrvr12.keyexample.com,L=Chicago,ST=IL,C=US',
    };
    const envelope = envelopeOf({ event: 'X', category: 'Certificate', operation: 'Created' });
    expect(sentence(envelope, contentOf({ actor, target }))).toBe(
      String.raw`The user 'KEYEXAMPLE\ggant' Created Certificate, 'CN=appsrvr12.keyexample.com,L=Chicago,ST=IL,C=US'`,
    );
    expect(
      sentence(
        envelopeOf({ event: 'X', category: 'CertificateQuery', operation: 'Created' }),
        contentOf({ target: { type: 'q', id: '1', name: 'Revoked Certs' } }),
      ),
    ).toBe("The user 'jdoe' Created Certificate Query, 'Revoked Certs'");
  });

  it('says so when such an operation failed, had no object, or had no user', () => {
    const envelope = envelopeOf({
      event: 'X',
      category: 'SecurityRole',
      operation: 'Deleted',
      outcome: 'Failure',
    });
    expect(sentence(envelope, contentOf({}))).toBe(
      "The user 'jdoe' Deleted Security Role (failed)",
    );
    const actor = { id: 'countersign', kind: 'system' } as const;
    expect(sentence({ ...envelope, outcome: 'Success' }, contentOf({ actor }))).toBe(
      'The system Deleted Security Role',
    );
  });

  it('says that the content has been erased', () => {
    expect(sentence(envelopeOf({ event: 'AUTHZ' }), null)).toBe(
      'Access decision; what exactly has been erased',
    );
    expect(
      sentence(envelopeOf({ event: 'X', category: 'SecurityRole', operation: 'Deleted' }), null),
    ).toBe('Deleted Security Role; what exactly has been erased');
  });

  it('names actors by what identifies them, not by how they like to be called', () => {
    const said = (actor: Content['actor']) =>
      sentence(envelopeOf({ event: 'SCHEDULE_CRL_GENERATION' }), contentOf({ actor }));
    expect(said({ id: '$System$', kind: 'system' })).toBe('The system asked for a new CRL');
    expect(said({ id: '$NonRoleUser$', kind: 'unknown' })).toBe(
      'An anonymous user asked for a new CRL',
    );
    expect(said({ id: '$Unidentified$', kind: 'unknown' })).toBe(
      'Somebody unidentified asked for a new CRL',
    );
    expect(said({ id: '', kind: 'unknown' })).toBe('Somebody unidentified asked for a new CRL');
    expect(said({ id: 'x', name: 'Jane Doe', kind: 'user' })).toBe("'x' asked for a new CRL");
  });

  it('is one legible line whatever the values', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (id) => {
        const actor = { id, kind: 'user' } as const;
        const said = sentence(
          envelopeOf({ event: 'SCHEDULE_CRL_GENERATION' }),
          contentOf({ actor }),
        );
        expect(said.length).toBeLessThan(250);
        expect(said).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('reads the usual words of Dogtag’s parameter lists', () => {
    const said = (pairs: string) =>
      sentence(
        envelopeOf({ event: 'CONFIG_ROLE' }),
        contentOf({ attributes: [['ParamNameValPairs', pairs]] }),
      );
    expect(said('Scope;;users+Operation;;OP_ADD+Resource;;jdoe+email;;a@b')).toBe(
      "'jdoe' changed users and roles: add 'jdoe' in users",
    );
    expect(said('+Action;;disable')).toBe("'jdoe' changed users and roles: Action disable");
    expect(said('enable;;Enabled+logSigning;;true+events;;AUTH,AUTHZ')).toBe(
      "'jdoe' changed users and roles: enable Enabled, logSigning true and 1 more",
    );
    expect(said('nothing of the kind')).toBe("'jdoe' changed users and roles");
    expect(said('Scope;;x+Operation;;constructor+Resource;;<null>')).toBe(
      "'jdoe' changed users and roles: constructor in x",
    );
  });
});

describe('splitAtCapitals', () => {
  it.each([
    ['CertificateQuery', 'Certificate Query'],
    ['ADIdentityModel', 'AD Identity Model'],
    ['PAMProvider', 'PAM Provider'],
    ['SMTP', 'SMTP'],
    ['Key', 'Key'],
  ])('%s reads %s', (name, expected) => {
    expect(splitAtCapitals(name)).toBe(expected);
  });
});

describe('templates', () => {
  const fill = (source: string, values: Record<string, string>) =>
    fillTemplate(parseTemplate(source), (name) => values[name]);

  it.each<[string, Record<string, string>, string]>([
    ['{a}', { a: 'x' }, "'x'"],
    ['{a!}', { a: 'x' }, 'x'],
    ['{a|b}', { b: 'y' }, "'y'"],
    ['{a}', {}, '(unknown)'],
    ['x[ {a}]y', {}, 'xy'],
    ['x[ {a}]y', { a: '1' }, "x '1'y"],
    ['[{a}|{b}|none]', { b: '2' }, "'2'"],
    ['[{a}|{b}|none]', {}, 'none'],
    ['[{a}|b {b}]', {}, 'b (unknown)'],
    ['[{a}|b[ {b}]]', { b: '2' }, "b '2'"],
    ['a|b', {}, 'a|b'],
  ])('%s with %j is %s', (source, values, expected) => {
    expect(fill(source, values)).toBe(expected);
  });

  it('refuses what is not closed', () => {
    expect(() => parseTemplate('{a')).toThrow(new TypeError('unclosed "{" in template "{a"'));
    expect(() => parseTemplate('[a')).toThrow(new TypeError('unclosed "[" in template "[a"'));
  });

  it('never takes braces in a value for its own', () => {
    expect(fill('{a!}', { a: '{b}[c]' })).toBe('{b}[c]');
  });

  it('shortens long values without cutting a character in two', () => {
    expect(legible(`${'x'.repeat(159)}😀 and more`)).toBe(`${'x'.repeat(159)}�…`);
  });
});
