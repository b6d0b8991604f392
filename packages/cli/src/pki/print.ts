import { printable, type Output } from '../output.ts';

/** A line of an entry: a label and its value; what is empty is left out, a list goes below its label. */
export type Field = readonly [
  label: string,
  value: string | number | boolean | null | undefined | readonly string[],
];

/** Where text goes: `output.print` for results, `output.say` beside a secret that has stdout to itself. */
type Write = (line: string) => void;

/** A message between two lines, as Dogtag's commands print it. */
export function printMessage(write: Write, message: string): void {
  const text = printable(message);
  const rule = '-'.repeat(Array.from(text).length);
  for (const line of [rule, text, rule]) write(line);
}

/** The fields of one entry, two columns in. */
export function printFields(write: Write, fields: readonly Field[]): void {
  for (const [label, value] of fields) {
    if (value === null || value === undefined || value === '') continue;
    if (typeof value === 'object') {
      if (value.length === 0) continue;
      write(`  ${label}:`);
      for (const line of value) write(`    ${printable(line)}`);
    } else {
      write(`  ${label}: ${printable(String(value))}`);
    }
  }
}

/** A message and the fields of what it is about. */
export function printEntry(write: Write, message: string, fields: readonly Field[]): void {
  printMessage(write, message);
  printFields(write, fields);
}

/** A list: how many match, each entry, how many are shown. */
export function printEntries(
  output: Pick<Output, 'print'>,
  entries: readonly (readonly Field[])[],
  total: number = entries.length,
): void {
  printMessage(output.print, `${total} entries matched`);
  if (total === 0) return;
  for (const [at, fields] of entries.entries()) {
    if (at > 0) output.print('');
    printFields(output.print, fields);
  }
  printMessage(output.print, `Number of entries returned ${entries.length}`);
}
