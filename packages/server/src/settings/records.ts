import type { CategoryName, JsonObject, ObjectRef, OperationName } from '@countersign/records';
import type { OwnDraft } from '../recording/draft.ts';
import { describeRequest, ownSource, sessionActor, SYSTEM_ACTOR } from '../recording/facts.ts';
import type { Caller } from '../security/records.ts';
import { VERSION } from '../version.ts';

const source = ownSource('server', VERSION);

/** A change of the configuration, done. */
export interface ConfigurationChange {
  readonly event: 'CONFIG_SETTING' | 'CONFIG_ALERT' | 'CONFIG_METADATA_FIELD' | 'CONFIG_COLLECTION';
  readonly category: CategoryName;
  readonly operation: OperationName;
  readonly target: ObjectRef;
  readonly before?: JsonObject | null;
  readonly after?: JsonObject | null;
  readonly reason?: string | undefined;
}

/** The record of a change of the configuration, by somebody, or by the product itself at the console (`null`). */
export function configurationChanged(by: Caller | null, change: ConfigurationChange): OwnDraft {
  const { event, category, operation, target, before = null, after = null, reason } = change;
  return {
    event,
    outcome: 'Success',
    category,
    operation,
    content: {
      actor: by === null ? SYSTEM_ACTOR : sessionActor(by.session),
      source,
      ...(by === null ? { origin: { interface: 'console' as const } } : describeRequest(by.facts)),
      target,
      ...(before === null ? {} : { before }),
      ...(after === null ? {} : { after }),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}
