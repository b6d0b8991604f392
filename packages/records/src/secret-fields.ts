/**
 * Named fields inside a text: Dogtag's parameter lists and bracketed fields, JSON and XML kept as
 * text. Only those whose name says that their value is a secret.
 */
import { isSecretField, isSecretName } from './secret-names.ts';

export interface NamedField {
  readonly name: string;
  /** Where the value stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** `"name": "value"` */
const JSON_FIELD = /"([\w.-]{1,128})"\s*:\s*"((?:[^"\\]|\\.)*)"/g;
/** `<name>value</name>` */
const XML_FIELD = /<([\w.:-]{1,128})>([^<]+)<\//g;
/** `[name=value]`, up to the first bracket: enough to see the name. */
const BRACKET_FIELD = /\[([A-Za-z][\w.]{0,127})=([^\]]*)/g;
/** The head of `name;;value`; heads follow the start, a `+`, or the `=` of a bracketed field. */
const PAIR_HEAD = /(?:^|[+=])([^+;=]{1,256});;/g;
/** The rest of a name in a text that was cut short, or its very end. */
const CUT_NAME = /\+[^+;]*;?…$|$/;
/** Where a bracketed field ends although its value may hold brackets: the next field, or the last. */
const FIELD_END = /\]\[[A-Za-z][\w.]*=|\](?=[^\]]*$)/g;

/** Whether a text could hold a named field at all. */
export function mayHaveFields(text: string): boolean {
  return text.includes(';;') || text.includes('":') || text.includes('</') || text.includes('[');
}

/** The fields of a text that hold a secret. */
export function namedSecrets(text: string): NamedField[] {
  const fields: NamedField[] = [];
  if (!mayHaveFields(text)) return fields;
  const add = (name: string, start: number, end: number): void => {
    if (isSecretField(name, text.slice(start, end))) fields.push({ name, start, end });
  };
  for (const pattern of [JSON_FIELD, XML_FIELD]) {
    for (const found of text.matchAll(pattern)) {
      const [all, name = '', value = ''] = found;
      const start =
        found.index +
        all.lastIndexOf(value, all.length - (pattern === JSON_FIELD ? 1 : 2) - value.length);
      add(name, start, start + value.length);
    }
  }
  for (const found of text.matchAll(BRACKET_FIELD)) {
    const [, name = ''] = found;
    if (!isSecretName(name)) continue;
    const start = found.index + name.length + 2;
    add(name, start, fieldEnd(text, start));
  }
  const heads = [...text.matchAll(PAIR_HEAD)];
  heads.forEach((head, i) => {
    const [all, name = ''] = head;
    if (!isSecretName(name)) return;
    const start = head.index + all.length;
    // In a text cut short, the last value ends where a name began that was cut.
    const next = heads[i + 1]?.index ?? text.search(CUT_NAME);
    add(
      name,
      start,
      text.includes('[ParamNameValPairs=') ? Math.min(next, fieldEnd(text, start)) : next,
    );
  });
  return fields;
}

function fieldEnd(text: string, from: number): number {
  FIELD_END.lastIndex = from;
  return FIELD_END.exec(text)?.index ?? text.length;
}
