import type { AdmittedCaller, Standing } from '../authorization/admitted.ts';
import { ServerError } from '../errors.ts';
import type { Platform } from '../platform.ts';
import { sessionActor } from '../recording/facts.ts';
import { mayRequest } from '../templates/resolve.ts';
import { findTemplate } from '../templates/templates.ts';
import { certificateRight, mayUseCertificate, type CertificateOperation } from './access.ts';
import type { Certificate } from './certificate-view.ts';
import { certificateRef } from './refs.ts';

/** Something that must hold of somebody, and still hold when the change is made. */
export type Condition = (standing: Standing) => Promise<boolean>;

/** A caller of whom more has to hold than the right of the route. */
export function admittedIf(
  caller: AdmittedCaller,
  ...conditions: readonly Condition[]
): AdmittedCaller {
  const { right, holds = async ({ policy, subject }) => policy.isAllowed(subject, right) } = caller;
  return {
    ...caller,
    holds: async (standing) => {
      for (const condition of [holds, ...conditions])
        if (!(await condition(standing))) return false;
      return true;
    },
  };
}

/** Somebody may do something with a certificate. */
export function usesCertificate(id: number, operation: CertificateOperation): Condition {
  return async (standing) => await mayUseCertificate(standing, id, operation);
}

/** Somebody may ask for certificates by a template. */
export function usesTemplate(name: string): Condition {
  return async ({ db, subject }) =>
    mayRequest((await findTemplate(db, name)).policy, subject.roles);
}

/**
 * Records that somebody has the right, but not for this certificate (AUTHZ Failure, level Failure), and says so.
 */
export async function refuseCertificate(
  platform: Platform,
  caller: AdmittedCaller,
  certificate: Certificate,
  operation: CertificateOperation,
): Promise<ServerError> {
  const actor = sessionActor(caller.session);
  const right = certificateRight(operation);
  const object = certificateRef(certificate);
  const { facts } = caller;
  const why = 'Authorization Error';
  const recordIndex = await platform.refusals.record({ actor, right, facts, why, object });
  return new ServerError(
    'access_denied',
    `certificate ${certificate.id} is beyond your right "${operation}"; the attempt was recorded`,
    { members: { ...right, roles: actor.roles ?? [], recordIndex, object } },
  );
}
