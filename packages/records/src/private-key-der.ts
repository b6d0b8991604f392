/**
 * Tells a private key by the first bytes of its DER. Each form is a SEQUENCE that begins as no public
 * key, certificate, request or CMS message does.
 */

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OID = 0x06;

/** 1.2.840.113549.1.5 (PKCS #5) and .12.1 (PKCS #12): encryption with a password. */
const PKCS5 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];
const PKCS12_PBE = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01];

/** Whether base64 (either alphabet, line breaks allowed) begins as the DER of a private key does. */
export function isPrivateKeyDer(base64: string): boolean {
  const bytes = firstBytes(base64);
  const first = contentOf(bytes, 0);
  if (first === null) return false;
  const [tag, length, version, next] = bytes.slice(first, first + 4);
  if (tag === INTEGER && length === 1) {
    // PKCS#8, both versions (RFC 5958): the algorithm follows. A PFX (RFC 7292) has version 3.
    if (next === SEQUENCE) return version === 0 || version === 1 || version === 3;
    // RSAPrivateKey (RFC 8017) and DSA's: numbers follow. ECPrivateKey (RFC 5915): the key itself.
    return (next === INTEGER && version === 0) || (next === OCTET_STRING && version === 1);
  }
  // EncryptedPrivateKeyInfo (RFC 5958): the encryption, with its identifier, comes first.
  const algorithm = contentOf(bytes, first);
  if (algorithm === null || bytes[algorithm] !== OID) return false;
  const identifier = bytes.slice(algorithm + 2);
  return startsWith(identifier, PKCS5) || startsWith(identifier, PKCS12_PBE);
}

function firstBytes(base64: string): number[] {
  const text = base64
    .slice(0, 80)
    .replaceAll(/[\s=]/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
    .slice(0, 40);
  return Array.from(atob(text.slice(0, text.length - (text.length % 4))), (c) => c.charCodeAt(0));
}

/** Where the content of the SEQUENCE at `at` begins, or null when none is there. */
function contentOf(bytes: readonly number[], at: number): number | null {
  const length = bytes[at + 1];
  if (bytes[at] !== SEQUENCE || length === undefined) return null;
  if (length < 0x80) return at + 2;
  return length > 0x80 && length <= 0x84 ? at + 2 + (length - 0x80) : null;
}

function startsWith(bytes: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
