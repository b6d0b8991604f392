import type {
  Attribute,
  CategoryName,
  JsonObject,
  ObjectRef,
  OperationName,
} from '@countersign/records';
import { certificateRef } from '../certificates/refs.ts';
import type { JobKind } from '../database/store-schema.ts';
import type { OwnDraft } from '../recording/draft.ts';
import {
  describeRequest,
  foreign,
  ownSource,
  sessionActor,
  SYSTEM_ACTOR,
} from '../recording/facts.ts';
import { configured, type Caller } from '../security/records.ts';
import { VERSION } from '../version.ts';
import { describeSchedule, type Schedule } from './schedule.ts';

const source = ownSource('stores', VERSION);

/** Who asks; null: the product, by the clock. */
export type By = Caller | null;

/** What the configuration of stores is made of: category and Dogtag's word for the kind of thing. */
export const AREAS = {
  store: { category: 'CertificateStore', scope: 'stores' },
  server: { category: 'CertificateStore', scope: 'store servers' },
  container: { category: 'CertificateStoreContainer', scope: 'store containers' },
  type: { category: 'CertificateStoreType', scope: 'store types' },
  job: { category: 'AgentSchedule', scope: 'store jobs' },
} as const satisfies Record<string, { category: CategoryName; scope: string }>;

/** What jobs are called in sentences. */
export const JOB_PHRASES: Readonly<Record<JobKind, string>> = {
  inventory: 'an inventory',
  add: 'adding a certificate',
  remove: 'removing a certificate',
  replace: 'replacing a certificate',
  reenroll: 're-enrollment',
  discovery: 'a discovery of stores',
};

const SCHEDULED: Readonly<Record<JobKind, OperationName>> = {
  inventory: 'Scheduled',
  add: 'Scheduled Add',
  remove: 'Scheduled Removal',
  replace: 'Scheduled Replacement',
  reenroll: 'Scheduled',
  discovery: 'Scheduled',
};

/** Where a store is. */
export interface Place {
  readonly id: string;
  readonly machine: string;
  readonly path: string;
}

/** The name of a store in records: client machine and path. */
export function placeName({ machine, path }: Pick<Place, 'machine' | 'path'>): string {
  return foreign(`${machine} ${path}`);
}

/** A store in records. */
export function storeRef(place: Place, relation?: string): ObjectRef {
  const name = placeName(place);
  return {
    type: 'certificate store',
    id: place.id,
    name,
    ...(relation === undefined ? {} : { relation }),
  };
}

/** A machine in records. */
export function machineRef(machine: string): ObjectRef {
  return { type: 'store server', id: machine, name: machine };
}

/** A change of how stores are set up: CONFIG_CERT_STORE. */
export function storeChange(
  change: {
    readonly area: keyof typeof AREAS;
    readonly operation: OperationName;
    readonly target: ObjectRef;
    readonly before?: JsonObject | null;
    readonly after?: JsonObject | null;
    readonly related?: readonly ObjectRef[];
    readonly reason?: string;
  },
  by: By,
): OwnDraft {
  const { area, operation, target, before = null, after = null, related, reason } = change;
  const { category, scope } = AREAS[area];
  const actor = actorOf(by);
  return {
    event: 'CONFIG_CERT_STORE',
    outcome: 'Success',
    category,
    operation,
    content: {
      ...about(by),
      target,
      ...(related === undefined ? {} : { related }),
      ...(before === null ? {} : { before }),
      ...(after === null ? {} : { after }),
      ...(reason === undefined ? {} : { reason: foreign(reason) }),
      attributes: configured(
        { scope, operation, target },
        by?.facts.subjectId ?? actor.id,
        'Success',
      ),
    },
  };
}

/** What a record says of a job. */
export interface JobFacts {
  readonly kind: JobKind;
  readonly target: ObjectRef;
  readonly alias: string | null;
  readonly related: readonly ObjectRef[];
}

/** Work was scheduled: CERT_STORE_JOB_SCHEDULED. */
export function jobScheduled(
  job: JobFacts & {
    readonly schedule: Schedule | null;
    readonly before?: JsonObject;
    readonly after: JsonObject;
  },
  by: By,
): OwnDraft {
  return {
    event: 'CERT_STORE_JOB_SCHEDULED',
    outcome: 'Success',
    category: categoryOf(job.kind),
    operation: SCHEDULED[job.kind],
    content: {
      ...about(by),
      target: job.target,
      ...(job.related.length === 0 ? {} : { related: job.related }),
      ...(job.before === undefined ? {} : { before: job.before }),
      after: job.after,
      attributes: [
        ...subject(by, 'Success'),
        ['JobType', JOB_PHRASES[job.kind]],
        ['Schedule', describeSchedule(job.schedule)],
        ...aliased(job.alias),
      ],
    },
  };
}

/** A renewed certificate is to take the place of the old one: CERT_STORE_REPLACEMENT_SCHEDULED. */
export function replacementScheduled(
  replacement: {
    readonly store: Place;
    readonly alias: string;
    readonly old: { readonly fingerprint: string; readonly subject: string };
    readonly renewed: { readonly fingerprint: string; readonly subject: string };
    readonly after: JsonObject;
  },
  by: By,
): OwnDraft {
  const { store, alias, old, renewed, after } = replacement;
  return {
    event: 'CERT_STORE_REPLACEMENT_SCHEDULED',
    outcome: 'Success',
    content: {
      ...about(by),
      target: certificateRef(renewed),
      related: [certificateRef(old, 'replaces'), storeRef(store, 'store')],
      after,
      attributes: [
        ...subject(by, 'Success'),
        ['Store', placeName(store)],
        ['Schedule', 'immediately'],
        ...aliased(alias),
      ],
    },
  };
}

/** Work has ended, or was given up: CERT_STORE_JOB_ENDED, by the product. */
export function jobEnded(
  job: JobFacts & {
    readonly outcome: 'Success' | 'Failure';
    readonly reason: string;
    readonly after: JsonObject;
  },
): OwnDraft {
  return {
    event: 'CERT_STORE_JOB_ENDED',
    outcome: job.outcome,
    category: categoryOf(job.kind),
    content: {
      ...about(null),
      target: job.target,
      ...(job.related.length === 0 ? {} : { related: job.related }),
      after: job.after,
      reason: foreign(job.reason),
      attributes: [
        ...subject(null, job.outcome),
        ['JobType', JOB_PHRASES[job.kind]],
        ...aliased(job.alias),
      ],
    },
  };
}

function categoryOf(kind: JobKind): CategoryName {
  return kind === 'discovery' ? 'AgentSchedule' : 'CertificateStore';
}

function actorOf(by: By) {
  return by === null ? SYSTEM_ACTOR : sessionActor(by.session);
}

function about(by: By) {
  return {
    actor: actorOf(by),
    source,
    ...(by === null ? { origin: { interface: 'timer' as const } } : describeRequest(by.facts)),
  };
}

function subject(by: By, outcome: 'Success' | 'Failure'): Attribute[] {
  return [
    ['SubjectID', by?.facts.subjectId ?? actorOf(by).id],
    ['Outcome', outcome],
  ];
}

function aliased(alias: string | null): Attribute[] {
  return alias === null ? [] : [['Alias', foreign(alias)]];
}
