import { canonicalize } from '@countersign/tlog';
import type { JsonValue } from '@countersign/tlog';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatContent } from './content-json.ts';
import type { Content } from './record.ts';
import { draftOf, WHOLE } from './testing.ts';

/** What a function does: its result, or its message. */
function effect(act: () => string): string {
  try {
    return act();
  } catch (error) {
    return String(error);
  }
}

/** Contents for which the two ways differ, with what each does. */
function differing(contents: readonly unknown[]): unknown[] {
  return contents
    .map((content) => [
      effect(() => formatContent(content as Content)),
      effect(() => canonicalize(content as JsonValue)),
    ])
    .filter(([ours, general]) => ours !== general);
}

/** Keys of an object in another order. */
function shuffled(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  const object = value as Record<string, unknown>;
  return Object.fromEntries(order(Object.keys(object)).map((k) => [k, shuffled(object[k], order)]));
}

const { before: _, after: __, ...plain } = WHOLE;

it('writes what canonicalize writes, whatever the order of fields', () => {
  const contents = [WHOLE, plain, draftOf().content].flatMap((content) => [
    content,
    shuffled(content, (keys) => keys.toReversed()),
    shuffled(content, (keys) => keys.toSorted()),
  ]);
  expect(differing(contents)).toEqual([]);
});

it('writes any string as canonicalize does, or refuses it alike', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 });
  const strings = fc.oneof(
    units.map((u) => String.fromCharCode(...u)),
    fc.constantFrom('\\ud800', '\ud800', '\\\ud800', '\udc00x', '__proto__', '\u2028'),
  );
  fc.assert(
    fc.property(strings, strings, strings, fc.option(strings), (id, name, text, value) => {
      const content = {
        ...plain,
        actor: { id, name, kind: 'user', roles: [text] },
        related: [{ type: 't', id: text }],
        attributes: [[name, value]],
      };
      expect(differing([content])).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

it('leaves nothing out that it does not know', () => {
  const date = new Date(0);
  const others: unknown[] = [
    { ...plain, extra: 1 },
    { ...plain, reason: undefined },
    { ...plain, actor: { ...plain.actor, extra: 'x' } },
    { ...plain, actor: { ...plain.actor, name: undefined } },
    { ...plain, origin: {} },
    { ...plain, related: [{ type: 't', id: 'i', extra: null }] },
    { ...plain, related: [] },
    { ...plain, attributes: [['a', undefined]] },
    { ...plain, attributes: [['a', 'b', 'c']] },
    { ...plain, attributes: [['a', 1]] },
    { ...plain, attributes: [] },
    { ...plain, actor: { ...plain.actor, roles: [date] } },
  ];
  expect(differing(others)).toEqual([]);
  expect(JSON.parse(formatContent(others[0] as Content))).toHaveProperty('extra', 1);
});
