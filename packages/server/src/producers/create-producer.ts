import { mkdir } from 'node:fs/promises';
import { dataPaths } from '../data-folder/keys.ts';
import { openState } from '../database/open.ts';
import { securityChanged } from '../recording/events.ts';
import { SYSTEM_ACTOR } from '../recording/facts.ts';
import { completeDraft } from '../recording/draft.ts';
import { insertProducer } from './producers.ts';

/**
 * Admits a producer at the console, beside a running server or without one. The producer and the record of it commit
 * in one transaction; the record gets its number from the server that runs, or from the next one that starts.
 * The token is returned once and kept nowhere. Throws ServerError `already_exists`, `parameter_invalid`.
 */
export async function createProducer(options: {
  readonly data: string;
  readonly name: string;
  readonly clock?: () => Date;
}): Promise<{ name: string; token: string }> {
  const { data, name, clock = () => new Date() } = options;
  await mkdir(data, { recursive: true, mode: 0o700 });
  const state = await openState(dataPaths(data).state);
  try {
    const token = await state.db.transaction().execute(async (db) => {
      const createdBy = SYSTEM_ACTOR.id;
      const made = await insertProducer(db, { name, createdBy, now: clock() });
      const draft = completeDraft(
        securityChanged({
          event: 'PRODUCER_CREATED',
          actor: SYSTEM_ACTOR,
          facts: null,
          target: { type: 'producer', id: name },
          after: { name, createdBy },
        }),
        clock(),
      );
      await db
        .insertInto('outbox')
        .values({ seq: null, draft: JSON.stringify(draft) })
        .execute();
      return made;
    });
    return { name, token };
  } finally {
    await state.close();
  }
}
