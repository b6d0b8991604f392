import type { CertificateFacts } from '../../ca/read-certificate.ts';
import {
  chainIn,
  entryExists,
  isAlias,
  keyIdOf,
  keyMissing,
  malformed,
  mayIssue,
  orphans,
  type Entry,
  type Found,
} from './found.ts';
import {
  certificateBag,
  keyBag,
  localKeyId,
  openPkcs12,
  rebindKey,
  savePkcs12,
  type Bag,
  type FileSecret,
  type Part,
} from './pkcs12-file.ts';

/** An entry of a PKCS#12 file: a certificate that has a key or a name. */
interface Named {
  readonly alias: string;
  readonly certificate: CertificateFacts;
  readonly keyed: boolean;
}

/** What a PKCS#12 file holds, by friendly names. Throws `store_malformed`, `file_password_wrong`. */
export async function inventoryPkcs12(file: Uint8Array, password: string): Promise<Found[]> {
  const parts = await openPkcs12(file, password);
  const all = certificatesIn(parts);
  const entries = entriesOf(parts);
  const found: Found[] = [];
  const told = new Set<string>();
  for (const { alias, certificate, keyed } of entries) {
    found.push({ alias, chainPosition: 0, certificate, hasPrivateKey: keyed });
    told.add(certificate.fingerprint);
  }
  for (const { alias, certificate, keyed } of entries) {
    if (!keyed) continue;
    for (const [i, above] of chainIn(certificate, all).entries()) {
      if (told.has(above.fingerprint)) continue;
      found.push({ alias, chainPosition: i + 1, certificate: above, hasPrivateKey: false });
      told.add(above.fingerprint);
    }
  }
  return found;
}

/**
 * Puts a certificate into a PKCS#12 file under a name, with its key and chain, or without a key as one that is trusted;
 * a missing file is made. Java takes names without regard to case, so that is how they are compared. What is there
 * already is left as it is.
 *
 * @returns the file, or null when it is as it was
 * @throws ServerError `entry_exists`, `key_not_kept`, `store_malformed`, `file_password_wrong`
 */
export async function putPkcs12(
  file: Uint8Array | null,
  secret: FileSecret,
  entry: Entry & { readonly alias: string },
): Promise<Buffer | null> {
  const parts = file === null ? [] : await openPkcs12(file, secret.password);
  const { certificate, key, alias } = entry;
  const old = named(parts, alias);
  const keyThere = bagsOf(parts).find((bag) => bag.key === keyIdOf(certificate)) ?? null;
  const same = old?.certificate.fingerprint === certificate.fingerprint;
  if (same && (old.keyed || key === null)) return null;
  if (old !== null && !same && !entry.overwrite) throw entryExists(alias);
  if (old?.keyed === true && key === null && keyThere === null) throw keyMissing(alias);
  const name = old?.alias ?? alias;
  if (old !== null) drop(parts, old, keyThere);
  const keyId = key === null && keyThere === null ? null : localKeyId(certificate);
  if (keyThere !== null && keyId !== null) swap(parts, keyThere, rebindKey(keyThere, name, keyId));
  else if (key !== null && keyId !== null)
    partFor(parts, false).bags.push(await keyBag(key, { name, keyId, secret }));
  const known = new Set(certificatesIn(parts).map(({ fingerprint }) => fingerprint));
  partFor(parts, true).bags.push(
    certificateBag(certificate, { name, keyId, trusted: keyId === null }),
    ...(keyId === null ? [] : entry.chain)
      .filter(({ fingerprint }) => !known.has(fingerprint))
      .map((above) => certificateBag(above, { name: null, keyId: null, trusted: false })),
  );
  return await savePkcs12(parts, secret);
}

/** Takes an entry out of a PKCS#12 file, with its key and the chain nothing else needs; null when it was not there. */
export async function removePkcs12(
  file: Uint8Array,
  secret: FileSecret,
  alias: string,
): Promise<Buffer | null> {
  const parts = await openPkcs12(file, secret.password);
  const old = named(parts, alias);
  if (old === null) return null;
  drop(parts, old, null);
  return await savePkcs12(parts, secret);
}

/** The entries: certificates with a key, certificates with a name, and those that are above no other. */
function entriesOf(parts: readonly Part[]): Named[] {
  const bags = bagsOf(parts);
  const keys = new Map(bags.filter(({ key }) => key !== null).map((bag) => [bag.key, bag]));
  const all = certificatesIn(parts);
  const taken = new Set<string>();
  const entries: Named[] = [];
  const seen = new Set<string>();
  for (const { certificate, friendlyName } of bags) {
    if (certificate === null || seen.has(certificate.fingerprint)) continue;
    const key = keys.get(keyIdOf(certificate));
    const isChain =
      key === undefined &&
      friendlyName === null &&
      all.some((below) => mayIssue(certificate, below));
    if (isChain) continue;
    seen.add(certificate.fingerprint);
    const wanted = friendlyName ?? key?.friendlyName ?? '';
    // Names that cannot be shown, and the second of a name, go by the certificate.
    const usable = isAlias(wanted) && !taken.has(fold(wanted));
    const alias = usable ? wanted : certificate.fingerprint;
    taken.add(fold(alias));
    entries.push({ alias, certificate, keyed: key !== undefined });
  }
  return entries;
}

function named(parts: readonly Part[], alias: string): Named | null {
  return entriesOf(parts).find((entry) => fold(entry.alias) === fold(alias)) ?? null;
}

/** Takes out an entry: its certificate, what of its chain nothing else needs, and its key unless it is `keep`. */
function drop(parts: readonly Part[], { certificate, keyed }: Named, keep: Bag | null): void {
  const stay = certificatesIn(parts).filter(
    ({ fingerprint }) => fingerprint !== certificate.fingerprint,
  );
  const entries = new Set(entriesOf(parts).map((entry) => entry.certificate.fingerprint));
  const chain = keyed
    ? chainIn(certificate, stay).filter(({ fingerprint }) => !entries.has(fingerprint))
    : [];
  const gone = new Set([
    certificate.fingerprint,
    ...orphans(chain, stay).map(({ fingerprint }) => fingerprint),
  ]);
  const owned = keyIdOf(certificate);
  const keyStays = stay.some((one) => keyIdOf(one) === owned);
  for (const part of parts)
    part.bags = part.bags.filter(
      (bag) =>
        !(bag.certificate !== null && gone.has(bag.certificate.fingerprint)) &&
        !(bag.key === owned && bag !== keep && !keyStays),
    );
}

function swap(parts: readonly Part[], old: Bag, bag: Bag): void {
  for (const part of parts) part.bags = part.bags.map((one) => (one === old ? bag : one));
}

/** The part for keys, which are encrypted one by one, or for everything else; made where there is none. */
function partFor(parts: Part[], encrypted: boolean): Part {
  const found = parts.find((part) => part.encrypted === encrypted);
  if (found !== undefined) return found;
  const made: Part = { encrypted, bags: [] };
  if (encrypted) parts.unshift(made);
  else parts.push(made);
  return made;
}

function bagsOf(parts: readonly Part[]): Bag[] {
  return parts.flatMap(({ bags }) => bags);
}

function certificatesIn(parts: readonly Part[]): CertificateFacts[] {
  const found = bagsOf(parts)
    .map(({ certificate }) => certificate)
    .filter((one) => one !== null);
  if (found.length > 1_000)
    throw malformed('PKCS#12 file', `expected at most 1000 certificates, got ${found.length}`);
  return [...new Map(found.map((one) => [one.fingerprint, one])).values()];
}

function fold(alias: string): string {
  return alias.toLowerCase();
}
