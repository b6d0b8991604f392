import type { Api } from '../api.ts';
import { accessRuleRoutes } from './access-rules.ts';
import { applicationRoutes } from './applications.ts';
import { certificateRoutes } from './certificates.ts';
import { claimRoutes } from './claims.ts';
import { identityRoutes } from './identities.ts';
import { permissionRoutes } from './permissions.ts';
import { reviewRoutes } from './reviews.ts';
import { roleRoutes } from './roles.ts';

/** Who may do what: `/api/v1/security/…`. */
export function securityRoutes(api: Api): void {
  identityRoutes(api);
  certificateRoutes(api);
  roleRoutes(api);
  claimRoutes(api);
  permissionRoutes(api);
  accessRuleRoutes(api);
  applicationRoutes(api);
  reviewRoutes(api);
}
