import { DerError } from './der.ts';

/** PEM (RFC 7468) with lines of 64 characters. */
export function formatPem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** One block of a PEM file. */
export interface PemBlock {
  readonly label: string;
  readonly der: Buffer;
  /** The block as it stood there. */
  readonly text: string;
}

/** Whether a file looks like PEM rather than DER. */
export function isPem(file: string | Uint8Array): boolean {
  const text = typeof file === 'string' ? file : Buffer.from(file).toString('latin1');
  return text.includes('-----BEGIN ');
}

/** All blocks of a PEM file, in order; text between them is passed over. */
export function readPem(file: string | Uint8Array): PemBlock[] {
  const text = typeof file === 'string' ? file : Buffer.from(file).toString('latin1');
  const blocks: PemBlock[] = [];
  const begin = /-----BEGIN ([A-Z0-9 #]{1,64})-----/g;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const [head, label = ''] = match;
    const foot = `-----END ${label}-----`;
    const end = text.indexOf(foot, begin.lastIndex);
    if (end === -1) throw new DerError(`PEM: expected "${foot}", got the end`);
    // Headers (`Proc-Type: …`) belong to keys encrypted the old way; the caller hands those to OpenSSL as text.
    const body = text.slice(match.index + head.length, end).replace(/^[\s\S]*\n\r?\n/, '');
    if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(body)) throw new DerError('PEM: expected base64');
    blocks.push({
      label,
      der: Buffer.from(body, 'base64'),
      text: `${text.slice(match.index, end)}${foot}\n`,
    });
    begin.lastIndex = end + foot.length;
  }
  return blocks;
}

/** The DER of a file that is one PEM block with one of these labels, or DER already. */
export function pemOrDer(file: string | Uint8Array, labels: readonly string[]): Buffer {
  if (!isPem(file)) {
    return typeof file === 'string'
      ? fromBase64(file)
      : Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  }
  const found = readPem(file);
  const block = found.find(({ label }) => labels.includes(label));
  if (block === undefined) {
    const got = found.map(({ label }) => label).join(', ');
    throw new DerError(`expected PEM with the label ${labels[0] ?? ''}, got ${got || 'none'}`);
  }
  return block.der;
}

/** Base64 alone: what is left when somebody copies without the lines around it. */
function fromBase64(text: string): Buffer {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) throw new DerError('expected PEM or base64');
  return Buffer.from(text, 'base64');
}
