import type { Context } from 'hono';
import type { AdmittedCaller } from '../../authorization/admitted.ts';
import {
  certificateRight,
  mayUseCertificate,
  standingOf,
  type CertificateOperation,
} from '../../certificates/access.ts';
import { findCertificate } from '../../certificates/certificate-view.ts';
import { ServerError } from '../../errors.ts';
import type { AppEnv } from '../../http/env.ts';
import type { Platform } from '../../platform.ts';
import { accessGranted } from '../../recording/events.ts';
import { sessionActor } from '../../recording/facts.ts';
import { certificateRef } from '../../stores/records.ts';
import { callerOf } from '../security/schemas.ts';

/**
 * Asks for rights on the certificate that a request is about, beside the right of its route; each check is recorded. The
 * caller that comes back must have them still when the change is made. Throws `not_found`, `access_denied`.
 */
export async function alsoNeedsCertificate(
  platform: Platform,
  c: Context<AppEnv>,
  id: number,
  operations: readonly CertificateOperation[],
): Promise<AdmittedCaller> {
  const caller = callerOf(c);
  const { session, facts } = caller;
  const actor = sessionActor(session);
  const standing = standingOf(platform, session, facts.address);
  const certificate = await findCertificate(platform.state.db, id, platform.clock());
  for (const operation of operations) {
    const right = certificateRight(operation);
    if (await mayUseCertificate(standing, id, operation)) {
      await platform.recorder.record(accessGranted(actor, right, facts));
      continue;
    }
    const object = certificateRef(certificate);
    const why = 'Authorization Error';
    const recordIndex = await platform.refusals.record({ actor, right, facts, why, object });
    throw new ServerError(
      'access_denied',
      `certificate ${id} is beyond your right "${operation}"; the attempt was recorded`,
      { members: { ...right, roles: actor.roles ?? [], recordIndex } },
    );
  }
  return {
    ...caller,
    holds: async (now) => {
      if (!now.policy.isAllowed(now.subject, caller.right)) return false;
      for (const operation of operations)
        if (!(await mayUseCertificate(now, id, operation))) return false;
      return true;
    },
  };
}
