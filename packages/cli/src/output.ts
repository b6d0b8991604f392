import { styleText } from 'node:util';

/** Where a command writes: results on stdout, talk on stderr. */
export interface Output {
  /** Whether results and errors are JSON. */
  readonly json: boolean;
  /** Whether stdout is a terminal: tables, colours and cut columns are for people only. */
  readonly terminal: boolean;
  /** Columns of the terminal, or undefined when stdout is not one. */
  readonly width: number | undefined;
  /** Writes one line of the result. */
  print(this: void, line: string): void;
  /** Writes one JSON document, on one line. */
  printJson(value: unknown): void;
  /** Writes one line of talk; silent is never needed, stdout stays clean. */
  say(this: void, line: string): void;
  /** Styles text for stdout; plain when stdout is no terminal or `NO_COLOR` is set. */
  style(format: Style, text: string): string;
  /** Styles text for stderr. */
  styleTalk(format: Style, text: string): string;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export function createOutput(options: { json?: boolean | undefined } = {}): Output {
  const { stdout, stderr } = process;
  return {
    json: options.json ?? false,
    terminal: stdout.isTTY,
    // Some terminals claim to have no columns at all.
    width: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    print: (line) => void stdout.write(`${line}\n`),
    printJson: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    say: (line) => void stderr.write(`${line}\n`),
    style: (format, text) => styleText(format, text, { stream: stdout }),
    styleTalk: (format, text) => styleText(format, text, { stream: stderr }),
  };
}

/**
 * Text from a record as one line that cannot command a terminal: control characters, line separators and
 * bidirectional overrides are shown as escapes.
 */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (c) => ESCAPES.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Lays rows out in columns two spaces apart; the last column is cut to `width` when one is given. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width?: number,
): string[] {
  const all = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...all.map((row) => displayWidth(row[column] ?? ''))),
  );
  return all.map((row) => {
    const cells = row.map((cell, column) => {
      const last = column === row.length - 1;
      return last ? cell : cell + ' '.repeat((widths[column] ?? 0) - displayWidth(cell));
    });
    return cut(cells.join('  ').trimEnd(), width);
  });
}

function displayWidth(text: string): number {
  return Array.from(text).length;
}

function cut(line: string, width: number | undefined): string {
  const characters = Array.from(line);
  return width === undefined || characters.length <= width
    ? line
    : `${characters.slice(0, width - 1).join('')}…`;
}
