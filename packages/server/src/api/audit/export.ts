import { createRoute, z } from '@hono/zod-openapi';
import type { ResolvedQuery } from '@countersign/records';
import { EXPORT_LOG } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import { logUsed } from '../../recording/events.ts';
import { foreignQuery } from '../../recording/facts.ts';
import { signedIn, type Api } from '../api.ts';
import { readRecords, viewBytes, viewRecord } from '../record-view.ts';
import { QueryText, refusals } from '../schemas.ts';
import { CSV_HEADER, csvLine } from './csv.ts';
import { fresh, resolveFor } from './query.ts';

/** Records read and written at a time. */
const PAGE = 500;
/** An export is worth waiting for its exact count, in milliseconds. */
const COUNT_BUDGET_MS = 5_000;

const route = createRoute({
  method: 'get',
  path: '/api/v1/audit/export',
  operationId: 'exportRecords',
  summary: 'Export what a query finds, oldest first',
  description:
    'NDJSON lines hold the exact bytes, so that each can be proved offline; CSV is for spreadsheets. ' +
    'The export is recorded before its first byte, with query, format and count; one that breaks off is recorded again.',
  tags: ['Audit log'],
  request: {
    query: z.object({ query: QueryText, format: z.enum(['ndjson', 'csv']).default('ndjson') }),
  },
  responses: {
    200: {
      description: 'The records.',
      content: {
        'application/x-ndjson': { schema: z.string() },
        'text/csv': { schema: z.string() },
      },
    },
    ...refusals(400, 401, 403, 429, 503),
  },
});

type Format = 'ndjson' | 'csv';

/** `GET /api/v1/audit/export` */
export function exportRoute({ app, routes, platform }: Api): void {
  app.openapi(ruled(routes, route, EXPORT_LOG), async (c) => {
    const { query: text = '', format } = c.req.valid('query');
    const session = signedIn(c);
    const facts = c.get('facts');
    const query = resolveFor(text, session, platform.clock());
    await fresh(platform);
    // The log as it is now: what comes while we send, this export's own record too, is not part of it.
    const size = platform.index.indexedSize();
    const { count, exact } = await platform.index.count({ query, budgetMs: COUNT_BUDGET_MS });
    const record = async (sent: string, outcome: 'Success' | 'Failure') =>
      await platform.recorder.record(
        logUsed(
          'AUDIT_LOG_EXPORT',
          session,
          facts,
          [
            ['Query', foreignQuery(text)],
            ['Format', format],
            ['Count', sent],
          ],
          outcome,
        ),
      );
    const headers = {
      'content-type':
        format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="audit-log-${fileStamp(platform.clock())}.${format}"`,
    };
    // HEAD asks what would come: nothing leaves the house.
    if (facts.verb === 'HEAD') return c.body(null, 200, headers);
    // Durable before the first byte leaves the house.
    await record(exact ? String(count) : `at least ${count}`, 'Success');
    const lines = exportLines(platform, query, format, size);
    const body = toStream(lines, async (sent) => void (await record(String(sent), 'Failure')));
    return c.body(body, 200, headers);
  });
}

function fileStamp(time: Date): string {
  return time.toISOString().replaceAll(/[:.]/g, '-');
}

interface Chunk {
  readonly text: string;
  readonly records: number;
}

async function* exportLines(
  platform: Platform,
  query: ResolvedQuery,
  format: Format,
  size: number,
): AsyncGenerator<Chunk> {
  if (format === 'csv') yield { text: CSV_HEADER, records: 0 };
  let cursor: string | null = null;
  do {
    const page = await platform.index.search({
      query,
      order: 'asc',
      limit: PAGE,
      ...(cursor === null ? {} : { cursor }),
    });
    const indexes = page.indexes.filter((index) => index < size);
    if (indexes.length > 0) {
      yield { text: await formatPage(platform, indexes, format), records: indexes.length };
    }
    cursor = indexes.length < page.indexes.length ? null : page.next;
  } while (cursor !== null);
}

async function formatPage(
  platform: Platform,
  indexes: readonly number[],
  format: Format,
): Promise<string> {
  const { reader } = platform.log;
  if (format === 'csv') return (await readRecords(reader, indexes)).map(csvLine).join('');
  const stored = await Promise.all(indexes.map(async (index) => await reader.read(index)));
  return stored
    .map((record) => `${JSON.stringify({ ...viewRecord(record), ...viewBytes(record) })}\n`)
    .join('');
}

/** A stream that reads ahead no more than the client takes; `onBroken` hears how many records went out before it broke. */
function toStream(
  chunks: AsyncGenerator<Chunk>,
  onBroken: (sent: number) => Promise<void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let sent = 0;
  let ended = false;
  /** A client that goes away while we read ends the stream twice; it is told once. */
  const broken = async () => {
    if (ended) return;
    ended = true;
    await onBroken(sent);
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next();
        if (ended) return;
        if (done === true) {
          ended = true;
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(value.text));
        sent += value.records;
      } catch (error) {
        await broken();
        controller.error(error);
      }
    },
    async cancel() {
      await broken();
      await chunks.return(undefined);
    },
  });
}
