import {
  IconBook2,
  IconCalendarCheck,
  IconCertificate,
  IconEraser,
  IconFilePlus,
  IconFileCertificate,
  IconHeartbeat,
  IconIdBadge2,
  IconInbox,
  IconKey,
  IconListDetails,
  IconPlugConnected,
  IconSettings,
  IconShieldLock,
  IconTag,
  IconUsers,
} from '@tabler/icons-react';
import type { PageId } from './pages.ts';

/** The sign of each page, in the navigation and on the start page. */
export const PAGE_ICONS: Record<PageId, typeof IconKey> = {
  certificates: IconCertificate,
  enroll: IconFilePlus,
  requests: IconInbox,
  audit: IconListDetails,
  health: IconHeartbeat,
  catalogue: IconBook2,
  'audit-configuration': IconSettings,
  'audit-files': IconFileCertificate,
  erasures: IconEraser,
  'security/identities': IconUsers,
  'security/roles': IconIdBadge2,
  'security/claims': IconTag,
  'security/access-rules': IconShieldLock,
  'security/applications': IconPlugConnected,
  'security/reviews': IconCalendarCheck,
  'account/tokens': IconKey,
};
