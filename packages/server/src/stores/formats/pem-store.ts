import type { KeyObject } from 'node:crypto';
import { formatPrivateKey } from '../../ca/containers.ts';
import type { CertificateFacts } from '../../ca/read-certificate.ts';
import {
  chainIn,
  entryExists,
  keyIdOf,
  keyIdOfPrivate,
  keyMissing,
  malformed,
  mayIssue,
  orphans,
  type Entry,
  type Found,
} from './found.ts';
import { certificateStretch, CLOSED, joinPem, splitPem, type Stretch } from './pem-text.ts';

/** A PEM file, and the file its private keys are in where that is another one. Null: not there. */
export interface PemTexts {
  readonly main: string | null;
  /** Undefined: keys are in the main file. */
  readonly keys?: string | null;
}

/** How a PEM file is read and written. */
export interface PemOptions {
  /** What is named in errors. */
  readonly what: string;
  /** By these encrypted keys are opened, to see whose they are. */
  readonly passwords: readonly string[];
  /** The file is one entry: what is put there takes the place of what is there, also without a key. */
  readonly single: boolean;
}

/** Most blocks of one file; a list of all the world's authorities has some hundred. */
const MAX_BLOCKS = 2_000;
/** The word stands twice or thrice in a block. */
const MAX_LOCKED = 60;

/** A file taken apart, main file and keys. */
interface Parts {
  main: Stretch[];
  keys: Stretch[] | null;
}

/** What a PEM file holds: every certificate is called by its fingerprint. */
export function inventoryPem(texts: PemTexts, options: PemOptions): Found[] {
  const parts = split(texts, options);
  const certificates = certificatesIn(parts.main);
  const own = certificates.filter((one) => !certificates.some((below) => mayIssue(one, below)));
  const depth = new Map<string, number>();
  for (const one of own)
    for (const [i, above] of chainIn(one, certificates).entries())
      if (!own.includes(above) && !depth.has(above.fingerprint))
        depth.set(above.fingerprint, i + 1);
  return certificates.map((certificate) => ({
    alias: certificate.fingerprint,
    chainPosition: depth.get(certificate.fingerprint) ?? 0,
    certificate,
    hasPrivateKey: hasKey(parts, certificate),
  }));
}

/**
 * Puts a certificate into a PEM file. With its private key it becomes what the file stands for: it takes the place of the
 * certificate whose key was there, the chain follows it. Without one it is added at the end, to those that are trusted.
 * What is there already is left as it is, so doing it twice is doing it once.
 *
 * @throws ServerError `entry_exists`, `key_not_kept`, `store_malformed`
 */
export function putPem(
  texts: PemTexts,
  entry: Entry,
  options: PemOptions & { readonly alias: string | null },
): PemTexts {
  const parts = split(texts, options);
  const { certificate, key } = entry;
  const owned = keyIdOf(certificate);
  const keyThere = [...parts.main, ...(parts.keys ?? [])].some((block) => block.key === owned);
  const certificates = certificatesIn(parts.main);
  const there = certificates.some(({ fingerprint }) => fingerprint === certificate.fingerprint);
  const old = standing(parts, certificates, certificate, options);
  if (key === null && !keyThere && !options.single) {
    if (there) return texts;
    const named = certificates.find(({ fingerprint }) => fingerprint === options.alias);
    if (named !== undefined && !entry.overwrite) throw entryExists(named.fingerprint);
    if (named !== undefined && hasKey(parts, named)) throw keyMissing(named.fingerprint);
    addTrusted(parts, certificate, named ?? null);
    return join(parts);
  }
  if (old !== null && !entry.overwrite) throw entryExists(options.alias ?? old.fingerprint);
  if (key === null && !keyThere && old !== null && hasKey(parts, old))
    throw keyMissing(options.alias ?? old.fingerprint);
  placeCertificates(parts, entry, old);
  if (key !== null && !keyThere) placeKey(parts, key, entry, old);
  return join(parts);
}

/**
 * Takes a certificate out of a PEM file, with its private key, and with those above it that nothing else needs where it
 * had a key. Null for a file in which nothing is left. What is not there is not missed.
 */
export function removePem(texts: PemTexts, fingerprint: string, options: PemOptions): PemTexts {
  const parts = split(texts, options);
  const certificates = certificatesIn(parts.main);
  const gone = certificates.find((one) => one.fingerprint === fingerprint);
  if (gone === undefined) return texts;
  const owned = keyIdOf(gone);
  const identity = options.single || hasKey(parts, gone);
  const stay = certificates.filter((one) => one !== gone);
  const drop = new Set([
    fingerprint,
    ...(identity ? orphans(chainIn(gone, stay), stay) : []).map((one) => one.fingerprint),
  ]);
  const keyStays = stay.some((one) => !drop.has(one.fingerprint) && keyIdOf(one) === owned);
  const isKept = ({ certificate, key }: Stretch) =>
    !(certificate !== null && drop.has(certificate.fingerprint)) &&
    !(key !== null && !keyStays && (key === owned || (key === CLOSED && identity)));
  parts.main = parts.main.filter(isKept);
  parts.keys = parts.keys?.filter(isKept) ?? null;
  const { main, keys } = join(parts);
  const nothing = (text: string | null) => (text?.trim() === '' ? null : text);
  return keys === undefined
    ? { main: nothing(main) }
    : { main: nothing(main), keys: nothing(keys) };
}

