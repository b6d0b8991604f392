import { expect } from 'vitest';
import type { SeenRecord, TestServer } from '../../testing/harness.ts';

/** A request of certificate management. */
export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1/`. */
  readonly path: string;
  readonly body?: unknown;
}

/** An answer, with the records it left: checks of rights apart. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
  readonly checks: readonly SeenRecord[];
  readonly records: readonly SeenRecord[];
}

/** Asks with a cookie, and looks at what that left in the log. */
export async function ask(
  system: TestServer,
  cookie: string,
  { method = 'POST', path, body }: Asked,
): Promise<Told> {
  let answer: Response | undefined;
  const seen = await system.recordsOf(async () => {
    answer = await system.request(`/api/v1/${path}`, {
      method,
      cookie,
      ...(body === undefined ? {} : { body }),
    });
  });
  if (answer === undefined) throw new Error('bad test: no answer');
  const bytes = Buffer.from(await answer.arrayBuffer());
  // Revocation lists are made by the clock, whenever that strikes.
  const asked = seen.filter(({ content }) => content.origin?.interface !== 'timer');
  const isJson = answer.headers.get('content-type')?.includes('json') === true;
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    body: isJson ? (JSON.parse(bytes.toString()) as Told['body']) : {},
    checks: asked.filter(({ envelope }) => envelope.event === 'AUTHZ'),
    records: asked.filter(({ envelope }) => envelope.event !== 'AUTHZ'),
  };
}

/** Asks for what has to work; returns what it answers. */
export async function done(system: TestServer, cookie: string, asked: Asked): Promise<Told> {
  const told = await ask(system, cookie, asked);
  if (told.status >= 300)
    throw new Error(`${asked.path}: ${told.status} ${told.bytes.toString().slice(0, 500)}`);
  return told;
}

/** A certificate in an answer. */
export interface AnsweredCertificate extends Readonly<Record<string, unknown>> {
  readonly id: number;
  readonly fingerprint: string;
  readonly serial: string;
  readonly subject: string;
  readonly pem: string;
  readonly chain: string;
}

/** The certificate an enrollment has led to. */
export function certificateIn({ body }: Told): AnsweredCertificate {
  expect(body['disposition']).toBe('issued');
  return body['certificate'] as AnsweredCertificate;
}
