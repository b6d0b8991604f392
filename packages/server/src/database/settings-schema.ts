import type { Generated } from 'kysely';

/** The tables of application settings and alerts. Times are RFC 3339 UTC text; flags are 0 or 1. */
export interface SettingsSchema {
  /** Every setting the product has, also those nobody has touched. */
  application_settings: {
    name: string;
    /** JSON; a secret is sealed by the vault; null: the default. */
    value: string | null;
    /** JSON: the default as it was when the product started last. */
    default_value: string;
    updated_at: string;
    updated_by: string;
  };
  alerts: {
    id: Generated<number>;
    kind: 'expiration' | 'pending' | 'issued' | 'denied';
    display_name: string;
    subject: string;
    message: string;
    /** JSON array of strings. */
    recipients: string;
    webhook: string | null;
    enabled: number;
    /** Of expiration alerts. */
    days_before: number | null;
    /** Of expiration alerts: which certificates; null: all, or those of the collection. */
    query: string | null;
    collection: number | null;
    /** Of the others: by which template; null: by any. */
    template: string | null;
    created_at: string;
    updated_at: string;
  };
  alert_schedules: {
    kind: string;
    /** JSON; null: off. */
    schedule: string | null;
  };
  /** When alerts of a kind are looked for next. */
  alert_runs: {
    kind: string;
    /** The schedule, JSON, that this follows. */
    schedule: string;
    /** Null: never again. */
    due_at: string | null;
  };
  /** Messages on their way: written with what causes them, gone when they are sent or given up. */
  alert_deliveries: {
    /** UUID: Message-ID of the mail, id of the webhook call. */
    id: string;
    alert: number;
    /** `certificate:<id>` or `request:<id>`. */
    object: string;
    /** JSON: the message as it was made, and who is still to get it. */
    message: string;
    queued_at: string;
    due_at: string;
    attempts: number;
    /** When the attempt under way began; found at a start: nobody knows how it ended. */
    begun_at: string | null;
  };
  /** What a scheduled alert has been about already. */
  alert_warnings: {
    alert: number;
    object: string;
    /** 0 for pending alerts. */
    days_before: number;
    warned_at: string;
  };
}
