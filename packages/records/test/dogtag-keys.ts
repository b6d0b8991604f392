/** Keys for tests: each with the signer Dogtag would use and the key that verifies it. */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { SignatureKey } from '../src/dogtag/report.ts';

export interface TestKey {
  readonly key: SignatureKey;
  sign(data: Uint8Array): Uint8Array;
}

/** Makes a key: `rsa` with bits, `ec` with a curve's name, or `ml-dsa-65`. */
export function testKey(type: 'rsa' | 'ec' | 'ml-dsa-65', detail: number | string = 2048): TestKey {
  const { publicKey, privateKey } = generate(type, detail);
  const digest = type === 'ml-dsa-65' ? null : 'sha256';
  return {
    key: { name: `${type} ${detail}`, verify: (data, s) => verify(digest, data, publicKey, s) },
    sign: (data) => sign(digest, data, privateKey),
  };
}

function generate(type: string, detail: number | string) {
  if (type === 'rsa') return generateKeyPairSync('rsa', { modulusLength: Number(detail) });
  if (type === 'ec') return generateKeyPairSync('ec', { namedCurve: String(detail) });
  return generateKeyPairSync('ml-dsa-65');
}
