/** What the server says when it refuses or fails (RFC 9457), or what we say when it could not be reached. */
export interface ProblemBody {
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
  readonly code?: string;
  readonly requestId?: string;
  readonly [extension: string]: unknown;
}

/** A request that did not succeed. `status` is 0 when no answer came. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly requestId: string | undefined;
  readonly body: ProblemBody;

  constructor(status: number, body: ProblemBody, options?: ErrorOptions) {
    const title = body.title ?? (status === 0 ? 'The server did not answer' : `HTTP ${status}`);
    super(body.detail ?? title, options);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'unreachable' : `http_${status}`);
    this.title = title;
    this.requestId = body.requestId;
    this.body = body;
  }
}

/** Reads the body of a failed answer; a body that is no problem document becomes one. */
export function parseProblem(status: number, contentType: string, text: string): ApiProblem {
  if (contentType.includes('json')) {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return new ApiProblem(status, value as ProblemBody);
      }
    } catch {
      // Said below: the answer was not what its content type promised.
    }
  }
  return new ApiProblem(status, {
    title: `HTTP ${status}`,
    detail: `the server answered ${status} without saying why`,
  });
}