/** The certificate that stands where the new one is to be, when it is another. */
function standing(
  parts: Parts,
  certificates: readonly CertificateFacts[],
  certificate: CertificateFacts,
  { single }: PemOptions,
): CertificateFacts | null {
  const keyed = certificates.find((one) => hasKey(parts, one));
  const first = certificates.find((one) => !certificates.some((below) => mayIssue(one, below)));
  const old = keyed ?? (single ? first : undefined) ?? null;
  return old?.fingerprint === certificate.fingerprint ? null : old;
}

/** The certificate and its chain where the old one was, or before everything else. */
function placeCertificates(parts: Parts, entry: Entry, old: CertificateFacts | null): void {
  const { certificate, chain } = entry;
  const certificates = certificatesIn(parts.main);
  if (certificates.some(({ fingerprint }) => fingerprint === certificate.fingerprint)) return;
  const stay = certificates.filter((one) => one !== old);
  const drop = new Set(
    (old === null ? [] : [old, ...orphans(chainIn(old, stay), stay)]).map((one) => one.fingerprint),
  );
  const isDropped = ({ certificate: held }: Stretch) => held !== null && drop.has(held.fingerprint);
  const place = parts.main.findIndex(
    ({ certificate: held }) => old !== null && held?.fingerprint === old.fingerprint,
  );
  const before = place === -1 ? [] : parts.main.slice(0, place);
  const after = place === -1 ? parts.main : parts.main.slice(place);
  const left = [...before, ...after].filter((block) => !isDropped(block));
  const known = new Set(certificatesIn(left).map(({ fingerprint }) => fingerprint));
  parts.main = [
    ...ended(before.filter((block) => !isDropped(block))),
    certificateStretch(certificate),
    ...chain.filter(({ fingerprint }) => !known.has(fingerprint)).map(certificateStretch),
    ...after.filter((block) => !isDropped(block)),
  ];
}

/** The key where the old one was, or behind the certificates, or in the file of keys. */
function placeKey(parts: Parts, key: KeyObject, entry: Entry, old: CertificateFacts | null): void {
  const stretch: Stretch = {
    label: 'PRIVATE KEY',
    text: formatPrivateKey(key, entry.entryPassword),
    certificate: null,
    key: keyIdOfPrivate(key),
  };
  const owned = old === null ? null : keyIdOf(old);
  const isOld = (block: Stretch) =>
    block.key !== null && (block.key === owned || (block.key === CLOSED && old !== null));
  for (const list of [parts.main, parts.keys ?? []]) {
    const place = list.findIndex(isOld);
    if (place === -1) continue;
    list[place] = stretch;
    return;
  }
  if (parts.keys === null) {
    const last = parts.main.findLastIndex(
      ({ certificate }) =>
        certificate !== null &&
        [entry.certificate, ...entry.chain].some(
          (one) => one.fingerprint === certificate.fingerprint,
        ),
    );
    parts.main = [...ended(parts.main.slice(0, last + 1)), stretch, ...parts.main.slice(last + 1)];
    return;
  }
  // A key of nobody's: the file of keys is of one certificate, so it would be taken for this one's.
  const other = parts.keys.findIndex((block) => block.key !== null);
  if (other !== -1 && !entry.overwrite) throw entryExists('the private key');
  if (other === -1) parts.keys = [...ended(parts.keys), stretch];
  else parts.keys[other] = stretch;
}

function addTrusted(
  parts: Parts,
  certificate: CertificateFacts,
  instead: CertificateFacts | null,
): void {
  const place = parts.main.findIndex(
    (block) => instead !== null && block.certificate?.fingerprint === instead.fingerprint,
  );
  if (place !== -1) parts.main[place] = certificateStretch(certificate);
  else parts.main = [...ended(parts.main), certificateStretch(certificate)];
}

function split({ main, keys }: PemTexts, { what, passwords }: PemOptions): Parts {
  // Counted before anything is read: reading is what takes time.
  for (const text of [main ?? '', keys ?? '']) {
    const blocks = text.split('-----BEGIN ').length - 1;
    if (blocks > MAX_BLOCKS)
      throw malformed(what, `expected at most ${MAX_BLOCKS} blocks, got ${blocks}`);
    const locked = text.split('ENCRYPTED').length - 1;
    if (locked > MAX_LOCKED)
      throw malformed(what, `expected at most ${MAX_LOCKED} encrypted keys, got more`);
  }
  return {
    main: splitPem(main ?? '', passwords),
    keys: keys === undefined ? null : splitPem(keys ?? '', passwords),
  };
}

function join(parts: Parts): PemTexts {
  const main = joinPem(parts.main);
  return parts.keys === null ? { main } : { main, keys: joinPem(parts.keys) };
}

/** Each once. */
function certificatesIn(stretches: readonly Stretch[]): CertificateFacts[] {
  const found = stretches.map(({ certificate }) => certificate).filter((one) => one !== null);
  return [...new Map(found.map((one) => [one.fingerprint, one])).values()];
}

/** Whether a certificate's key is in the file; one that does not open belongs to the file's first certificate. */
function hasKey({ main, keys }: Parts, certificate: CertificateFacts): boolean {
  const owners = new Set([...main, ...(keys ?? [])].map(({ key }) => key));
  if (owners.has(keyIdOf(certificate))) return true;
  const first = certificatesIn(main).find(({ isAuthority }) => !isAuthority);
  return owners.has(CLOSED) && first?.fingerprint === certificate.fingerprint;
}

/** With a line end at the end: a block begins on a line of its own. */
function ended(stretches: readonly Stretch[]): Stretch[] {
  const last = stretches.at(-1);
  if (last === undefined || /[\r\n]$/.test(last.text)) return [...stretches];
  return [...stretches, { label: null, text: '\n', certificate: null, key: null }];
}
