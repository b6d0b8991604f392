import { DerError, DerReader, readNumber, readOid, readWhole, TAG } from './der.ts';
import { pemOrDer } from './pem.ts';
import { PKCS12 } from './pkcs12.ts';

const LABEL = 'ENCRYPTED PRIVATE KEY';
/** Most rounds of a key derivation that everybody else waits for; OpenSSL's own are 2048. */
export const MAX_KEY_ROUNDS = 100_000;

/**
 * Whether an encrypted private key in PEM is opened in a moment: the file itself says how many rounds that takes (RFC 8018 appendix A), and
 * opening it holds up the whole server. The old encryption of PEM has one.
 */
export function opensQuickly(pem: string): boolean {
  if (!pem.includes(`-----BEGIN ${LABEL}-----`)) return true;
  try {
    const whole = new DerReader(readWhole(pemOrDer(pem, [LABEL]), TAG.sequence).content);
    const algorithm = whole.into();
    const scheme = readOid(algorithm.next(TAG.oid));
    let parameters = algorithm.into();
    if (scheme === PKCS12.pbes2) {
      const derivation = parameters.into();
      if (readOid(derivation.next(TAG.oid)) !== PKCS12.pbkdf2) return false;
      parameters = derivation.into();
    }
    parameters.next(TAG.octetString);
    return readNumber(parameters.next(TAG.integer)) <= MAX_KEY_ROUNDS;
  } catch (error) {
    if (error instanceof DerError) return false;
    throw error;
  }
}
