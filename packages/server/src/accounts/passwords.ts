import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';

// OWASP Password Storage Cheat Sheet: argon2id, 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const TAG_LENGTH = 32;
const SALT_LENGTH = 16;

// One hash takes tens of milliseconds and 19 MiB on libuv's pool of four threads, which file reads share:
// a flood of sign-ins must not starve the log of them.
const MAX_CONCURRENT = 2;
let running = 0;
const queue: (() => void)[] = [];

/** Hashes a password with argon2id off the main thread; the result is a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_LENGTH);
  const tag = await derive(password, salt, MEMORY_KIB, PASSES, LANES, TAG_LENGTH);
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${phc(salt)}$${phc(tag)}`;
}

const PHC =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** A hash nobody's password has, so that an unknown user costs the same time as a known one. */
let decoy: Promise<string> | null = null;

/**
 * Whether the password is the one behind the PHC string. Without a hash (unknown user: null, a user whom no password
 * opens the account: empty) it does the same work and says no.
 */
export async function checkPassword(password: string, hash: string | null): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(24).toString('base64'));
  const known = hash !== null && hash !== '';
  const match = PHC.exec(known ? hash : await decoy);
  if (match === null) throw new Error('stored password hash is not an argon2id PHC string');
  const [, m, t, p, salt, tag] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const expected = Buffer.from(tag, 'base64');
  const got = await derive(
    password,
    Buffer.from(salt, 'base64'),
    Number(m),
    Number(t),
    Number(p),
    expected.length,
  );
  return timingSafeEqual(got, expected) && known;
}

/** A password for a first sign-in: 100 random bits in groups that can be read aloud. */
export function generatePassword(): string {
  // Crockford's alphabet without letters that look like digits: 32 signs, 5 bits each.
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const signs = [...randomBytes(20)].map((byte) => alphabet[byte & 31]);
  return [0, 5, 10, 15].map((start) => signs.slice(start, start + 5).join('')).join('-');
}

function phc(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

async function derive(
  password: string,
  nonce: Uint8Array,
  memory: number,
  passes: number,
  parallelism: number,
  tagLength: number,
): Promise<Buffer> {
  if (running >= MAX_CONCURRENT) await new Promise<void>((resolve) => queue.push(resolve));
  else running += 1;
  try {
    // NFKC: the same password typed on another keyboard gives the same bytes.
    const message = Buffer.from(password.normalize('NFKC'), 'utf8');
    const parameters: Argon2Parameters = { message, nonce, memory, passes, parallelism, tagLength };
    return await new Promise<Buffer>((resolve, reject) => {
      argon2('argon2id', parameters, (error, tag) => {
        if (error === null) resolve(tag);
        else reject(error);
      });
    });
  } finally {
    // The place is handed to the next in line, or given back.
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
