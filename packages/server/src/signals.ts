import type { Server } from './server.ts';

/**
 * Closes the server in order on SIGINT and SIGTERM; a second signal ends the process at once.
 * Resolves when the server has closed.
 */
export async function closeOnSignal(
  server: Pick<Server, 'close'>,
  say: (line: string) => void,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let stopping = false;
    const onSignal = (signal: NodeJS.Signals) => {
      if (stopping) {
        say(`${signal} again: ending at once`);
        process.exit(130);
      }
      stopping = true;
      say(`${signal}: finishing what is under way; once more to end at once`);
      server.close().then(resolve, reject);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}
