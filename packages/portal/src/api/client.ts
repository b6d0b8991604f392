import { ApiProblem, parseProblem } from './problem.ts';

export type Parameters = Record<string, string | number | undefined>;

/** `/api/v1/…` with its query string; empty and undefined parameters are left out. */
export function apiUrl(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `/api/v1/${path}${text === '' ? '' : `?${text}`}`;
}

/** Requests of this page that the server makes records of. Reading the health alone is free. */
export interface RecordedRequests {
  readonly begun: number;
  readonly ended: number;
}

let recorded: RecordedRequests = { begun: 0, ended: 0 };

/** How many of them there were so far, and how many have been answered. */
export function countRecordedRequests(): RecordedRequests {
  return recorded;
}

interface Options {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Sends one request; throws an {@link ApiProblem} for every answer that is no success and for none at all. */
async function send(url: string, { method = 'GET', body, signal }: Options): Promise<Response> {
  const init: RequestInit = {
    method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers: {
      accept: 'application/json, application/problem+json, text/plain',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
  const counts = url.startsWith('/api/v1/audit/') && url !== '/api/v1/audit/health';
  if (counts) recorded = { ...recorded, begun: recorded.begun + 1 };
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiProblem(
      0,
      { detail: 'the connection failed before an answer came; check that the server runs' },
      { cause },
    );
  } finally {
    if (counts) recorded = { ...recorded, ended: recorded.ended + 1 };
  }
  if (response.ok) return response;
  throw parseProblem(
    response.status,
    response.headers.get('content-type') ?? '',
    await response.text(),
  );
}

/** The JSON answer of one request. */
export async function requestJson<T>(url: string, options: Options = {}): Promise<T> {
  const response = await send(url, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The text of one answer, exactly as sent. */
export async function requestText(url: string, options: Options = {}): Promise<string> {
  const response = await send(url, options);
  return response.text();
}

/** The bytes of one answer. */
export async function requestBytes(url: string, options: Options = {}): Promise<Uint8Array> {
  const response = await send(url, options);
  return new Uint8Array(await response.arrayBuffer());
}
