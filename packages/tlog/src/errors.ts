/** Every way in which data handed to this package can be wrong. Codes are stable; messages are for people. */
export type TlogErrorCode =
  | 'base64_malformed'
  | 'hex_malformed'
  | 'utf8_malformed'
  | 'number_malformed'
  | 'number_too_large'
  | 'inclusion_invalid'
  | 'consistency_invalid'
  | 'tile_path_malformed'
  | 'tile_malformed'
  | 'entry_bundle_malformed'
  | 'entry_too_large'
  | 'note_malformed'
  | 'note_too_large'
  | 'note_signature_invalid'
  | 'note_unsigned'
  | 'key_malformed'
  | 'key_unsupported'
  | 'cosignature_malformed'
  | 'checkpoint_malformed'
  | 'checkpoint_origin_mismatch'
  | 'proof_malformed'
  | 'quorum_missing'
  | 'witness_request_malformed'
  | 'json_syntax'
  | 'json_duplicate_key'
  | 'json_forbidden_key'
  | 'json_lone_surrogate'
  | 'json_too_deep'
  | 'json_unsafe_number'
  | 'json_not_canonical'
  | 'json_unsupported';

export interface TlogErrorOptions extends ErrorOptions {
  /** Offset in the text that was read, in UTF-16 code units, where known. */
  readonly position?: number;
}

/** The one error class of this package: the data is wrong, and `code` says how. */
export class TlogError extends Error {
  override readonly name = 'TlogError';
  readonly code: TlogErrorCode;
  /** Offset in the text that was read, in UTF-16 code units, where known. */
  readonly position?: number;

  constructor(code: TlogErrorCode, message: string, options: TlogErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    if (options.position !== undefined) this.position = options.position;
  }
}
