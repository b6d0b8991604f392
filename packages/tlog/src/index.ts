export { TlogError, type TlogErrorCode, type TlogErrorOptions } from './errors.ts';
export {
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  utf8,
  utf8Shared,
} from './encoding.ts';
export {
  EMPTY_ROOT,
  HASH_SIZE,
  leafHash,
  nodeHash,
  sha256,
  sha256Joined,
  type Hash,
} from './hash.ts';
export { CompactRange, type NodeVisitor } from './compact-range.ts';
export {
  checkConsistency,
  checkInclusion,
  proveConsistency,
  proveInclusion,
  rangeNodes,
  treeHash,
  type HashReader,
  type NodeId,
} from './tree.ts';
export {
  formatEntriesPath,
  formatEntryBundle,
  formatTilePath,
  MAX_ENTRY_BYTES,
  parseEntriesPath,
  parseEntryBundle,
  parseTilePath,
  TILE_WIDTH,
  tileHashReader,
  tileRoot,
  tilesForSize,
  tileWidth,
  type Tile,
} from './tile.ts';
export {
  formatNote,
  formatSignatureLine,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  openNote,
  parseNote,
  parseSignatureLines,
  signNote,
  type Note,
  type NoteSignature,
  type NoteSigner,
  type NoteVerifier,
  type OpenedNote,
} from './note.ts';
export {
  CAPABILITIES,
  generateSignerKey,
  noteKeyId,
  parseSignerKey,
  parseVerifierKey,
  type NoteAlgorithm,
  type SignerOptions,
} from './key.ts';
export {
  formatCheckpoint,
  openCheckpoint,
  parseCheckpoint,
  type Checkpoint,
} from './checkpoint.ts';
export {
  cosignatureMessage,
  formatCosignature,
  parseCosignature,
  subtreeMessage,
  type CosignedSubtree,
} from './cosignature.ts';
export {
  checkTlogProof,
  formatTlogProof,
  parseTlogProof,
  PROOF_HEADER,
  type CheckedProof,
  type CheckProofOptions,
  type Cosigner,
  type TlogProof,
} from './proof.ts';
export { formatAddCheckpoint, parseAddCheckpoint, type AddCheckpointRequest } from './witness.ts';
export { MAX_JSON_DEPTH, parseJson, type JsonLimits, type JsonValue } from './json.ts';
export { canonicalize, parseCanonical } from './jcs.ts';
