/**
 * Puts files in the order of the chain: the first signature of a file signs the end of the file
 * before it. Names and times only say which file to try first, and how to order pieces of a chain
 * that nothing joins.
 */
import type { Judge } from './judge.ts';
import type { FileScan } from './file-scan.ts';
import { SIGNING_EVENT } from './layout.ts';

/** A file in its place. */
export interface Link {
  readonly scan: FileScan;
  /**
   * start: the first signature signs nothing; linked: it signs the end of the file before; none: what
   * it signs is not among the files; unsigned: the file has no signature.
   */
  readonly by: 'start' | 'linked' | 'none' | 'unsigned';
  /** Index of the key of the first signature, when it verifies. */
  readonly key?: number;
  /** Set when only the last signature line of the file before was signed, not the lines behind it. */
  readonly skipsTail?: true;
  readonly charset?: string;
}

/** The files in order, and those that are none of the chain. */
export interface Chain {
  readonly links: readonly Link[];
  readonly duplicates: readonly { readonly scan: FileScan; readonly of: FileScan }[];
  readonly empty: readonly FileScan[];
  /** Files whose chain repeats signatures of another file. */
  readonly replays: readonly { readonly scan: FileScan; readonly of: FileScan }[];
  /** Files that sign the end of the same file: two histories. */
  readonly forks: readonly { readonly scan: FileScan; readonly after: FileScan }[];
}

/** Orders scanned files. Tries at most some ten thousand signatures beyond one per file. */
export function orderFiles(scans: readonly FileScan[], judge: Judge): Chain {
  const empty = scans.filter((scan) => scan.size === 0 || scan.lines === 0);
  const { kept, duplicates } = splitDuplicates(scans.filter((scan) => !empty.includes(scan)));
  const byTime = [...kept].sort(compareFiles);
  const signed = byTime.filter((scan) => scan.first !== undefined);
  const { links, forks } = findLinks(signed, judge);
  return {
    links: arrange(byTime, links),
    duplicates,
    empty,
    replays: findReplays(signed, links),
    forks,
  };
}

interface Predecessor {
  readonly link: Link;
  readonly previous?: FileScan;
}

const MAX_EXTRA_TRIES = 20_000;

/** Finds for every signed file the file whose end its first signature signs. */
function findLinks(
  signed: readonly FileScan[],
  judge: Judge,
): { links: Map<FileScan, Predecessor>; forks: { scan: FileScan; after: FileScan }[] } {
  const links = new Map<FileScan, Predecessor>();
  const successorOf = new Map<FileScan, FileScan>();
  const forks: { scan: FileScan; after: FileScan }[] = [];
  let tries = MAX_EXTRA_TRIES + signed.length;
  for (const [index, scan] of signed.entries()) {
    const signature = scan.first?.signature;
    if (signature === undefined) {
      links.set(scan, { link: { scan, by: 'none' } });
      continue;
    }
    const start = judge.findStart(signature, lastMention(scan.head.bytes));
    if (start !== undefined) {
      links.set(scan, { link: { scan, by: 'start', key: start.key } });
      continue;
    }
    let found: Predecessor | undefined;
    for (const candidate of outward(signed, index)) {
      if (tries <= 0) break;
      tries -= 1;
      const link = joins(candidate, scan, signature, judge);
      if (link === undefined) continue;
      const rival = successorOf.get(candidate);
      if (rival === undefined) {
        successorOf.set(candidate, scan);
        found = { link, previous: candidate };
      } else {
        forks.push({ scan, after: candidate });
        found = { link: { scan, by: 'none' } };
      }
      break;
    }
    links.set(scan, found ?? { link: { scan, by: 'none' } });
  }
  return { links, forks };
}

/**
 * The last line that mentions the signing event before the first signature: a server whose signing was
 * switched on, which logs CONFIG_SIGNED_AUDIT, starts from that line as if it were a signature.
 */
function lastMention(head: Uint8Array): Uint8Array | undefined {
  const text = new TextDecoder('latin1').decode(head);
  const at = text.lastIndexOf(SIGNING_EVENT);
  if (at === -1) return undefined;
  const end = text.indexOf('\n', at);
  return head.subarray(text.lastIndexOf('\n', at) + 1, end === -1 ? head.length : end + 1);
}

/** Returns how a file continues another, `undefined` when it does not. */
function joins(
  previous: FileScan,
  scan: FileScan,
  signature: Uint8Array,
  judge: Judge,
): Link | undefined {
  const last = previous.last!;
  const span = concat(last.tail, previous.complete ? null : LINE_FEED, scan.head.bytes);
  const finding = judge.find(span, signature, [last.bytes]);
  if (finding === undefined || finding.form === 'start') return undefined;
  return {
    scan,
    by: 'linked',
    key: finding.key,
    ...(finding.form === 'restart' ? { skipsTail: true as const } : {}),
    ...(finding.charset === undefined ? {} : { charset: finding.charset }),
  };
}

/**
 * A chain can be copied from its beginning on to another place, and still verifies there: what gives it
 * away is that its signatures are there twice. The very first is left out: an RSA key signs nothing
 * with the same signature each time.
 */
