import { parseEntriesPath, parseTilePath, TlogError } from '@countersign/tlog';
import { open, READ_LOG } from '../authorization/rule.ts';
import { ServerError } from '../errors.ts';
import { decidedOn } from '../http/declare.ts';
import type { Platform } from '../platform.ts';
import type { Api } from './api.ts';

/** A tile never changes (tlog-tiles), so it may be kept for ever; by anybody if anybody may have it. */
const FOR_EVER = 'max-age=31536000, immutable';

/**
 * The log as C2SP tlog-tiles serves it: `/log/checkpoint` and `/log/tile/…`. Open by default, since envelopes
 * name nobody, so that mirrors, witnesses and monitors need no account; a setting restricts it to auditors.
 */
export function logFileRoutes({ app, routes, platform }: Api): void {
  const isOpen = platform.config.logAccess === 'open';
  const rule = isOpen
    ? open('envelopes name nobody; mirrors and witnesses need no account')
    : READ_LOG;
  const scope = isOpen ? 'public' : 'private';

  routes.add({ method: 'GET', pattern: '/log/checkpoint', type: 'API Endpoint', rule });
  app.get('/log/checkpoint', decidedOn('GET', '/log/checkpoint'), (c) =>
    c.body(platform.log.checkpoint, 200, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': isOpen ? 'no-cache' : 'private, no-cache',
    }),
  );

  routes.add({ method: 'GET', pattern: '/log/tile/*', type: 'API Endpoint', rule });
  app.get('/log/tile/*', decidedOn('GET', '/log/tile/*'), async (c) => {
    const bytes = await readTile(platform, c.req.path.slice('/log/'.length));
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': 'application/octet-stream',
      'cache-control': `${scope}, ${FOR_EVER}`,
    });
  });
}

async function readTile({ log }: Platform, path: string): Promise<Uint8Array> {
  try {
    if (path.startsWith('tile/entries/')) {
      const { index, width } = parseEntriesPath(path);
      return await log.reader.entryBundle(index, width);
    }
    return await log.reader.tile(parseTilePath(path));
  } catch (error) {
    if (error instanceof TlogError)
      throw new ServerError('not_found', error.message, { cause: error });
    throw error;
  }
}
