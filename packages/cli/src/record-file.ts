import { canonicalize, fromBase64, parseJson, type JsonValue } from '@countersign/tlog';

/**
 * What `check` needs to know of a record: the exact bytes that were hashed. The file is the record as the API gives it
 * (`GET /api/v1/audit/records/{index}`), or as `prove --record` writes it:
 *
 *     {"index": 7, "envelopeBytes": "<base64>", "salt": "<base64>", "contentBytes": "<base64>" | null, "envelope": {…}, "content": {…} | null}
 *
 * `envelope` and `content` are for people; when they are there, they must say what the bytes say.
 */
export interface RecordFile {
  readonly index: number | undefined;
  readonly envelopeBytes: Uint8Array;
  /** null: the content was erased. */
  readonly sealed: { readonly salt: Uint8Array; readonly contentBytes: Uint8Array } | null;
  readonly envelope: JsonValue | undefined;
  readonly content: JsonValue | undefined;
}

/**
 * Reads the file of one record. Members it does not know are left alone: the API's record has more.
 *
 * @throws RecordFileError naming the member, what was expected and what is there
 */
export function parseRecordFile(text: string): RecordFile {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new RecordFileError(
      `is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new RecordFileError(`expected an object, got ${describe(value)}`);
  }
  const { index } = value;
  if (
    index !== undefined &&
    (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0)
  ) {
    throw new RecordFileError(`"index": expected a whole number from 0, got ${describe(index)}`);
  }
  return {
    index,
    envelopeBytes: base64Member(value, 'envelopeBytes'),
    sealed:
      value['contentBytes'] === null
        ? null
        : { salt: base64Member(value, 'salt'), contentBytes: base64Member(value, 'contentBytes') },
    envelope: value['envelope'],
    content: value['content'],
  };
}

/** Whether the readable form of a part says exactly what its bytes say. */
export function saysTheSame(readable: JsonValue | undefined, bytes: Uint8Array): boolean {
  return readable === undefined || canonicalize(readable) === Buffer.from(bytes).toString('utf8');
}

export class RecordFileError extends Error {
  override readonly name = 'RecordFileError';
  readonly code = 'record_malformed';
}

function base64Member(value: { [name: string]: JsonValue }, name: string): Uint8Array {
  const member = value[name];
  if (typeof member !== 'string')
    throw new RecordFileError(`"${name}": expected base64 text, got ${describe(member)}`);
  try {
    return fromBase64(member);
  } catch (error) {
    throw new RecordFileError(
      `"${name}": ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

function describe(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
