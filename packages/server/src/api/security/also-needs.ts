import type { Context } from 'hono';
import { subjectOf, type Right } from '../../authorization/engine.ts';
import { ServerError } from '../../errors.ts';
import type { AppEnv } from '../../http/env.ts';
import type { Platform } from '../../platform.ts';
import { accessGranted } from '../../recording/events.ts';
import { sessionActor } from '../../recording/facts.ts';
import { signedIn } from '../api.ts';

/**
 * Asks for a further right, where what is in a request needs more than its route. The check is recorded as that of the
 * route is. Throws `access_denied`.
 */
export async function alsoNeeds(
  platform: Platform,
  c: Context<AppEnv>,
  right: Right,
): Promise<void> {
  const session = signedIn(c);
  const facts = c.get('facts');
  const actor = sessionActor(session);
  if (platform.engine.isAllowed(subjectOf(session, facts.address), right)) {
    await platform.recorder.record(accessGranted(actor, right, facts));
    return;
  }
  const why = 'Authorization Error';
  const recordIndex = await platform.refusals.record({ actor, right, facts, why });
  throw new ServerError(
    'access_denied',
    `${facts.verb} ${facts.route} with this body needs the right "${right.operation}" on ${right.resource}, too; the attempt was recorded`,
    { members: { ...right, roles: actor.roles ?? [], recordIndex } },
  );
}
