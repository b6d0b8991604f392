import type { Command } from 'commander';
import { registerAlerts } from './alert.ts';
import { registerCaAuthorityCrl } from './ca-authority-crl.ts';
import { registerCaAuthorities } from './ca-authority.ts';
import { registerCaCertExport } from './ca-cert-export.ts';
import { registerCaCertFind } from './ca-cert-find.ts';
import { registerCaCertRequests } from './ca-cert-request.ts';
import { registerCaCertRevoke } from './ca-cert-revoke.ts';
import { registerCaProfiles } from './ca-profile.ts';
import { registerCertEnroll } from './cert-enroll.ts';
import { registerCertManage } from './cert-manage.ts';
import { registerCollections } from './collection.ts';
import { registerCsrs } from './csr.ts';
import { registerMetadataFields } from './metadata-field.ts';
import { registerSettings } from './setting.ts';
import { registerStoreContainers } from './store-container.ts';
import { registerStoreJobs } from './store-job.ts';
import { registerStoreServers } from './store-server.ts';
import { registerStoreTypes } from './store-type.ts';
import { registerStoreWork } from './store-work.ts';
import { registerStores } from './store.ts';

/** The commands of certificate management, group by group as the help shows them. */
export function registerCertificateCommands(program: Command): void {
  program.commandsGroup('Certificates, at a server with -n:');
  registerCaCertFind(program);
  registerCaCertRequests(program);
  registerCertEnroll(program);
  registerCaCertRevoke(program);
  registerCaCertExport(program);
  registerCertManage(program);
  registerCsrs(program);

  program.commandsGroup('Collections and metadata of certificates, at a server with -n:');
  registerCollections(program);
  registerMetadataFields(program);

  program.commandsGroup('Certificate stores, at a server with -n:');
  registerStores(program);
  registerStoreWork(program);
  registerStoreJobs(program);
  registerStoreContainers(program);
  registerStoreTypes(program);
  registerStoreServers(program);

  program.commandsGroup('Authorities, profiles, settings, alerts, at a server with -n:');
  registerCaAuthorities(program);
  registerCaAuthorityCrl(program);
  registerCaProfiles(program);
  registerSettings(program);
  registerAlerts(program);
}
