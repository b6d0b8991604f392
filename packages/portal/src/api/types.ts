import type { Content, Envelope, Level } from '@countersign/records';

/** The signed-in person as the server sees them. */
export interface Session {
  readonly user: { readonly username: string; readonly name?: string; readonly roles: string[] };
  /** What this person may open. */
  readonly navigation: string[];
  /** Rights this person holds, `resource:operation`: what to offer; the server decides. */
  readonly rights: string[];
  /** The log's public key as a signed-note verifier key. */
  readonly logKey: string;
  readonly origin: string;
  /** The password is still the one printed at the first start. */
  readonly passwordGenerated?: boolean;
  /** Certificates that expire within so many days are said to, soon. */
  readonly expiringSoonDays?: number;
}

export interface LogRecord {
  readonly index: number;
  readonly envelope: Envelope;
  /** Null when the content was erased. */
  readonly content: Content | null;
  readonly sentence: string;
  /** Hex. */
  readonly leafHash: string;
}

export interface RecordPage {
  readonly records: LogRecord[];
  readonly next: string | null;
  readonly count?: { readonly value: number; readonly exact: boolean };
}

export interface RelatedRecord extends LogRecord {
  /** What the two share, closest first: an object, a correlation, a session. */
  readonly relations: string[];
}

/** One record with the exact bytes its proof is about. */
export interface RecordDetails extends LogRecord {
  /** Base64; null when erased. */
  readonly salt: string | null;
  readonly contentBytes: string | null;
  readonly envelopeBytes: string;
  readonly related: RelatedRecord[];
  /** The record as a line of a Dogtag audit file; null when it cannot be one. */
  readonly dogtagLine: string | null;
}

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

export interface Facet {
  readonly field: string;
  readonly values: FacetValue[];
  readonly exact: boolean;
}

export type HistogramBucket = { readonly time: string } & Readonly<Record<Level, number>>;

export interface HistogramData {
  readonly from: string;
  readonly to: string;
  readonly bucketMs: number;
  readonly exact: boolean;
  readonly buckets: HistogramBucket[];
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly treeSize: number;
  readonly indexedSize: number;
}

export interface Axis {
  readonly verdict: 'verified' | 'failed' | 'partial' | 'unverifiable';
  readonly summary: string;
  readonly evidence: string[];
}

export interface VerificationVerdict {
  readonly ok: boolean;
  readonly size: number;
  readonly axes: Readonly<Record<AxisName, Axis>>;
  readonly problems: {
    readonly kind: string;
    readonly message: string;
    readonly file?: string;
    readonly offset?: number;
    readonly index?: number;
  }[];
  readonly recordsPerSecond: number;
}

export type AxisName = 'integrity' | 'completeness' | 'time' | 'independence';

/** Where a verification of the whole log stands, on the server. */
export interface Verification {
  readonly state: 'never' | 'running' | 'done' | 'failed';
  readonly startedAt?: string;
  readonly startedBy?: string;
  readonly finishedAt?: string;
  readonly done?: number;
  readonly total?: number;
  readonly ok?: boolean;
  readonly verdict?: VerificationVerdict;
  readonly reason?: string;
}

/** How the state of certificate management compares with the log. */
export interface Reconciliation {
  readonly state: 'never' | 'running' | 'done' | 'failed';
  readonly startedBy?: string;
  readonly finishedAt?: string;
  readonly ok?: boolean;
  readonly checked?: {
    readonly certificates: number;
    readonly crls: number;
    readonly revocations: number;
    readonly records: number;
  };
  readonly problems?: readonly {
    readonly kind: string;
    readonly object: string;
    readonly message: string;
    readonly index?: number;
  }[];
  readonly problemCount?: number;
  readonly reason?: string;
}

export interface HealthDetails extends Health {
  /** Why the status is not "ok". */
  readonly reasons: string[];
  readonly origin: string;
  readonly keys: string[];
  readonly checkpoint: {
    readonly text: string;
    readonly signedAt: string;
    readonly ageSeconds: number;
  };
  readonly segments: number;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  readonly producers: {
    readonly name: string;
    readonly lastSeq: number;
    readonly lastIndex: number;
  }[];
  readonly startedAt: string;
  readonly index: { readonly indexedSize: number; readonly lag: number };
  readonly queue: { readonly records: number; readonly bytes: number };
  readonly verification: Verification;
}
