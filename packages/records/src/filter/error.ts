/** What a filter lacks: where, what was expected there, what was there. */
export interface FilterFault {
  /** In UTF-16 code units from the start of the text. */
  readonly position: number;
  readonly expected: string;
  readonly got: string;
  /** What was probably meant. */
  readonly hint?: string;
}

/** A filter that cannot be understood, or asks for what an event never has. */
export class FilterError extends Error implements FilterFault {
  override readonly name = 'FilterError';
  readonly code = 'filter_syntax';
  readonly position: number;
  readonly expected: string;
  readonly got: string;
  readonly hint?: string;

  constructor({ position, expected, got, hint }: FilterFault) {
    const meant = hint === undefined ? '' : `; write ${hint}`;
    super(`expected ${expected}, got ${got} (at position ${position + 1})${meant}`);
    this.position = position;
    this.expected = expected;
    this.got = got;
    if (hint !== undefined) this.hint = hint;
  }
}
