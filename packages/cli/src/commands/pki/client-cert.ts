import type { X509Certificate } from 'node:crypto';
import type { Command } from 'commander';
import {
  fingerprint,
  formatDn,
  formatSerial,
  isAuthority,
  parseCertificates,
  validityFault,
} from '../../clients/certificate.ts';
import type { ClientCertificate } from '../../clients/store.ts';
import { dataOption, jsonOption } from '../../options.ts';
import { outputOf, type PkiOptions } from '../../pki/command.ts';
import { openStore } from '../../pki/peer.ts';
import { acceptGlobals, outputFormatOption } from '../../pki/global-options.ts';
import { printEntry, printFields, printMessage, type Field } from '../../pki/print.ts';
import { importCertificates, type ImportOptions } from '../../clients/import.ts';

const IMPORT_HELP = `
The certificate comes from one of these, and is named NICKNAME in the store, by default as its common name:
  --data DIR     a data folder of this machine: keys/clients/admin.pem becomes caadmin, auditor.pem auditor
  --pkcs12 FILE  key and certificates; the password from --password-file, COUNTERSIGN_PKCS12_PASSWORD, or asked for
  --cert FILE    PEM, with the key in it or in --key

  countersign client-cert-import --data ./data
  countersign client-cert-import caadmin --pkcs12 admin.p12 --password-file admin.p12.password
  countersign client-cert-import jdoe --cert jdoe.pem --ca ca.crt

Servers are trusted by the authorities of the store: --ca adds one. A store without any takes the root that comes with
the first certificate, and says so.`;

/** The commands on the local store of client certificates. They talk to no server. */
export function registerClientCerts(program: Command): void {
  local(program, 'client-cert-find', 'list the client certificates of the local store').action(
    async (_, command: Command) => runFind(command.optsWithGlobals<PkiOptions>()),
  );
  local(program, 'client-cert-show <nickname>', 'show a client certificate').action(
    async (name: string, _, command: Command) =>
      runShow(name, command.optsWithGlobals<PkiOptions>()),
  );
  const put = local(
    program,
    'client-cert-import [nickname]',
    'put a client certificate with its key into the local store',
  )
    .addOption(dataOption('data folder of a server on this machine'))
    .option('--pkcs12 <file>', 'PKCS#12 file with key and certificates')
    .option('--password-file <file>', 'its first line is the password of the PKCS#12 file or key')
    .option('--cert <file>', 'certificate in PEM, with those of its authorities')
    .option('--key <file>', 'private key in PEM, when it is not in the file of --cert')
    .option('--force', 'take the place of another certificate of that nickname')
    .addHelpText('after', IMPORT_HELP);
  acceptGlobals(put, ['dir', 'ca']).action(
    async (nickname: string | undefined, _, command: Command) =>
      runImport(nickname, command.optsWithGlobals<PkiOptions & ImportOptions>()),
  );
  local(program, 'client-cert-del <nickname>', 'remove a client certificate and its key').action(
    async (name: string, _, command: Command) =>
      runRemove(name, command.optsWithGlobals<PkiOptions>()),
  );
}

function local(program: Command, name: string, description: string): Command {
  const command = program
    .command(name)
    .description(description)
    .addOption(outputFormatOption())
    .addOption(jsonOption());
  return acceptGlobals(command, ['dir']);
}

async function runFind(options: PkiOptions): Promise<void> {
  const output = outputOf(options);
  const store = openStore(options);
  const all = await store.list();
  const authorities = parseCertificates((await store.authorities()) ?? '');
  if (output.json) {
    output.printJson({
      total: all.length,
      entries: all.map(described),
      authorities: authorities.map(describedCertificate),
    });
    return;
  }
  if (all.length === 0) {
    printMessage(output.print, 'No certificates found');
    return;
  }
  printMessage(output.print, `${all.length} certificate(s) found`);
  for (const [at, entry] of all.entries()) {
    if (at > 0) output.print('');
    printFields(output.print, fieldsOf(entry));
  }
  printMessage(output.print, `Number of entries returned ${all.length}`);
  for (const authority of authorities)
    output.say(`servers are trusted by ${formatDn(authority.subject)}`);
}

async function runShow(name: string, options: PkiOptions): Promise<void> {
  const output = outputOf(options);
  const found = await openStore(options).find(name);
  if (output.json) output.printJson(described(found));
  else printEntry(output.print, `Certificate "${found.nickname}"`, fieldsOf(found));
}

async function runImport(nickname: string | undefined, options: PkiOptions & ImportOptions) {
  const output = outputOf(options);
  const { imported, trusted } = await importCertificates(openStore(options), nickname, options);
  for (const { nickname: name, certificate } of imported) {
    const fault = validityFault(certificate, new Date());
    if (fault !== null) output.say(`warning: certificate "${name}" ${fault}`);
  }
  for (const authority of trusted) {
    output.say(
      `servers are trusted by ${formatDn(authority.subject)}, SHA-256 ${fingerprint(authority)}`,
    );
  }
  if (output.json) {
    output.printJson({
      total: imported.length,
      entries: imported.map(described),
      trusted: trusted.map(describedCertificate),
    });
    return;
  }
  for (const entry of imported)
    printEntry(output.print, `Imported certificate "${entry.nickname}"`, fieldsOf(entry));
}

async function runRemove(name: string, options: PkiOptions): Promise<void> {
  const output = outputOf(options);
  const removed = await openStore(options).remove(name);
  if (output.json) output.printJson(described(removed));
  else printMessage(output.print, `Removed certificate "${removed.nickname}"`);
}

type Entry = Pick<ClientCertificate, 'nickname' | 'certificate'>;

function fieldsOf({ nickname, certificate }: Entry): Field[] {
  return [
    ['Serial Number', formatSerial(certificate.serialNumber)],
    ['Nickname', nickname],
    ['Subject DN', formatDn(certificate.subject)],
    ['Issuer DN', formatDn(certificate.issuer)],
    ['Not valid after', new Date(certificate.validTo).toISOString()],
    ['SHA-256', fingerprint(certificate)],
  ];
}

function described({ nickname, certificate }: Entry) {
  return { nickname, ...describedCertificate(certificate) };
}

function describedCertificate(certificate: X509Certificate) {
  return {
    serial: formatSerial(certificate.serialNumber),
    subject: formatDn(certificate.subject),
    issuer: formatDn(certificate.issuer),
    validTo: new Date(certificate.validTo).toISOString(),
    fingerprint: fingerprint(certificate),
    authority: isAuthority(certificate),
  };
}
