import type { Server } from './server.ts';

/**
 * A service manager signals every process of the group, and npm and the scripts above us hand the signal on as well:
 * the same request arrives several times within some milliseconds. A person who insists takes longer.
 */
const SAME_SIGNAL_MS = 1_000;

/**
 * Closes the server in order on SIGINT and SIGTERM; a signal a second or more after the first ends the process at
 * once. Resolves when the server has closed.
 */
export async function closeOnSignal(
  server: Pick<Server, 'close'>,
  say: (line: string) => void,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let since: number | null = null;
    const onSignal = (signal: NodeJS.Signals) => {
      const now = performance.now();
      if (since === null) {
        since = now;
        say(`${signal}: finishing what is under way; once more to end at once`);
        server.close().then(resolve, reject);
      } else if (now - since >= SAME_SIGNAL_MS) {
        say(`${signal} again: ending at once`);
        process.exit(130);
      }
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
