/**
 * Decides what one signature signs. It signs the line of the signature before it and everything
 * since; after a restart only that line; at the very beginning nothing. Each is tried with each key.
 */
import type { SignatureKey } from './report.ts';

/** What the signature was found to sign, and by which key. */
export interface Judgement {
  readonly form: 'span' | 'restart' | 'start';
  readonly key: number;
  /** Which of the restarts given it is. */
  readonly restart?: number;
  /** The span verifies when its bytes are read in this encoding and signed as UTF-8. */
  readonly charset?: string;
}

const NOTHING = new Uint8Array(0);
// Java writes in the encoding of the server's locale; the signature is over UTF-8 all the same.
const CHARSETS = [
  'iso-8859-1',
  'windows-1252',
  'iso-8859-15',
  'iso-8859-2',
  'windows-1250',
  'windows-1251',
  'koi8-r',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
  'windows-1254',
  'iso-8859-7',
];

/** Spans in no known encoding after which none is tried any more. */
const MAX_FRUITLESS = 16;

/** Tries keys on spans; remembers which key is in use. */
export class Judge {
  readonly keys: readonly SignatureKey[];
  #current = 0;
  #charset: string | undefined;
  #fruitless = 0;

  constructor(keys: readonly SignatureKey[]) {
    this.keys = keys;
  }

  /** The encoding that the last span in one was found to be in. */
  get charset(): string | undefined {
    return this.#charset;
  }

  /** Returns the index of the key whose signature of the data this is. The key in use goes first. */
  findKey(data: Uint8Array, signature: Uint8Array): number | undefined {
    if (this.#verify(this.#current, data, signature)) return this.#current;
    for (let key = 0; key < this.keys.length; key += 1) {
      if (key !== this.#current && this.#verify(key, data, signature)) {
        this.#current = key;
        return key;
      }
    }
    return undefined;
  }

  /**
   * Finds what a signature signs.
   * @param span from the line of the signature before up to this signature's line
   * @param restarts what the signer may have started from after a restart, apart from the span
   */
  find(
    span: Uint8Array,
    signature: Uint8Array,
    restarts: readonly Uint8Array[],
  ): Judgement | undefined {
    const normal = this.findKey(span, signature);
    if (normal !== undefined) return { form: 'span', key: normal };
    for (const [i, restart] of restarts.entries()) {
      const key = restart.length < span.length ? this.findKey(restart, signature) : undefined;
      if (key !== undefined) return { form: 'restart', key, restart: i };
    }
    const start = this.findKey(NOTHING, signature);
    if (start !== undefined) return { form: 'start', key: start };
    return this.#findEncoded(span, signature);
  }

  /** Whether the signature signs nothing, or the line that a server may start from instead: the first of a log. */
  findStart(signature: Uint8Array, line: Uint8Array = NOTHING): Judgement | undefined {
    const key = this.findKey(NOTHING, signature) ?? this.findKey(line, signature);
    return key === undefined ? undefined : { form: 'start', key };
  }

  #findEncoded(span: Uint8Array, signature: Uint8Array): Judgement | undefined {
    if (isUtf8(span) || this.#fruitless >= MAX_FRUITLESS) return undefined;
    const first = this.#charset === undefined ? [] : [this.#charset];
    for (const charset of new Set([...first, ...CHARSETS])) {
      const text = decodeAs(span, charset);
      if (text === undefined) continue;
      const key = this.findKey(new TextEncoder().encode(text), signature);
      if (key === undefined) continue;
      this.#charset = charset;
      return { form: 'span', key, charset };
    }
    if (this.#charset === undefined) this.#fruitless += 1;
    return undefined;
  }

  #verify(key: number, data: Uint8Array, signature: Uint8Array): boolean {
    try {
      return this.keys[key]?.verify(data, signature) ?? false;
    } catch {
      return false; // a signature a library chokes on is not a valid one
    }
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function decodeAs(bytes: Uint8Array, charset: string): string | undefined {
  // The label iso-8859-1 means windows-1252 to a TextDecoder: decode the real one by hand.
  if (charset === 'iso-8859-1') return decodeLatin1(bytes);
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function decodeLatin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return parts.join('');
}
