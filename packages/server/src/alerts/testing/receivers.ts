import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll } from 'vitest';
import { issue, type Identity } from '../../pki/issue.ts';

/** Real receivers of what alerts send: a mail server and a web server, closed after the tests of the file. */

const undo: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A test authority, and a certificate of its for this machine. */
export async function makeIdentities(): Promise<{ authority: Identity; server: Identity }> {
  const now = new Date();
  const authority = await issue(
    { purpose: 'authority', subject: [['CN', 'Test Mail CA']], now },
    null,
  );
  const names = ['localhost', '127.0.0.1'];
  const server = await issue(
    { purpose: 'server', subject: [['CN', 'localhost']], names, now },
    authority,
  );
  return { authority, server };
}

/** A mail that arrived. */
export interface ArrivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly encrypted: boolean;
  readonly user: string | null;
}

/** A mail server in this process. */
export interface MailReceiver {
  readonly port: number;
  readonly arrived: ArrivedMail[];
}

/** What a mail server of a test does. */
export interface MailBehaviour {
  readonly identity?: Identity | null;
  /** TLS from the start. */
  readonly tls?: boolean;
  readonly user?: { readonly name: string; readonly password: string };
  /** What is said of a recipient; null: he is taken. */
  readonly refuse?: (address: string) => { code: number; message: string } | null;
  /** Whether the connection is dropped when a mail is whole, before it is answered. */
  readonly drop?: () => boolean;
}

/** Starts a mail server. */
export async function startMailServer(behaviour: MailBehaviour = {}): Promise<MailReceiver> {
  const { identity = null, tls = false, user, refuse, drop } = behaviour;
  const arrived: ArrivedMail[] = [];
  const options: SMTPServerOptions = {
    secure: tls,
    ...(identity === null ? {} : { key: identity.pem, cert: identity.pem }),
    disabledCommands: [
      ...(identity === null ? ['STARTTLS'] : []),
      ...(user === undefined ? ['AUTH'] : []),
    ],
    authOptional: user === undefined,
    logger: false,
    closeTimeout: 100,
    onAuth(auth, _session, done) {
      if (auth.username === user?.name && auth.password === user?.password)
        done(null, { user: auth.username });
      else done(Object.assign(new Error('authentication failed'), { responseCode: 535 }));
    },
    onRcptTo({ address }, _session, done) {
      const refusal = refuse?.(address) ?? null;
      if (refusal === null) done();
      else done(Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(parts).toString(),
          encrypted: session.secure,
          user: session.user ?? null,
        };
        if (drop?.() === true) {
          for (const connection of server.connections) connection.close();
          return;
        }
        arrived.push(mail);
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  // Clients that break off are what some tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  undo.push(async () => await new Promise((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, arrived };
}

/** A call that arrived. */
export interface ArrivedCall {
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** Starts a web server that answers with a status; plain without an identity. */
export async function startWebhookServer(
  identity: Identity | null,
  status: () => number = () => 204,
): Promise<{ readonly port: number; readonly arrived: ArrivedCall[] }> {
  const arrived: ArrivedCall[] = [];
  const server: Server =
    identity === null
      ? createHttpServer()
      : createHttpsServer({ key: identity.pem, cert: identity.pem });
  server.on('request', (request, answer) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(parts).toString());
      arrived.push({ headers: request.headers, body });
      answer.writeHead(status(), { location: 'http://169.254.169.254/' }).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  undo.push(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return { port: (server.address() as AddressInfo).port, arrived };
}
