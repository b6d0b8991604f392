import { hash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { ServerError } from '../errors.ts';

/** A file of the portal's build. */
export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  /** Its name carries a hash of its content: it never changes. */
  readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** Where the nonce of a page goes in the portal's index.html. */
const NONCE_PLACE = '__CSP_NONCE__';
/** How often, at most, the build is looked at for changes, in milliseconds. */
const REFRESH_MS = 1_000;

/**
 * The portal's build, held in memory. Only files found by listing the folder are served: a path from outside is a
 * key of a map and never reaches the file system.
 */
export class Portal {
  readonly #dir: string;
  #assets = new Map<string, Asset>();
  #shell: string | null = null;
  #builtAt = -1;
  #checkedAt = Number.NEGATIVE_INFINITY;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The file at a path below `/portal/`, or null. */
  async asset(path: string): Promise<Asset | null> {
    await this.#refresh();
    return this.#assets.get(path) ?? null;
  }

  /**
   * The page every portal address starts from, with a nonce for its styles and, for a refusal, the facts as a data
   * block. Throws `portal_not_built`.
   */
  async page(nonce: string, denial: unknown = null): Promise<{ html: string; usesNonce: boolean }> {
    await this.#refresh();
    if (this.#shell === null) {
      throw new ServerError(
        'portal_not_built',
        `no portal in ${this.#dir}; build it with: npm run build`,
      );
    }
    const usesNonce = this.#shell.includes(NONCE_PLACE);
    const html = this.#shell.replaceAll(NONCE_PLACE, nonce);
    if (denial === null) return { html, usesNonce };
    // "<" is all that could end the block: what a stranger put into the route stays text.
    const json = JSON.stringify(denial).replaceAll('<', '\\u003c');
    const block = `<script type="application/json" id="denial">${json}</script>`;
    return { html: html.replace('</head>', () => `${block}</head>`), usesNonce };
  }

  /** Reads the build when it is new. */
  async #refresh(): Promise<void> {
    const now = performance.now();
    if (now - this.#checkedAt < REFRESH_MS) return;
    this.#checkedAt = now;
    const builtAt = await stat(join(this.#dir, 'index.html')).then(
      (file) => file.mtimeMs,
      () => 0,
    );
    if (builtAt === this.#builtAt) return;
    const assets = new Map<string, Asset>();
    let shell: string | null = null;
    if (builtAt !== 0) {
      for (const entry of await readdir(this.#dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = join(entry.parentPath, entry.name);
        const path = file.slice(this.#dir.length + 1).replaceAll(sep, '/');
        const bytes = await readFile(file);
        if (path === 'index.html') shell = bytes.toString('utf8');
        else assets.set(path, describeAsset(path, new Uint8Array(bytes)));
      }
    }
    this.#assets = assets;
    this.#shell = shell;
    this.#builtAt = builtAt;
  }
}

function describeAsset(path: string, bytes: Uint8Array<ArrayBuffer>): Asset {
  return {
    bytes,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${hash('sha256', bytes, 'base64url').slice(0, 22)}"`,
    immutable: path.startsWith('assets/'),
  };
}
