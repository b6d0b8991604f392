import type { Api } from '../api.ts';
import { certificateAccessRoute } from './access.ts';
import { csrRoutes } from './csrs.ts';
import { downloadRoutes } from './downloads.ts';
import { enrollmentRoutes } from './enrollment.ts';
import { keepingRoutes } from './keeping.ts';
import { metadataRoutes } from './metadata.ts';
import { renewalRoutes } from './renewal.ts';
import { requestRoutes } from './requests.ts';
import { manyCertificatesRoutes } from './many.ts';

/** What is done with certificates: `/api/v1/certificates`, `/enrollment`, `/requests`, `/csrs`. */
export function certificateOperationRoutes(api: Api): void {
  enrollmentRoutes(api);
  requestRoutes(api);
  renewalRoutes(api);
  // Paths with words before those with a number in the same place.
  manyCertificatesRoutes(api);
  metadataRoutes(api);
  certificateAccessRoute(api);
  downloadRoutes(api);
  keepingRoutes(api);
  csrRoutes(api);
}
