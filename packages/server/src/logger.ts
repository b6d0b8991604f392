/** What a log line may carry: plain values, never secrets. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A logger of one part of the program, named `package:part`. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Makes loggers by name; the sink is replaceable, by default one JSON line each on stderr. */
export type LoggerFactory = (name: `${string}:${string}`) => Logger;

/** Writes one line to stderr. A disk that is full, or a reader that is gone, must not end the program with it. */
const toStandardError = (line: string): void => {
  if (!process.stderr.listeners('error').includes(ignore)) process.stderr.on('error', ignore);
  process.stderr.write(`${line}\n`);
};

const ignore = (): void => undefined;

/** A factory of structured loggers: one JSON object a line with time, level, name and message first. */
export function createLoggers(write: (line: string) => void = toStandardError): LoggerFactory {
  return (name) => {
    const at = (level: string) => (message: string, fields?: LogFields) =>
      write(JSON.stringify({ time: new Date().toISOString(), level, name, message, ...fields }));
    return { info: at('info'), warn: at('warn'), error: at('error') };
  };
}

/** Loggers that say nothing, for tests. */
export const silentLoggers: LoggerFactory = () => ({
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
});
