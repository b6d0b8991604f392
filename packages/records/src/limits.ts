/**
 * The sizes a record may have. Every one is checked when a draft is parsed; the two totals are
 * checked again when a record is sealed. Characters are UTF-16 code units.
 */

/** Bytes of a content, as canonical JSON in UTF-8. */
export const MAX_CONTENT_BYTES = 1_048_576;

/** Bytes of an envelope: tlog-tiles writes the length of an entry in two bytes. */
export const MAX_ENVELOPE_BYTES = 65_535;

/** Bytes of the salt that keeps a short content from being guessed by its digest. */
export const SALT_BYTES = 16;

/** Names of things: roles, hosts, components, methods, types, sessions. */
export const MAX_NAME_CHARS = 1024;

/** Identities, object names, routes: an attacker chooses the length of a login name. */
export const MAX_TEXT_CHARS = 65_536;

/** Attribute values and original lines may hold whole requests; the content's limit bounds them. */
export const MAX_VALUE_CHARS = MAX_CONTENT_BYTES;

export const MAX_ROLES = 256;
export const MAX_RELATED = 1000;
export const MAX_ATTRIBUTES = 1024;

/** Levels of nesting in `before` and `after`. The whole content stays below the parser's 64. */
export const MAX_DEPTH = 32;

/** Faults reported for one document; the rest are dropped. */
export const MAX_FAULTS = 50;
