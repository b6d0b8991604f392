/** A thread that scans one file after the other. */
import { X509Certificate } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { parseStatedZone, scanFile } from '@countersign/records';
import type { FileScan } from '@countersign/records';
import { messageOf } from '../errors.ts';
import { auditCertificate, keysOf } from './certificate.ts';
import { readLogFile } from './log-files.ts';
import type { LogSource } from './log-files.ts';

export interface WorkerInput {
  readonly certificates: readonly { readonly der: Uint8Array; readonly file: string }[];
  readonly zone?: string;
}

export type WorkerAnswer =
  | { readonly scan: FileScan; readonly digest: string }
  | { readonly error: string };

if (parentPort !== null) {
  const port = parentPort;
  const input = workerData as WorkerInput;
  const keys = keysOf(
    input.certificates.map(({ der, file }) => auditCertificate(file, new X509Certificate(der))),
  );
  const options = input.zone === undefined ? { keys } : { keys, zone: parseStatedZone(input.zone) };
  port.on('message', (source: LogSource) => {
    readLogFile(source)
      .then(({ bytes, digest }): WorkerAnswer => {
        return { scan: scanFile({ name: source.name, bytes }, options), digest };
      })
      .catch((error: unknown): WorkerAnswer => ({ error: messageOf(error) }))
      .then((answer) => port.postMessage(answer))
      .catch((error: unknown) => {
        throw error;
      });
  });
}
