import type { Content } from '@countersign/records';
import { expect, test } from 'vitest';
import { sentenceParts } from './sentence-parts.ts';

function content(actor: string, target?: string): Content {
  return {
    actor: { id: actor, kind: 'user' },
    source: { system: 'test' },
    ...(target === undefined ? {} : { target: { type: 'Template', id: '7', name: target } }),
  };
}

test('actor and target become links', () => {
  expect(
    sentenceParts("The user 'ggant' Updated Template, 'WebServer'", content('ggant', 'WebServer')),
  ).toEqual([
    { at: 0, text: "The user '" },
    { at: 10, text: 'ggant', link: 'actor' },
    { at: 15, text: "' Updated Template, '" },
    { at: 36, text: 'WebServer', link: 'target' },
    { at: 45, text: "'" },
  ]);
});

test('a target that contains the name of the actor stays whole', () => {
  const parts = sentenceParts(
    'admin changed uid=admin,ou=people',
    content('admin', 'uid=admin,ou=people'),
  );
  expect(parts).toEqual([
    { at: 0, text: 'admin', link: 'actor' },
    { at: 5, text: ' changed ' },
    { at: 14, text: 'uid=admin,ou=people', link: 'target' },
  ]);
});

test('an actor is found by id, not where a role goes by the display name', () => {
  const admin: Content = {
    actor: { id: 'admin', name: 'Administrator', kind: 'user' },
    source: { system: 'test' },
  };
  expect(sentenceParts("'admin' acted as 'Administrator'", admin)).toEqual([
    { at: 0, text: "'" },
    { at: 1, text: 'admin', link: 'actor' },
    { at: 6, text: "' acted as 'Administrator'" },
  ]);
});

test('a name in quotes is meant rather than the same word before it', () => {
  expect(sentenceParts("The user 'user' Updated Template", content('user'))).toEqual([
    { at: 0, text: "The user '" },
    { at: 10, text: 'user', link: 'actor' },
    { at: 14, text: "' Updated Template" },
  ]);
});

test('what the sentence does not name is not linked, and no text is lost', () => {
  const sentence = 'The log was started';
  expect(sentenceParts(sentence, content('$System$'))).toEqual([{ at: 0, text: sentence }]);
  expect(sentenceParts(sentence, null)).toEqual([{ at: 0, text: sentence }]);
  expect(
    sentenceParts('a a b', content('a', 'b'))
      .map(({ text }) => text)
      .join(''),
  ).toBe('a a b');
});
