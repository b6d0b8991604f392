import { CliError, messageOf } from './errors.ts';

/** Runs a search; when the query is at fault, the error shows the query with the place underlined. */
export async function withQueryPointer<T>(query: string, search: () => Promise<T>): Promise<T> {
  try {
    return await search();
  } catch (error) {
    const place = placeOf(error);
    if (place === undefined) throw error;
    const { position, length } = place;
    const underline =
      ' '.repeat(Array.from(query.slice(0, position)).length) + '^'.repeat(Math.max(1, length));
    throw new CliError(
      'usage',
      `QUERY: ${place.message}\n  ${query.replace(/\s/g, ' ')}\n  ${underline}`,
      {
        cause: error,
        details: { code: place.code, position, length },
      },
    );
  }
}

interface Place {
  readonly code: string;
  readonly message: string;
  readonly position: number;
  readonly length: number;
}

/** Where the query is wrong, as our own parser says it or as a server's problem body does. */
function placeOf(error: unknown): Place | undefined {
  const carrier = error instanceof CliError ? error.details['problem'] : error;
  if (typeof carrier !== 'object' || carrier === null) return undefined;
  const { code, position, length, detail } = carrier as Record<string, unknown>;
  if (typeof code !== 'string' || !code.startsWith('query') || typeof position !== 'number')
    return undefined;
  return {
    code,
    message: typeof detail === 'string' ? detail : messageOf(error),
    position,
    length: typeof length === 'number' ? length : 1,
  };
}
