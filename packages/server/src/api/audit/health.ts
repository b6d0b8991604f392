import { statfs } from 'node:fs/promises';
import { createRoute, z } from '@hono/zod-openapi';
import { open, READ_STATUS } from '../../authorization/rule.ts';
import { ruled } from '../../http/declare.ts';
import type { Platform } from '../../platform.ts';
import { logUsed } from '../../recording/events.ts';
import { OWN_PRODUCER } from '../../recording/recorder.ts';
import { alongside, durable } from '../../http/pending.ts';
import { signedIn, type Api } from '../api.ts';
import { Health, refusals } from '../schemas.ts';
import { ReconciliationState } from '../reconciliation.ts';
import { VerificationState } from './verification.ts';

/** More unindexed records than this, and searches miss what people look for. */
const INDEX_LAG_DEGRADED = 10_000;
/** Less free space than this, and the log will soon take no records. */
const DISK_LOW_BYTES = 1_073_741_824;

export const HealthDetails = Health.extend({
  reasons: z.array(z.string()).openapi({ description: 'Why the status is not "ok".' }),
  origin: z.string(),
  keys: z.array(z.string()).openapi({ description: 'Verifier keys.' }),
  checkpoint: z.object({ text: z.string(), signedAt: z.string(), ageSeconds: z.int() }),
  segments: z.int(),
  disk: z.object({ freeBytes: z.int(), totalBytes: z.int() }),
  producers: z.array(
    z.object({ name: z.string(), lastSeq: z.int(), lastIndex: z.int().nullable() }),
  ),
  startedAt: z.string(),
  recovery: z
    .record(z.string(), z.unknown())
    .openapi({ description: 'What was found when the log was opened.' }),
  index: z.object({ indexedSize: z.int(), lag: z.int() }),
  queue: z.object({ records: z.int(), bytes: z.int() }),
  verification: VerificationState,
  reconciliation: ReconciliationState,
}).openapi('HealthDetails');

const healthRoute = createRoute({
  method: 'get',
  path: '/api/v1/audit/health',
  operationId: 'readHealth',
  summary: 'Whether the log is well; for load balancers and monitors',
  tags: ['Audit log'],
  responses: {
    200: { description: 'The state.', content: { 'application/json': { schema: Health } } },
  },
});

const detailsRoute = createRoute({
  method: 'get',
  path: '/api/v1/audit/health/details',
  operationId: 'readHealthDetails',
  summary: 'How the log is doing: checkpoint, key, space, producers, index, last verification',
  tags: ['Audit log'],
  responses: {
    200: {
      description: 'The details.',
      content: { 'application/json': { schema: HealthDetails } },
    },
    ...refusals(401, 403, 429, 503),
  },
});

/** `GET /api/v1/audit/health` and `…/details` */
export function healthRoutes({ app, routes, platform }: Api): void {
  const rule = open('monitors ask without an account, and it says no more than two sizes');
  app.openapi(ruled(routes, healthRoute, rule), async (c) => {
    const { status } = await judge(platform);
    return c.json({ status, ...sizes(platform) }, 200);
  });

  app.openapi(ruled(routes, detailsRoute, READ_STATUS), async (c) => {
    alongside(
      c,
      platform.recorder.record(
        logUsed(
          'AUDIT_LOG_READ',
          signedIn(c),
          c.get('facts'),
          [['Subject', 'health']],
          'Success',
          'health',
        ),
      ),
    );
    // What is shown includes this request's own records.
    await durable(c);
    const { status, reasons, disk } = await judge(platform);
    const log = platform.log.status();
    const { treeSize, indexedSize } = sizes(platform);
    const body: z.infer<typeof HealthDetails> = {
      status,
      treeSize,
      indexedSize,
      reasons,
      origin: platform.keys.origin,
      keys: [...platform.keys.vkeys],
      checkpoint: {
        text: log.checkpoint,
        signedAt: log.checkpointSignedAt,
        ageSeconds: Math.max(
          0,
          Math.round((platform.clock().getTime() - Date.parse(log.checkpointSignedAt)) / 1000),
        ),
      },
      segments: log.segments,
      disk,
      producers: listProducers(platform),
      startedAt: log.startedAt,
      recovery: { ...log.recovery },
      index: { indexedSize, lag: treeSize - indexedSize },
      queue: { records: log.queuedRecords, bytes: log.queuedBytes },
      verification: platform.verification.state() as z.infer<typeof VerificationState>,
      reconciliation: platform.reconciliations.report(),
    };
    return c.json(body, 200);
  });
}

