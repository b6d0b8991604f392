import { hostname } from 'node:os';
import type { Socket } from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Settings } from '../settings/settings.ts';
import { OutgoingError } from '../tls/outgoing-error.ts';
import type { OutgoingSessions } from '../tls/outgoing-sessions.ts';
import { openMailConnection } from './mail-connection.ts';

/** A mail of text. */
export interface Mail {
  /** Without brackets: the same at every attempt, so that who has it twice can know. */
  readonly messageId: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly date: Date;
}

/** Somebody whom the mail server would not take mail for. */
export interface RefusedRecipient {
  readonly address: string;
  readonly reason: string;
  /** Another attempt would come to the same (a reply of 5xx, RFC 5321 section 4.2.1). */
  readonly forGood: boolean;
}

/** What became of a mail. */
export interface MailResult {
  readonly accepted: readonly string[];
  readonly refused: readonly RefusedRecipient[];
}

/** No mail goes out at all at the moment; the message says why and holds no secret. */
export class MailUnavailable extends Error {
  override readonly name = 'MailUnavailable';
}

/** Everything from connecting to the last answer must be done in so many milliseconds. */
const PATIENCE_MS = 60_000;

/** Hands a mail to the mail server of the settings. Throws {@link MailUnavailable}, `log_unavailable`. */
export async function sendMail(
  { settings, outgoing }: { settings: Settings; outgoing: OutgoingSessions },
  mail: Mail,
): Promise<MailResult> {
  const host = settings.get('smtp.host');
  const sender = settings.get('smtp.sender');
  if (host === '') throw new MailUnavailable('no mail server is set');
  if (sender === '') throw new MailUnavailable('no sender of mail is set');
  const security = settings.get('smtp.security');
  const authorities = settings.get('smtp.authorities');
  const server = { host, port: settings.get('smtp.port'), security };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const bytes = await composeMail(sender, mail);
  let socket: Socket;
  try {
    const ca = authorities === '' ? null : authorities;
    socket = await openMailConnection(outgoing, { ...server, ca }, ownName(), signal);
  } catch (error) {
    if (error instanceof OutgoingError) throw new MailUnavailable(error.message, { cause: error });
    throw error;
  }
  const giveUp = () => void socket.destroy(new Error('the mail server has not answered in time'));
  signal.addEventListener('abort', giveUp);
  try {
    const user = settings.get('smtp.user');
    const credentials = user === '' ? null : { user, pass: settings.get('smtp.password') };
    return await handOver(socket, server, { sender, credentials, mail, bytes });
  } finally {
    signal.removeEventListener('abort', giveUp);
    socket.end();
  }
}

/** The mail as it is sent (RFC 5322). */
async function composeMail(sender: string, mail: Mail): Promise<Buffer> {
  const { messageId, recipients, subject, text, date } = mail;
  return await new MailComposer({
    from: sender,
    to: [...recipients],
    subject,
    text,
    date,
    messageId: `<${messageId}>`,
    // RFC 3834: nobody's absence is to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

async function handOver(
  socket: Socket,
  server: { readonly host: string; readonly port: number },
  what: {
    readonly sender: string;
    readonly credentials: { readonly user: string; readonly pass: string } | null;
    readonly mail: Mail;
    readonly bytes: Buffer;
  },
): Promise<MailResult> {
  const { sender, credentials, mail, bytes } = what;
  const connection = new SMTPConnection({
    ...server,
    connection: socket,
    secured: true,
    secure: 'encrypted' in socket,
    // Whether there is TLS was decided before.
    ignoreTLS: true,
    name: ownName(),
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
  });
  const broken = new Promise<never>((_, reject) => connection.on('error', reject));
  // Nobody may be waiting any more when it breaks.
  broken.catch(() => undefined);
  const step = async <T>(take: (done: (error?: Error | null, result?: T) => void) => void) =>
    await Promise.race([
      broken,
      new Promise<T | undefined>((resolve, reject) =>
        take((error, result) => (error ? reject(error) : resolve(result))),
      ),
    ]);
  try {
    await step<void>((done) => connection.connect((error) => done(error)));
    if (credentials !== null)
      await step<void>((done) => connection.login({ credentials }, (error) => done(error)));
    const envelope = { from: sender, to: [...mail.recipients] };
    const sent = await step<SMTPConnection.SentMessageInfo>((done) =>
      connection.send(envelope, bytes, done),
    );
    const refused = sent?.rejectedErrors ?? [];
    return { accepted: sent?.accepted ?? [], refused: refused.map(refusalOf) };
  } catch (error) {
    const failure = error as SMTPConnection.SMTPError & {
      rejectedErrors?: SMTPConnection.SMTPError[];
    };
    if (failure.command === 'RCPT TO')
      return { accepted: [], refused: (failure.rejectedErrors ?? []).map(refusalOf) };
    if (failure.command === 'DATA' && (failure.responseCode ?? 0) >= 500)
      return {
        accepted: [],
        refused: mail.recipients.map((address) => ({ ...refusalOf(failure), address })),
      };
    throw new MailUnavailable(`${server.host}:${server.port}: ${reasonOf(failure)}`, {
      cause: error,
    });
  } finally {
    connection.quit();
  }
}

function refusalOf(error: SMTPConnection.SMTPError): RefusedRecipient {
  const recipient: unknown = Reflect.get(error, 'recipient');
  return {
    address: typeof recipient === 'string' ? recipient : '',
    reason: reasonOf(error),
    forGood: (error.responseCode ?? 0) >= 500,
  };
}

/** What the server said, on one line; never what was said to it. */
function reasonOf({
  response,
  message,
}: {
  readonly response?: string | undefined;
  readonly message: string;
}): string {
  const said = response === undefined || response === '' ? message : response;
  return said.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

/** The name by which we greet (RFC 5321 section 4.1.1.1). */
function ownName(): string {
  const name = hostname().toLowerCase();
  return /^[a-z0-9][a-z0-9.-]*$/.test(name) ? name : 'localhost';
}
