import { OctetString, BmpString } from 'asn1js';
import {
  Attribute,
  AuthenticatedSafe,
  CertBag,
  Certificate,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs';
import { createHash, type X509Certificate } from 'node:crypto';
import type { Identity } from './issue.ts';

const KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
/** The password has 128 random bits: stretching it adds nothing, importing stays quick. */
const ITERATIONS = 10_000;

/**
 * A PKCS#12 file (RFC 7292) with a key, its certificate and its authority's: PBES2 with AES-256-CBC and
 * PBKDF2-HMAC-SHA-256, integrity by HMAC-SHA-256. Browsers, OpenSSL 3, Java and macOS 12 and later read it.
 */
export async function formatPkcs12(
  { key, certificate }: Identity,
  authority: X509Certificate,
  options: { readonly name: string; readonly password: string },
): Promise<Uint8Array> {
  const password = new TextEncoder().encode(options.password).buffer;
  const encryption = {
    password,
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256 },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: ITERATIONS,
  };
  const keyBag = new PKCS8ShroudedKeyBag({
    parsedValue: PrivateKeyInfo.fromBER(key.export({ type: 'pkcs8', format: 'der' })),
  });
  await keyBag.makeInternalValues(encryption);
  const id = createHash('sha1').update(certificate.raw).digest();
  const attributes = [
    new Attribute({ type: LOCAL_KEY_ID, values: [new OctetString({ valueHex: id })] }),
    new Attribute({ type: FRIENDLY_NAME, values: [new BmpString({ value: options.name })] }),
  ];
  const safe = new AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        {
          // The key is encrypted by itself.
          privacyMode: 0,
          value: new SafeContents({
            safeBags: [
              new SafeBag({ bagId: KEY_BAG, bagValue: keyBag, bagAttributes: attributes }),
            ],
          }),
        },
        {
          privacyMode: 1,
          value: new SafeContents({
            safeBags: [certificateBag(certificate, attributes), certificateBag(authority)],
          }),
        },
      ],
    },
  });
  await safe.makeInternalValues({ safeContents: [{}, encryption] });
  const file = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe: safe } });
  await file.makeInternalValues({
    password,
    iterations: ITERATIONS,
    pbkdf2HashAlgorithm: 'SHA-256',
    hmacHashAlgorithm: 'SHA-256',
  });
  return new Uint8Array(file.toSchema().toBER());
}

function certificateBag(certificate: X509Certificate, bagAttributes?: Attribute[]): SafeBag {
  const bagValue = new CertBag({ parsedValue: Certificate.fromBER(certificate.raw) });
  return new SafeBag({
    bagId: CERTIFICATE_BAG,
    bagValue,
    ...(bagAttributes === undefined ? {} : { bagAttributes }),
  });
}
