import type { Content } from '@countersign/records';
import { expect, test } from 'vitest';
import { actorText, targetText } from './record-texts.ts';

const content: Content = {
  actor: { id: 'EXAMPLE\\mlopez', name: 'María López', kind: 'user' },
  source: { system: 'demo' },
  target: { type: 'role', id: '17', name: 'Certificate Operators' },
};

test('an actor is shown by the id that identifies, with the rest at hand', () => {
  expect(actorText(content)).toEqual({
    text: 'EXAMPLE\\mlopez',
    whole: 'EXAMPLE\\mlopez\nMaría López\nuser',
    field: 'ActingUser',
    id: 'EXAMPLE\\mlopez',
    known: true,
  });
});

test('who could not be identified is told in words and found by what the log calls them', () => {
  const actor = actorText({ ...content, actor: { id: '$Unidentified$', kind: 'unknown' } });
  expect(actor).toMatchObject({ text: 'Unidentified', id: '$Unidentified$', known: false });
  expect(actor?.whole).toBe('$Unidentified$\nunknown');
});

test('a target is shown by its name and found by its id', () => {
  expect(targetText(content)).toMatchObject({
    text: 'Certificate Operators',
    whole: 'Certificate Operators\n17\nrole',
    field: 'ImmutableIdentifier',
    id: '17',
  });
  const { target: _, ...without } = content;
  expect(targetText(without)).toBeNull();
  expect(targetText(null)).toBeNull();
});

test('where a right was decided the resource stands for the target', () => {
  const { target: _, ...without } = content;
  const authorization = { resource: 'certServer.log.status', operation: 'read', roles: [] };
  expect(targetText({ ...without, authorization })).toMatchObject({
    text: 'certServer.log.status',
    field: 'Resource',
  });
  expect(targetText({ ...content, authorization })?.id).toBe('17');
});
