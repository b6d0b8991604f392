import type { Context } from 'hono';
import type { ObjectRef } from '@countersign/records';
import type { AdmittedCaller } from '../../authorization/admitted.ts';
import type { Right } from '../../authorization/engine.ts';
import { subjectOf } from '../../authorization/engine.ts';
import {
  certificateRight,
  mayUseCertificate,
  standingOf,
  type CertificateOperation,
} from '../../certificates/access.ts';
import { admittedIf, usesCertificate, usesTemplate } from '../../certificates/admission.ts';
import { findCertificate } from '../../certificates/certificate-view.ts';
import { findEnrollmentTemplate } from '../../certificates/enroll.ts';
import { templateRef } from '../../certificates/records.ts';
import { certificateRef } from '../../certificates/refs.ts';
import { ServerError } from '../../errors.ts';
import type { AppEnv } from '../../http/env.ts';
import type { Platform } from '../../platform.ts';
import { accessGranted } from '../../recording/events.ts';
import { sessionActor } from '../../recording/facts.ts';
import { mayRequest } from '../../templates/resolve.ts';
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
  const standing = standingOf(platform, caller.session, caller.facts.address);
  const certificate = await findCertificate(platform.state.db, id, platform.clock());
  for (const operation of operations)
    await checked(platform, caller, {
      right: certificateRight(operation),
      allowed: await mayUseCertificate(standing, id, operation),
      object: certificateRef(certificate),
    });
  return admittedIf(caller, ...operations.map((operation) => usesCertificate(id, operation)));
}

const ENROLL: Right = { resource: 'certServer.certificate.enrollment', operation: 'csr' };

/**
 * Asks for the right to enroll by a template, beside the right of the route, in the same way. Throws `request_invalid`
 * where there is no such template.
 */
export async function alsoEnrolls(
  platform: Platform,
  c: Context<AppEnv>,
  name: string,
): Promise<AdmittedCaller> {
  const caller = callerOf(c);
  const { policy } = await findEnrollmentTemplate(platform.state.db, name);
  const subject = subjectOf(caller.session, caller.facts.address);
  const allowed =
    platform.engine.isAllowed(subject, ENROLL) && mayRequest(policy, caller.session.user.roles);
  await checked(platform, caller, { right: ENROLL, allowed, object: templateRef(name) });
  return admittedIf(
    caller,
    async (now) => now.policy.isAllowed(now.subject, ENROLL),
    usesTemplate(name),
  );
}

/** Records a check; throws `access_denied` when it fails. */
async function checked(
  { recorder, refusals }: Platform,
  { session, facts }: AdmittedCaller,
  check: { readonly right: Right; readonly allowed: boolean; readonly object: ObjectRef },
): Promise<void> {
  const { right, allowed, object } = check;
  const actor = sessionActor(session);
  if (allowed) {
    await recorder.record(accessGranted(actor, right, facts));
    return;
  }
  const why = 'Authorization Error';
  const recordIndex = await refusals.record({ actor, right, facts, why, object });
  throw new ServerError(
    'access_denied',
    `${object.type} "${object.name ?? object.id}" is beyond your right "${right.operation}"; the attempt was recorded`,
    { members: { ...right, roles: actor.roles ?? [], recordIndex } },
  );
}
