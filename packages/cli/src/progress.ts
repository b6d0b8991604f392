/**
 * Progress on stderr: a bar on a terminal, now and then a line elsewhere, nothing when quiet. Results
 * on stdout are never touched.
 */
import type { Output } from './output.ts';

export interface Progress {
  /** Says how far it is. `total` 0: not known. May be called as often as one likes. */
  readonly update: (done: number, total: number) => void;
  /** Removes the bar; call it always, also after a failure. */
  readonly end: () => void;
}

export interface ProgressOptions {
  readonly quiet?: boolean | undefined;
  /** How amounts are written, e.g. as bytes; plain numbers by default. */
  readonly format?: (amount: number) => string;
  /** For tests: where it is written, and the time in milliseconds. */
  readonly stream?: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>;
  readonly now?: () => number;
}

/** A terminal is drawn at most this often, elsewhere a line is written at most this often. */
const BAR_MS = 100;
const LINE_MS = 5000;
const BAR_WIDTH = 28;

/** Starts a progress display. It draws nothing before the first update, and nothing for quick work. */
export function createProgress(
  label: string,
  output: Pick<Output, 'styleTalk'>,
  options: ProgressOptions = {},
): Progress {
  const { stream = process.stderr, now = performance.now.bind(performance) } = options;
  const format = options.format ?? ((n) => n.toLocaleString('en-US'));
  if (options.quiet === true) return { update: () => undefined, end: () => undefined };
  const started = now();
  const pause = stream.isTTY ? BAR_MS : LINE_MS;
  let last = started;
  let drawn = false;
  const describe = (done: number, total: number): string => {
    const seconds = (now() - started) / 1000;
    const rate = seconds > 0 ? `${format(Math.round(done / seconds))}/s` : '';
    if (total <= 0) return `${format(done)}  ${rate}`;
    const percent = `${Math.floor((100 * done) / total)}%`;
    const left =
      done > 0 && done < total ? `  ${duration((seconds * (total - done)) / done)} left` : '';
    return `${percent.padStart(4)}  ${format(done)} of ${format(total)}  ${rate}${left}`;
  };
  return {
    update: (done, total) => {
      if (now() - last < pause) return;
      last = now();
      drawn = true;
      const text = describe(done, total);
      if (!stream.isTTY) {
        stream.write(`${label}: ${text.trim()}\n`);
        return;
      }
      const bar = total > 0 ? ` ${output.styleTalk('cyan', drawBar(done / total))}` : '';
      const room = Math.max(0, (stream.columns ?? 80) - label.length - BAR_WIDTH - 3);
      stream.write(`\r${label}${bar} ${text.slice(0, room)}\u001b[K`);
    },
    end: () => {
      if (drawn && stream.isTTY) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
}

/** Bytes in the unit that suits them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`;
}

function drawBar(fraction: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  return '━'.repeat(full) + ' '.repeat(BAR_WIDTH - full);
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.ceil(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.ceil((seconds % 3600) / 60)} min`;
}
