import { createPrivateKey } from 'node:crypto';
import { opensQuickly } from '../../ca/encrypted-key.ts';
import { readCertificate, type CertificateFacts } from '../../ca/read-certificate.ts';
import { keyIdOfPrivate } from './found.ts';

/** A stretch of a PEM file: a block with its line end, or what stands between blocks. All together are the file. */
export interface Stretch {
  /** Null: no block. */
  readonly label: string | null;
  readonly text: string;
  /** What the block is, where it is a certificate that can be read. */
  readonly certificate: CertificateFacts | null;
  /** Of which public key it is the private one; {@link CLOSED}: encrypted by a password that is not known. */
  readonly key: string | null;
}

/** Of an encrypted key: whose it is cannot be said. */
export const CLOSED = 'closed';

const BOUNDARY = /-----(BEGIN|END) ([A-Z0-9 #]{1,64})-----/g;
const LINE_END = /[ \t]*(?:\r\n|\n|\r)/y;
const CERTIFICATES: ReadonlySet<string> = new Set([
  'CERTIFICATE',
  'TRUSTED CERTIFICATE',
  'X509 CERTIFICATE',
]);

/**
 * Takes a PEM file apart; nothing is lost, whatever it holds. Keys are opened by one of the passwords, to see whose they
 * are.
 */
export function splitPem(text: string, passwords: readonly string[] = []): Stretch[] {
  const stretches: Stretch[] = [];
  const plain = (between: string) => {
    if (between !== '')
      stretches.push({ label: null, text: between, certificate: null, key: null });
  };
  let at = 0;
  let begin: RegExpExecArray | null = null;
  for (const boundary of text.matchAll(BOUNDARY)) {
    const [whole, side, label = ''] = boundary;
    if (side === 'BEGIN') {
      begin = boundary;
      continue;
    }
    // Blocks are not in each other: an end without its beginning is text, and so is a beginning without its end.
    if (begin === null || begin[2] !== label) continue;
    LINE_END.lastIndex = boundary.index + whole.length;
    const lineEnd = LINE_END.exec(text)?.[0] ?? '';
    const end = boundary.index + whole.length + lineEnd.length;
    const block = text.slice(begin.index, end);
    plain(text.slice(at, begin.index));
    stretches.push({
      label,
      text: block,
      certificate: CERTIFICATES.has(label) ? readable(block) : null,
      key: label.endsWith('PRIVATE KEY') ? ownerOf(block, passwords) : null,
    });
    at = end;
    begin = null;
  }
  plain(text.slice(at));
  return stretches;
}

/** The stretches as a file again. */
export function joinPem(stretches: readonly Stretch[]): string {
  return stretches.map(({ text }) => text).join('');
}

/** A block as it is written, with what it is. */
export function certificateStretch(certificate: CertificateFacts): Stretch {
  return { label: 'CERTIFICATE', text: certificate.pem, certificate, key: null };
}

function readable(block: string): CertificateFacts | null {
  try {
    return readCertificate(block);
  } catch {
    // Kept as it is, like everything else that nobody here can read.
    return null;
  }
}

/** Whose key it is; null: nobody can read it, with whatever password. */
function ownerOf(block: string, passwords: readonly string[]): string | null {
  const encrypted = block.includes('ENCRYPTED');
  if (encrypted && !opensQuickly(block)) return CLOSED;
  for (const passphrase of encrypted ? passwords : ['']) {
    try {
      return keyIdOfPrivate(createPrivateKey({ key: block, format: 'pem', passphrase }));
    } catch {
      // Another password may be the one.
    }
  }
  return encrypted ? CLOSED : null;
}
