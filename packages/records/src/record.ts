/**
 * A record has two parts. The **envelope** is public: it is the leaf of the Merkle tree, and names
 * no person, address or serial number. The **content** is private and bound to its envelope by
 * `digest = SHA-256(salt || content bytes)`; zero-filling it leaves every proof valid.
 *
 * Both are stored as canonical JSON (RFC 8785) and hashed as stored: never spelled anew.
 */
import type { JsonValue } from '@countersign/tlog';

export type { JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

export const OUTCOMES = ['Success', 'Failure'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Information: done. Warning: an attempt without the right. Failure: an operation that failed. */
export type Level = 'Information' | 'Warning' | 'Failure';

/** `extended`: kept until every certificate the event touches has expired, and then some. */
export const RETENTION_CLASSES = ['normal', 'extended'] as const;
export type RetentionClass = (typeof RETENTION_CLASSES)[number];

/** The public part of a record. */
export interface Envelope {
  readonly v: 1;
  /** UUIDv7, lower case. */
  readonly id: string;
  /** Who numbered the record. */
  readonly producer: string;
  /** 1, 2, 3 … per producer, without gaps. */
  readonly seq: number;
  /** When it happened: RFC 3339, UTC, milliseconds. */
  readonly time: string;
  /** Name in the event catalogue, e.g. `AUTHZ`. */
  readonly event: string;
  /** Category by its name, e.g. `AuthorizationFailure`. */
  readonly category: string;
  /** Operation by its name, e.g. `Encountered`. */
  readonly operation: string;
  readonly level: Level;
  readonly outcome: Outcome;
  readonly retention: RetentionClass;
  /** Base64 of SHA-256(salt || content bytes). */
  readonly digest: string;
}

export const ACTOR_KINDS = ['user', 'service', 'system', 'unknown'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** Who did it. `unknown` is somebody the product could not identify: the id is what was claimed. */
export interface Actor {
  readonly id: string;
  readonly name?: string;
  readonly kind: ActorKind;
  readonly roles?: readonly string[];
  readonly authentication?: {
    readonly method: string;
    /** Fingerprint or name of the credential used, never the credential. */
    readonly credential?: string;
  };
  readonly session?: string;
}

/** A thing acted on. `relation` says how a related one belongs to the target, e.g. `replaces`. */
export interface ObjectRef {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
  readonly relation?: string;
}

export const INTERFACES = ['portal', 'api', 'cli', 'timer', 'collector', 'console'] as const;
export type Interface = (typeof INTERFACES)[number];

export interface Origin {
  readonly address?: string;
  readonly interface?: Interface;
  readonly userAgent?: string;
}

/** Where the record was made. */
export interface Source {
  readonly system: string;
  readonly host?: string;
  readonly component?: string;
  readonly version?: string;
}

export const REQUEST_TYPES = ['API Endpoint', 'Portal Page'] as const;
export type RequestType = (typeof REQUEST_TYPES)[number];

export interface RequestInfo {
  readonly id?: string;
  readonly route: string;
  readonly type: RequestType;
  readonly verb: string;
}

/** What was asked for and the roles held when it was decided. */
export interface AuthorizationInfo {
  readonly resource: string;
  readonly operation: string;
  readonly roles: readonly string[];
}

/** An event-specific value. Order and repetition carry meaning. */
export type Attribute = readonly [name: string, value: string | null];

export const SIGNATURE_VERDICTS = ['valid', 'invalid', 'unsigned'] as const;
export type SignatureVerdict = (typeof SIGNATURE_VERDICTS)[number];

/** The line a record was read from, and how far it could be trusted. */
export interface Original {
  readonly format: 'dogtag';
  readonly text: string;
  readonly file: string;
  /** First physical line, counted from 1. */
  readonly line: number;
  /** The event's name in the line, when it differs from the envelope's. */
  readonly event?: string;
  readonly thread?: string;
  /** Verdict on the signed span the line belongs to. */
  readonly signature: SignatureVerdict;
  readonly signer?: string;
  /** Why the line can be read in more than one way. */
  readonly ambiguous?: string;
  /** Paths of values that were masked because a record may not hold them. */
  readonly redacted?: readonly string[];
}

/** The private part of a record. */
export interface Content {
  readonly actor: Actor;
  readonly origin?: Origin;
  readonly source: Source;
  readonly target?: ObjectRef;
  readonly related?: readonly ObjectRef[];
  readonly request?: RequestInfo;
  readonly authorization?: AuthorizationInfo;
  /** The whole object before and after the change; secrets never. */
  readonly before?: JsonObject;
  readonly after?: JsonObject;
  readonly reason?: string;
  readonly attributes?: readonly Attribute[];
  readonly correlation?: string;
  readonly original?: Original;
}

/**
 * What a producer hands over. Category, operation, level and retention default to the catalogue's
 * when the event is known there; an unknown event must bring all four.
 */
export interface RecordDraft {
  readonly seq: number;
  readonly id?: string;
  readonly time: string;
  readonly event: string;
  readonly outcome: Outcome;
  readonly category?: string;
  readonly operation?: string;
  readonly level?: Level;
  readonly retention?: RetentionClass;
  readonly content: Content;
}

/** A draft with nothing left to decide. */
export type CompleteDraft = Required<Omit<RecordDraft, 'id'>> & { readonly id?: string };

/**
 * A record ready to be appended: the exact bytes to store and hash. The arrays are views into memory
 * shared with other records: copy them to keep them for long or to send them to another thread.
 */
export interface SealedRecord {
  readonly envelope: Envelope;
  readonly envelopeBytes: Uint8Array;
  readonly salt: Uint8Array;
  readonly contentBytes: Uint8Array;
}