function findReplays(
  signed: readonly FileScan[],
  links: ReadonlyMap<FileScan, Predecessor>,
): { scan: FileScan; of: FileScan }[] {
  const seen = new Map<string, FileScan>();
  const replays = new Map<FileScan, FileScan>();
  for (const scan of signed) {
    if (links.get(scan)?.link.by !== 'start') continue;
    for (const mark of [...scan.marks.values()].slice(1)) {
      const of = seen.get(mark);
      if (of === undefined) seen.set(mark, scan);
      else if (of !== scan && !replays.has(scan)) replays.set(scan, of);
    }
  }
  return [...replays].map(([scan, of]) => ({ scan, of }));
}

/** The pieces that links make, in order of time, and among them files without signatures, by their time. */
function arrange(byTime: readonly FileScan[], links: ReadonlyMap<FileScan, Predecessor>): Link[] {
  const next = new Map<FileScan, FileScan>();
  for (const [scan, { previous }] of links) if (previous !== undefined) next.set(previous, scan);
  // A file that begins a chain goes before others of its time: what it begins comes behind it.
  const begins = (scan: FileScan): number => (links.get(scan)!.link.by === 'start' ? 0 : 1);
  const signed = byTime
    .filter((scan) => links.has(scan))
    .sort((a, b) => compare(a.firstTime ?? '', b.firstTime ?? '') || begins(a) - begins(b));
  const placed = new Set<FileScan>();
  const arranged: Link[] = [];
  const follow = (first: FileScan, firstLink = links.get(first)!.link): void => {
    for (
      let scan: FileScan | undefined = first;
      scan !== undefined && !placed.has(scan);
      scan = next.get(scan)
    ) {
      placed.add(scan);
      arranged.push(scan === first ? firstLink : links.get(scan)!.link);
    }
  };
  for (const scan of signed) if (links.get(scan)?.previous === undefined) follow(scan);
  // Copies of old files put behind new ones could close a ring; it is opened at its earliest file.
  for (const scan of signed) if (!placed.has(scan)) follow(scan, { scan, by: 'none' });
  for (const scan of byTime) {
    if (links.has(scan)) continue;
    const later = arranged.findIndex((link) => compareFiles(scan, link.scan) < 0);
    arranged.splice(later === -1 ? arranged.length : later, 0, { scan, by: 'unsigned' });
  }
  return arranged;
}

/** Separates files that are there twice, or are an earlier copy of another. */
function splitDuplicates(scans: readonly FileScan[]): {
  kept: FileScan[];
  duplicates: { scan: FileScan; of: FileScan }[];
} {
  const kept: FileScan[] = [];
  const duplicates: { scan: FileScan; of: FileScan }[] = [];
  const bySize = [...scans].sort((a, b) => b.size - a.size || compareFiles(a, b));
  const byDigest = new Map<string, FileScan>();
  const byFirst = new Map<string, FileScan[]>();
  for (const scan of bySize) {
    const first = [...scan.marks].slice(0, 1).join();
    const candidates = first === '' ? [] : (byFirst.get(first) ?? []);
    const of =
      byDigest.get(scan.digest) ?? candidates.find((longer) => isEarlierCopy(scan, longer));
    if (of !== undefined) {
      duplicates.push({ scan, of });
      continue;
    }
    kept.push(scan);
    byDigest.set(scan.digest, scan);
    byFirst.set(first, [...candidates, scan]);
  }
  return { kept: scans.filter((scan) => kept.includes(scan)), duplicates };
}

/** Whether everything a file has signed is also signed, at the same places, in a longer one. */
function isEarlierCopy(scan: FileScan, longer: FileScan): boolean {
  if (scan.marks.size < 2 || scan.invalid > 0) return false;
  return [...scan.marks].every(([offset, mark]) => longer.marks.get(offset) === mark);
}

/** By time, then rotated files before the current one, then by name. */
function compareFiles(a: FileScan, b: FileScan): number {
  return (
    compare(a.firstTime ?? '', b.firstTime ?? '') ||
    compare(a.lastTime ?? '', b.lastTime ?? '') ||
    Number(!isRotated(a.name)) - Number(!isRotated(b.name)) ||
    compare(a.name, b.name)
  );
}

/** Whether a name ends in the time of a rotation, `.yyyyMMddHHmmss`. */
function isRotated(name: string): boolean {
  return baseName(name) !== name;
}

/** A file's name without the time of its rotation: what all files of one log share. */
export function baseName(name: string): string {
  return name.replace(/\.\d{14}$/, '');
}

/** The files nearest to an index first, those before it ahead of those behind. */
function* outward(scans: readonly FileScan[], index: number): Generator<FileScan> {
  for (let distance = 1; distance < scans.length; distance += 1) {
    const before = scans[index - distance];
    if (before !== undefined) yield before;
    const behind = scans[index + distance];
    if (behind !== undefined) yield behind;
  }
}

const LINE_FEED = new Uint8Array([0x0a]);

function concat(...parts: readonly (Uint8Array | null)[]): Uint8Array {
  const present = parts.filter((part) => part !== null);
  const joined = new Uint8Array(present.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of present) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
