import { hash, randomFillSync } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CompleteDraft } from '@countersign/records';

const SALT = 16;
/** Zero-filled ahead, so that a sync writes data and no file length: the fastest honest way to append. */
const CHUNK = 8 * 1024 * 1024;

/**
 * What no audit log can do without: serialise the record, digest its content, hash its leaf, write the same bytes,
 * fdatasync. No tree, no signature, no index, no checks, no numbering; built-in JSON, one file, one sync a batch.
 */
export class Floor {
  readonly #fd: number;
  #end = 0;
  #filled = 0;
  readonly #zeros = new Uint8Array(CHUNK);
  readonly #buffer = Buffer.alloc(16 * 1024 * 1024);
  readonly #salts = Buffer.alloc(SALT * 1024);
  /** Kept so that the hashing cannot be optimised away. */
  lastLeaf = '';

  constructor(dir: string) {
    this.#fd = openSync(join(dir, 'floor'), 'w');
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#end;
  }

  append(producer: string, drafts: readonly CompleteDraft[]): void {
    const buffer = this.#buffer;
    let at = 0;
    randomFillSync(this.#salts, 0, Math.min(drafts.length * SALT, this.#salts.length));
    for (const [i, draft] of drafts.entries()) {
      const saltAt = (i * SALT) % this.#salts.length;
      const contentAt = at + 4;
      this.#salts.copy(buffer, contentAt, saltAt, saltAt + SALT);
      const length = SALT + buffer.write(JSON.stringify(draft.content), contentAt + SALT);
      buffer.writeUInt32BE(length, at);
      const digest = hash('sha256', buffer.subarray(contentAt, contentAt + length), 'base64');
      at = contentAt + length;
      const envelopeAt = at + 3;
      const size = buffer.write(formatEnvelope(draft, producer, digest), envelopeAt);
      // Between length and bytes of the envelope stands the 0x00 of RFC 6962, so that the leaf is hashed in place.
      buffer.writeUInt16BE(size, at);
      buffer[envelopeAt - 1] = 0;
      this.lastLeaf = hash('sha256', buffer.subarray(envelopeAt - 1, envelopeAt + size), 'hex');
      at = envelopeAt + size;
    }
    this.#reserve(at);
    writeSync(this.#fd, buffer, 0, at, this.#end);
    this.#end += at;
    fdatasyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #reserve(bytes: number): void {
    while (this.#filled < this.#end + bytes) {
      writeSync(this.#fd, this.#zeros, 0, CHUNK, this.#filled);
      this.#filled += CHUNK;
    }
  }
}

/** The same members as the real envelope; the id is one of the right length. */
function formatEnvelope(draft: CompleteDraft, producer: string, digest: string): string {
  return (
    `{"category":"${draft.category}","digest":"${digest}","event":"${draft.event}","id":"019ab000-0000-7000-8000-000000000000",` +
    `"level":"${draft.level}","operation":"${draft.operation}","outcome":"${draft.outcome}","producer":"${producer}",` +
    `"retention":"${draft.retention}","seq":${draft.seq},"time":"${draft.time}","v":1}`
  );
}