/**
 * Every producer with the last number it has used. The log leaves out those that have records on their way just now;
 * they are listed without the index of their last one.
 */
function listProducers({ log, producers }: Platform): z.infer<typeof HealthDetails>['producers'] {
  const durable = new Map(log.status().producers.map((producer) => [producer.name, producer]));
  const names = new Set([OWN_PRODUCER, ...producers.names(), ...durable.keys()]);
  return [...names].sort().map((name) => ({
    name,
    lastSeq: durable.get(name)?.lastSeq ?? log.nextSeq(name) - 1,
    lastIndex: durable.get(name)?.lastIndex ?? null,
  }));
}

function sizes({ log, index }: Platform): { treeSize: number; indexedSize: number } {
  const treeSize = log.size;
  return { treeSize, indexedSize: Math.min(index.indexedSize(), treeSize) };
}

interface Judgement {
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly reasons: string[];
  readonly disk: { freeBytes: number; totalBytes: number };
}

/** `failing`: records are not taken. `degraded`: they are, but somebody should look. */
async function judge(platform: Platform): Promise<Judgement> {
  const { log, recorder, config, verification } = platform;
  const disk = await freeSpace(config.dataDir);
  const state = log.status();
  const failures: string[] = [];
  if (state.state !== 'running')
    failures.push(`the log is ${state.state}: ${state.reason ?? 'no reason given'}`);
  else if (recorder.failure !== null)
    failures.push(`the log takes no records: ${recorder.failure}`);
  const trouble = platform.state.trouble();
  if (trouble !== null) failures.push(`the state cannot be changed: ${trouble}`);
  const concerns: string[] = [];
  const indexFailure = platform.index.failure();
  if (indexFailure !== undefined)
    concerns.push(`the index does not follow: ${indexFailure.message}`);
  const { treeSize, indexedSize } = sizes(platform);
  if (treeSize - indexedSize > INDEX_LAG_DEGRADED) {
    concerns.push(`the index is ${treeSize - indexedSize} records behind`);
  }
  const { signedAudit } = platform;
  if (signedAudit.failure !== null)
    concerns.push(`the signed audit files cannot be written: ${signedAudit.failure}`);
  else if (signedAudit.notice !== null) concerns.push(signedAudit.notice);
  if (disk.totalBytes > 0 && disk.freeBytes < DISK_LOW_BYTES) {
    concerns.push(`the disk has ${Math.round(disk.freeBytes / 1_048_576)} MiB left`);
  }
  const last = verification.state();
  if (last.state === 'done' && !last.ok) concerns.push('the last verification of the log failed');
  const compared = platform.reconciliations.report();
  if (compared.state === 'done' && !compared.ok)
    concerns.push('the state does not agree with the log');
  const status = failures.length > 0 ? 'failing' : concerns.length > 0 ? 'degraded' : 'ok';
  return { status, reasons: [...failures, ...concerns], disk };
}

/** Free space changes slowly, and monitors ask often. */
const SPACE_AGE_MS = 1_000;
const space = new Map<string, { at: number; disk: Judgement['disk'] }>();

async function freeSpace(dir: string): Promise<Judgement['disk']> {
  const known = space.get(dir);
  const now = performance.now();
  if (known !== undefined && now - known.at < SPACE_AGE_MS) return known.disk;
  const { bavail, blocks, bsize } = await statfs(dir);
  const disk = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  space.set(dir, { at: now, disk });
  return disk;
}
