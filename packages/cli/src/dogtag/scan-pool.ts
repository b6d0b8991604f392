/** Scans files of a log on all cores: checking signatures is most of the work, and files are apart. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { scanFile } from '@countersign/records';
import type { FileScan, StatedZone } from '@countersign/records';
import { CliError } from '../errors.ts';
import { keysOf } from './certificate.ts';
import type { AuditCertificate } from './certificate.ts';
import { readLogFile } from './log-files.ts';
import type { LogSource } from './log-files.ts';
import type { WorkerAnswer, WorkerInput } from './scan-worker.ts';

/** A scan, and the SHA-256 of what was scanned. */
export interface ScannedFile {
  readonly source: LogSource;
  readonly scan: FileScan;
  readonly digest: string;
}

export interface ScanFilesOptions {
  readonly certificates: readonly AuditCertificate[];
  readonly zone?: StatedZone | undefined;
  /** Told the bytes of each file that is done. */
  readonly onDone: (bytes: number) => void;
  /** Threads; by default one a core, none for little work. */
  readonly workers?: number;
}

/** Less than this is done before threads have started. */
const SMALL_BYTES = 8_000_000;

/**
 * Scans files; of each thread one file is in memory at a time. Results are in the order of the files.
 * @throws CliError `file_unreadable`
 */
export async function scanFiles(
  sources: readonly LogSource[],
  options: ScanFilesOptions,
): Promise<ScannedFile[]> {
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  const wanted = options.workers ?? (total < SMALL_BYTES ? 0 : availableParallelism());
  const count = Math.min(wanted, sources.length);
  return count <= 1 ? scanHere(sources, options) : scanInThreads(sources, options, count);
}

async function scanHere(
  sources: readonly LogSource[],
  { certificates, zone, onDone }: ScanFilesOptions,
): Promise<ScannedFile[]> {
  const keys = keysOf(certificates);
  const results: ScannedFile[] = [];
  for (const source of sources) {
    const { bytes, digest } = await readLogFile(source);
    const options = zone === undefined ? { keys } : { keys, zone };
    results.push({ source, scan: scanFile({ name: source.name, bytes }, options), digest });
    onDone(source.size);
  }
  return results;
}

async function scanInThreads(
  sources: readonly LogSource[],
  { certificates, zone, onDone }: ScanFilesOptions,
  count: number,
): Promise<ScannedFile[]> {
  const input: WorkerInput = {
    certificates: certificates.map(({ der, facts }) => ({ der, file: facts.file })),
    ...(zone === undefined ? {} : { zone: zone.name }),
  };
  const results: (ScannedFile | undefined)[] = sources.map(() => undefined);
  // The largest first, so that no thread is left alone with it at the end.
  const waiting = sources.map((_, i) => i).sort((a, b) => sources[a]!.size - sources[b]!.size);
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('scan-worker.ts', import.meta.url), { workerData: input }),
  );
  const run = async (worker: Worker): Promise<void> => {
    for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
      const source = sources[i]!;
      const answer = await ask(worker, source);
      if ('error' in answer) {
        throw new CliError('file_unreadable', answer.error, { details: { path: source.path } });
      }
      results[i] = { source, ...answer };
      onDone(source.size);
    }
  };
  try {
    await Promise.all(workers.map(run));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results.filter((result) => result !== undefined);
}

function ask(worker: Worker, source: LogSource): Promise<WorkerAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', onMessage);
      worker.off('error', onError);
    };
    const onMessage = (answer: WorkerAnswer): void => {
      settle();
      resolve(answer);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.postMessage(source);
  });
}
