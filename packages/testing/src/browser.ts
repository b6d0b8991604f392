import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import bundled, { inflate } from '@sparticuz/chromium';
import { chromium, type Browser } from 'playwright-core';

/** A browser, or the reason why there is none on this machine. */
export type BrowserResult =
  | { readonly browser: Browser; readonly missing: null }
  | { readonly browser: null; readonly missing: string };

/** Not the package's own arguments: they are for a single page in a single process, and contexts would hang. */
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];

/**
 * Starts a real Chromium: the one named by `COUNTERSIGN_CHROMIUM`, else the one inside the npm package. Where neither
 * runs (the package has builds for Linux only) the answer is the reason, for the test to be skipped with.
 *
 * @example
 * const { browser, missing } = await openBrowser();
 * if (browser === null) return context.skip(missing);
 */
export async function openBrowser(): Promise<BrowserResult> {
  const own = process.env['COUNTERSIGN_CHROMIUM'];
  if (own === undefined && process.platform !== 'linux') {
    return missing(
      `the bundled Chromium is built for linux, this is ${process.platform}; name a browser in COUNTERSIGN_CHROMIUM`,
    );
  }
  try {
    return { browser: await launch(own ?? (await bundled.executablePath())), missing: null };
  } catch (error) {
    return missing(`Chromium does not start here: ${firstLine(error)}`);
  }
}

/** Starts the browser; where the machine lacks libraries that it needs, with those of the npm package. */
async function launch(executablePath: string): Promise<Browser> {
  const options = { executablePath, args: ARGUMENTS, headless: true };
  try {
    return await chromium.launch(options);
  } catch (error) {
    if (!String(error).includes('shared libraries')) throw error;
    const packed = join(
      dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))),
      '../bin/al2023.tar.br',
    );
    const LD_LIBRARY_PATH = join(await inflate(packed), 'lib');
    return chromium.launch({ ...options, env: { ...process.env, LD_LIBRARY_PATH } });
  }
}

function missing(reason: string): BrowserResult {
  return { browser: null, missing: reason };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error))
    .split('\n')
    .slice(0, 3)
    .join(' ')
    .trim();
}
