import { mkdir } from 'node:fs/promises';
import { dataPaths } from '../data-folder/keys.ts';
import { assertNoOtherState } from '../data-folder/state-note.ts';
import type { StateLocation } from '../database/location.ts';
import { openState } from '../database/open.ts';
import { securityChanged } from '../recording/events.ts';
import { SYSTEM_ACTOR } from '../recording/facts.ts';
import { auditedBeside } from '../recording/beside.ts';
import { insertProducer } from './producers.ts';

/**
 * Admits a producer at the console, beside a running server or without one. The producer and the record of it commit
 * in one transaction; the record gets its number from the server that runs, or from the next one that starts.
 * The token is returned once and kept nowhere. Throws ServerError `already_exists`, `parameter_invalid`,
 * `state_unavailable`; StateElsewhere.
 */
export async function createProducer(options: {
  readonly data: string;
  /** Where the state is, when it is not in the data folder. */
  readonly database?: StateLocation;
  readonly name: string;
  readonly clock?: () => Date;
}): Promise<{ name: string; token: string }> {
  const { data, name, clock = () => new Date() } = options;
  await mkdir(data, { recursive: true, mode: 0o700 });
  const { database = { kind: 'sqlite', path: dataPaths(data).state } } = options;
  await assertNoOtherState(data, database);
  const { state, writer } = await openState(database);
  try {
    const token = await auditedBeside(writer, clock, async (tx) => {
      const createdBy = SYSTEM_ACTOR.id;
      const made = await insertProducer(tx.db, { name, createdBy, now: clock() });
      tx.record(
        securityChanged({
          event: 'PRODUCER_CREATED',
          actor: SYSTEM_ACTOR,
          facts: null,
          target: { type: 'producer', id: name },
          after: { name, createdBy },
        }),
      );
      return made;
    });
    return { name, token };
  } finally {
    await state.close();
  }
}
