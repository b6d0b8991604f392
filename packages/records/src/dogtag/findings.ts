/** The findings of a file's scan in words. */
import type { Diagnosis } from './diagnose.ts';
import type { Problem, SignatureKey } from './report.ts';

/** A finding without the file it is in. */
export type Finding = Omit<Problem, 'file'>;

export function malformed(line: number, traced: boolean): Finding {
  return {
    ...at(line),
    kind: traced ? 'line_traced' : 'signature_malformed',
    severity: 'error',
    message: `line ${line} is a signature line, but its signature cannot be read`,
    cause: traced
      ? 'the server logs with trace=true: it adds its place in the program to each line after signing, so that no ' +
        'signature verifies'
      : 'the line was changed or cut',
  };
}

/** A signature that signs none of what is before it. */
export function invalid(
  line: number,
  previousLine: number,
  { kind, cause, lines }: Diagnosis,
  damagedLine: number | undefined,
): Finding {
  const [first, last] = lines ?? [0, line - 1 - previousLine];
  const damaged =
    damagedLine === undefined ? '' : `; line ${damagedLine} looks like a damaged signature line`;
  return {
    ...at(previousLine + first, previousLine + last),
    kind,
    severity: 'error',
    message: `the signature in line ${line} does not verify over ${lineRange(previousLine, line - 1)}`,
    cause: cause + damaged,
  };
}

/** A signature further on in a file that signs nothing. */
export function startedAgain(line: number, previousLine: number): Finding {
  return {
    ...at(previousLine + 1, line),
    kind: 'chain_restarted',
    severity: 'error',
    message:
      `the signature in line ${line} signs nothing, though the one in line ${previousLine} is before it in the ` +
      'same file: a server would have signed that one',
    cause: 'files were put together (verify them as they were), or lines were inserted',
  };
}

export function embedded(line: number): Finding {
  return {
    ...at(line),
    kind: 'embedded_signature',
    severity: 'warning',
    message: 'the line looks like a signature line, but was signed as ordinary text',
    cause: 'somebody gave a value with line feeds that imitates a signature line',
  };
}

export function torn(line: number): Finding {
  return {
    ...at(line),
    kind: 'line_torn',
    severity: 'warning',
    message: 'the line is torn, and a signature line begins in the middle of it',
    cause: 'the server was killed while it wrote; the signature is the first after the restart',
  };
}

/** Lines between a signature and the one after a restart. */
export function neverSigned(firstLine: number, lastLine: number): Finding {
  const count = lastLine - firstLine + 1;
  const were = count === 1 ? '1 line before it was' : `${count} lines before it were`;
  return {
    ...at(firstLine, lastLine),
    kind: 'lines_never_signed',
    severity: 'warning',
    message: `the server restarted: ${were} never signed`,
    cause: 'the server ended without writing its last signature; nothing protects these lines',
  };
}

/** The same, but no start of the server follows where this log shows one. */
export function inserted(finding: Finding): Finding {
  return {
    ...finding,
    kind: 'lines_inserted',
    severity: 'error',
    message: `${standing(finding)} between two signatures, signed by neither, and no start of the server follows`,
    cause:
      'the lines were added later; or AUDIT_LOG_STARTUP has been deselected since, and the server restarted',
  };
}

/** The same, in a log that does not show starts of the server. */
export function perhapsInserted(finding: Finding): Finding {
  return {
    ...finding,
    message: `${standing(finding)} between two signatures, signed by neither`,
    cause:
      'the server restarted without having written its last signature, or the lines were added later; ' +
      'AUDIT_LOG_STARTUP, which would tell, is not logged here',
  };
}

export function otherCharset(firstLine: number, lastLine: number, charset: string): Finding {
  return {
    ...at(firstLine, lastLine),
    kind: 'charset',
    severity: 'note',
    message: `the file is in ${charset}; its signatures are over UTF-8 and verify when it is read so`,
    cause: "the server's locale sets another charset than UTF-8",
  };
}

export function keyChanged(line: number, from: SignatureKey, to: SignatureKey): Finding {
  return {
    ...at(line),
    kind: 'key_changed',
    severity: 'note',
    message: `from line ${line} on, ${to.name} signs instead of ${from.name}`,
  };
}

/** A signature made when the certificate was not valid, `undefined` when it was. */
export function outsideValidity(
  line: number,
  time: string,
  key: SignatureKey,
): Finding | undefined {
  const { validFrom, validTo, name } = key;
  const early = validFrom !== undefined && time < validFrom;
  const late = validTo !== undefined && time > validTo;
  if (!early && !late) return undefined;
  return {
    ...at(line),
    kind: 'outside_validity',
    severity: 'note',
    message:
      `line ${line} was signed at ${time}, ${early ? 'before' : 'after'} the certificate of ` +
      `${name} was valid (${validFrom ?? ''} to ${validTo ?? ''})`,
  };
}

export const EMPTY: Finding = {
  kind: 'file_empty',
  severity: 'note',
  message: 'the file is empty',
};

export const BYTE_ORDER_MARK: Finding = {
  ...at(1),
  kind: 'byte_order_mark',
  severity: 'warning',
  message: 'the file starts with a byte order mark, which the log never writes',
  cause: 'an editor saved the file; the mark was left out of the verification',
};

export function incomplete(line: number): Finding {
  return {
    ...at(line),
    kind: 'line_incomplete',
    severity: 'warning',
    message: `the last line, ${line}, has no line feed`,
    cause: 'the server is writing it, was killed while it did, or the file was cut',
  };
}

export function omitted(count: number): Finding {
  return {
    kind: 'problems_omitted',
    severity: 'note',
    message: `${count} more problems in this file are not listed`,
  };
}

/** `line 3`, or `lines 3 to 7`. */
export function lineRange(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first} to ${last}`;
}

function standing({ firstLine = 0, lastLine = 0 }: Finding): string {
  const stand = firstLine === lastLine ? 'stands' : 'stand';
  return `${lineRange(firstLine, lastLine)} ${stand}`;
}

function at(firstLine: number, lastLine = firstLine): { firstLine: number; lastLine: number } {
  return { firstLine, lastLine };
}
