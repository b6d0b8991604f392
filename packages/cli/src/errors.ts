/** How the command ends; documented in `countersign --help`. */
export const EXIT_OK = 0;
/** The command could not be done: wrong usage, a file, the network. */
export const EXIT_TROUBLE = 1;
/** The command was done and its answer is no: something does not verify. */
export const EXIT_NOT_VERIFIED = 2;

export type CliErrorCode =
  | 'usage'
  | 'file_unreadable'
  | 'file_exists'
  | 'file_unwritable'
  | 'data_missing'
  | 'data_invalid'
  | 'data_locked'
  | 'port_in_use'
  | 'address_unavailable'
  | 'key_invalid'
  | 'checkpoint_invalid'
  | 'record_not_found'
  | 'producer_exists'
  | 'server_unreachable'
  | 'server_refused'
  | 'server_malformed'
  | 'server_untrusted'
  | 'store_insecure'
  | 'store_malformed'
  | 'certificate_missing'
  | 'certificate_exists'
  | 'certificate_invalid'
  | 'certificate_refused'
  | 'password_wrong'
  | 'sign_in_failed'
  | 'setup_invalid'
  | 'not_verified';

/** What a command says when it cannot go on. `details` goes into the `--json` form beside code and message. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  readonly exitCode: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: CliErrorCode,
    message: string,
    options: { exitCode?: number; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT_TROUBLE;
    this.details = options.details ?? {};
  }
}

/** The system's error code (`ENOENT`, `EADDRINUSE` …) of anything thrown, or undefined. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a file-system error means, in words: for messages that already name the file. */
export function fileTrouble(error: unknown): string {
  switch (systemCode(error)) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EEXIST':
      return 'there is something else of that name';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of the path is not a folder';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'the disk is full';
    case undefined:
    default:
      return messageOf(error);
  }
}
