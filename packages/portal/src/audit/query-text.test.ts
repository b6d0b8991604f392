import { expect, test } from 'vitest';
import { faultOf, paintQuery, takeSuggestion } from './query-text.ts';

test('an empty query and a good one have no fault', () => {
  expect(faultOf(' ')).toBeNull();
  expect(faultOf('Level -eq Warning AND revoked')).toBeNull();
});

test('a fault says what and where', () => {
  const fault = faultOf('Levle -eq Warning');
  expect(fault?.code).toBe('query_unknown_field');
  expect(fault?.position).toBe(0);
  expect(fault?.length).toBe(5);
  expect(fault?.suggestion).toBe('Level');
});

test('painting loses no character and marks exactly the fault', () => {
  const text = 'Levle -eq  Warning ';
  const stretches = paintQuery(text, faultOf(text));
  expect(stretches.map((stretch) => stretch.text).join('')).toBe(text);
  expect(stretches.filter(({ fault }) => fault).map((stretch) => stretch.text)).toEqual(['Levle']);
});

test('a fault at the end is seen behind the text', () => {
  const text = 'Level -eq';
  expect(paintQuery(text, faultOf(text)).at(-1)?.fault).toBe(true);
});

test('a suggestion replaces what was typed and is followed by one space', () => {
  const field = { kind: 'field', insert: 'Level', label: 'Level' } as const;
  expect(takeSuggestion('Lev', { from: 0, to: 3 }, field)).toEqual({ text: 'Level ', cursor: 6 });
  expect(takeSuggestion('Lev -eq 1', { from: 0, to: 3 }, field)).toEqual({
    text: 'Level -eq 1',
    cursor: 6,
  });
});
