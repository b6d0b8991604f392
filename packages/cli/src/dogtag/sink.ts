/** Where imported records go: a server, or a data folder of this machine. */
import type { Log } from '@countersign/ledger';
import { parseRecordDraft } from '@countersign/records';
import type { RecordDraft } from '@countersign/records';
import { CliError, messageOf } from '../errors.ts';

/** Takes a producer's records. Numbers it has already are recognised, so sending again is safe. */
export interface RecordSink {
  /** The number the next record must carry. */
  nextSeq(): Promise<number>;
  /**
   * Sends records, all or none.
   * @returns `conflict` when a number is taken by another record
   * @throws CliError when they cannot be taken
   */
  send(drafts: readonly RecordDraft[]): Promise<'taken' | 'conflict'>;
  close(): Promise<void>;
}

/** How often, and how long apart in milliseconds, a server that is away is asked again. */
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

/** Opens a server as a sink. */
export function serverSink(options: { url: string; token: string; producer: string }): RecordSink {
  const { url, token, producer } = options;
  const path = `/api/v1/producers/${encodeURIComponent(producer)}`;
  const ask = async (suffix: string, init: RequestInit): Promise<Response> => {
    for (const pause of [...RETRY_MS, undefined]) {
      const response = await tryFetch(`${url}${path}${suffix}`, init, token).catch(
        (cause: unknown) => {
          if (pause === undefined) throw unreachable(url, cause);
          return undefined;
        },
      );
      const busy = response === undefined || response.status === 503 || response.status === 429;
      if (!busy || pause === undefined) return response!;
      const wanted = Number(response?.headers.get('retry-after') ?? 0) * 1000;
      await response?.body?.cancel();
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(Math.max(pause, wanted), 30_000)),
      );
    }
    throw new Error('bad math in serverSink');
  };
  return {
    nextSeq: async () => {
      const response = await ask('', {});
      if (!response.ok) throw await refusal(url, producer, response);
      return parseNext(url, await response.json().catch(() => null));
    },
    send: async (drafts) => {
      const response = await ask('/records', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ records: drafts }),
      });
      if (response.ok) {
        await response.arrayBuffer();
        return 'taken';
      }
      const refused = await refusal(url, producer, response);
      if (problemCode(refused) === 'sequence_conflict') return 'conflict';
      throw refused;
    },
    close: () => Promise.resolve(),
  };
}

/**
 * Opens a data folder as a sink; it is made when there is none. No server may be using it.
 * @throws CliError `data_locked`, `data_invalid`
 */
export async function folderSink(dataDir: string, producer: string): Promise<RecordSink> {
  const { createDataFolder, dataPaths } = await import('@countersign/server');
  const { openLog } = await import('@countersign/ledger');
  try {
    const { origin, signers } = await createDataFolder(dataDir);
    const log = await openLog({ dir: dataPaths(dataDir).log, origin, signers });
    return logSink(log, producer, dataDir);
  } catch (error) {
    throw folderTrouble(dataDir, error);
  }
}

/** Makes a sink of an open log, and closes the log with it. */
export function logSink(log: Log, producer: string, dataDir: string): RecordSink {
  return {
    nextSeq: () => Promise.resolve(log.nextSeq(producer)),
    send: async (drafts) => {
      try {
        await log.append(
          producer,
          drafts.map((draft) => parseRecordDraft(draft)),
        );
        return 'taken';
      } catch (error) {
        if (codeOf(error) === 'sequence_conflict') return 'conflict';
        throw folderTrouble(dataDir, error);
      }
    },
    close: () => log.close(),
  };
}

async function tryFetch(url: string, init: RequestInit, token: string): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  headers.set('user-agent', 'countersign-cli');
  return fetch(url, { redirect: 'error', ...init, headers });
}

function unreachable(url: string, error: unknown): CliError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return new CliError(
    'server_unreachable',
    `--server "${url}" cannot be reached: ${messageOf(cause)}`,
    { cause: error },
  );
}

async function refusal(url: string, producer: string, response: Response): Promise<CliError> {
  const problem: unknown = await response.json().catch(() => null);
  const members = typeof problem === 'object' && problem !== null ? { ...problem } : {};
  const word = (name: string): string | undefined => {
    const value = (members as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : undefined;
  };
  const detail = word('detail') ?? word('title') ?? response.statusText;
  const isRefused = response.status === 401 || response.status === 403;
  const hint = isRefused ? '; is --token right, and of this producer?' : '';
  return new CliError(
    'server_refused',
    `${url} refused records of producer "${producer}": ${response.status} ${word('code') ?? ''}: ${detail}${hint}`,
    { details: { status: response.status, problem: members } },
  );
}

function problemCode(error: CliError): unknown {
  const problem = error.details['problem'];
  return typeof problem === 'object' && problem !== null && 'code' in problem
    ? problem.code
    : undefined;
}

function parseNext(url: string, body: unknown): number {
  const next = typeof body === 'object' && body !== null && 'nextSeq' in body ? body.nextSeq : null;
  if (typeof next === 'number' && Number.isSafeInteger(next) && next >= 1) return next;
  throw new CliError(
    'server_malformed',
    `${url}: expected "nextSeq", a number from 1, got ${JSON.stringify(next)}`,
  );
}

function folderTrouble(dataDir: string, error: unknown): CliError {
  const locked = codeOf(error) === 'log_locked';
  const hint = locked ? '; is a server running on it? Then import with --server' : '';
  return new CliError(
    locked ? 'data_locked' : 'data_invalid',
    `--data "${dataDir}": ${messageOf(error)}${hint}`,
    { cause: error, details: { data: dataDir } },
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
