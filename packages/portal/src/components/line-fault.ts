/** What is wrong with a line, and where: code units from its start. */
export interface LineFault {
  readonly position: number;
  readonly length: number;
  readonly message: string;
}

/** The word or sign at a position, to underline as much as a person would. */
export function lengthAt(text: string, position: number): number {
  const word = /^(?:[^\s:;|&=!,()"]+|\|\||&&|.)/u.exec(text.slice(position));
  return word?.[0].length ?? 1;
}
