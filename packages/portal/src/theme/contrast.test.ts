import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');

/** The colours of one appearance, by name. */
function colours(block: string): Map<string, string> {
  const start = css.indexOf(block);
  const body = css.slice(start, css.indexOf('}', start));
  return new Map(
    [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const TEXTS = ['ink', 'ink-2', 'ink-3', 'accent-ink', 'info', 'warn', 'fail', 'good'];
const GROUNDS = ['paper', 'surface', 'sunken', 'hover'];

test.each([
  ['light', ":root[data-mantine-color-scheme='light']"],
  ['dark', ":root[data-mantine-color-scheme='dark']"],
])('every text colour reads on every ground, %s', (_, block) => {
  const all = colours(block);
  const pairs = [
    ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
    ...['warn', 'fail', 'good'].map((text) => [text, `${text}-soft`] as const),
    ...['ink', 'ink-2'].flatMap((text) =>
      ['selected', 'accent-soft', 'warn-soft', 'fail-soft', 'good-soft'].map(
        (ground) => [text, ground] as const,
      ),
    ),
    ['accent-ink', 'accent-soft'] as const,
    ['on-accent', 'accent'] as const,
    ['on-accent', 'accent-strong'] as const,
  ];
  const weak = pairs
    .map(([text, ground]) => ({
      text,
      ground,
      ratio: contrast(all.get(text) ?? '', all.get(ground) ?? ''),
    }))
    .filter(({ ratio }) => !(ratio >= 4.5));
  expect(weak).toEqual([]);
});
