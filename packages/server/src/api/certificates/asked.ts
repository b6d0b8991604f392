import type { Context } from 'hono';
import {
  certificateRight,
  mayUseCertificate,
  standingOf,
  type CertificateOperation,
} from '../../certificates/access.ts';
import { admittedIf, refuseCertificate, usesCertificate } from '../../certificates/admission.ts';
import { findCertificate, type Certificate } from '../../certificates/certificate-view.ts';
import { templateRef } from '../../certificates/records.ts';
import { certificateRef } from '../../certificates/refs.ts';
import type { AdmittedCaller } from '../../authorization/admitted.ts';
import type { AppEnv } from '../../http/env.ts';
import type { Platform } from '../../platform.ts';
import { mayRequest } from '../../templates/resolve.ts';
import type { Template } from '../../templates/templates.ts';
import { signedIn } from '../api.ts';
import { callerOf } from '../security/schemas.ts';

/** The number in a path. */
export function idOf(c: Context<AppEnv>): number {
  return Number(c.req.param('id'));
}

/**
 * The certificate that a request is about, after the check that the caller may do this with it; the check is recorded.
 * Throws `not_found`, `access_denied`.
 */
export async function askedCertificate(
  platform: Platform,
  c: Context<AppEnv>,
  operation: CertificateOperation,
): Promise<{ certificate: Certificate; caller: AdmittedCaller }> {
  const id = idOf(c);
  const certificate = await findCertificate(platform.state.db, id, platform.clock());
  const standing = standingOf(platform, signedIn(c), c.get('facts').address);
  const allowed = await mayUseCertificate(standing, id, operation);
  await c.get('grant')?.(certificateRef(certificate), allowed);
  return { certificate, caller: admittedIf(callerOf(c), usesCertificate(id, operation)) };
}

/** Says by which template certificates are asked for; the check is recorded. Throws `access_denied`. */
export async function askedTemplate(c: Context<AppEnv>, template: Template): Promise<void> {
  const { roles } = signedIn(c).user;
  await c.get('grant')?.(templateRef(template.name), mayRequest(template.policy, roles));
}

/**
 * The caller of an enrollment that is to replace a certificate, who must be able to read that. The refusal is recorded.
 * Throws `not_found`, `access_denied`.
 */
export async function callerReplacing(
  platform: Platform,
  c: Context<AppEnv>,
  renews: number | null,
): Promise<AdmittedCaller> {
  const caller = callerOf(c);
  if (renews === null) return caller;
  const certificate = await findCertificate(platform.state.db, renews, platform.clock());
  const standing = standingOf(platform, signedIn(c), c.get('facts').address);
  if (await mayUseCertificate(standing, renews, 'read'))
    return admittedIf(caller, usesCertificate(renews, 'read'));
  const asked = { ...caller, right: certificateRight('read') };
  throw await refuseCertificate(platform, asked, certificate, 'read');
}
