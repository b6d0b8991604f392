/** What the server tells of its settings, its alerts, and when something is done. */

export interface Setting {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly tab: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'choice' | 'secret';
  /** Null for a secret. */
  readonly value: string | number | boolean | null;
  readonly default: string | number | boolean | null;
  /** Somebody has set it; for a secret: there is one. */
  readonly isSet: boolean;
  readonly options?: readonly string[];
  readonly minimum?: number;
  /** The highest number, or the most characters. */
  readonly maximum?: number;
}

export const ALERT_KINDS = ['expiration', 'pending', 'issued', 'denied'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface Alert {
  readonly id: number;
  readonly kind: AlertKind;
  readonly displayName: string;
  readonly subject: string;
  readonly message: string;
  readonly recipients: readonly string[];
  readonly webhook: string | null;
  readonly enabled: boolean;
  readonly daysBefore: number | null;
  readonly query: string | null;
  readonly collection: number | null;
  readonly template: string | null;
}

/** What an alert would say, and to whom. */
export interface AlertPreview {
  readonly subject: string;
  readonly message: string;
  readonly recipients: readonly string[];
  readonly unresolved: readonly string[];
  readonly sentTo: string | null;
}

export const WEEKDAYS = [
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When something is done; times of the day are UTC. Null: never by itself. */
export type Schedule =
  | { readonly immediate: true }
  | { readonly interval: { readonly minutes: number } }
  | { readonly daily: { readonly time: string } }
  | { readonly weekly: { readonly days: readonly Weekday[]; readonly time: string } }
  | { readonly exactlyOnce: { readonly time: string } }
  | null;
