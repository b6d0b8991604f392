/**
 * Takes a stored content apart without parsing all of it. Parts that many records share stay as they
 * are spelled: they are told by that, and what was seen before need not be parsed.
 */
import type { Content } from '@countersign/records';
import { JsonCursor } from './json-cursor.ts';

export interface ContentParts {
  /** Spelled; empty where the content has none. */
  actor: string;
  authorization: string;
  origin: string;
  source: string;
  target: { id: string; name: string | undefined; type: string } | undefined;
  request: { id: string | undefined; route: string; type: string; verb: string } | undefined;
  /** Values of attributes. */
  values: string[];
  rest: Rest | undefined;
}

/** The members few contents have. */
export type Rest = Pick<
  Content,
  'after' | 'before' | 'correlation' | 'original' | 'reason' | 'related'
>;

/** The content must be canonically spelled. */
export function takeApart(content: string): ContentParts {
  const parts: ContentParts = {
    actor: '',
    authorization: '',
    origin: '',
    source: '',
    target: undefined,
    request: undefined,
    values: [],
    rest: undefined,
  };
  let rest = '';
  const cursor = new JsonCursor(content);
  cursor.enter();
  while (cursor.more()) {
    const name = cursor.name();
    // Written out: a member named by a text that was just cut is slow to find.
    switch (name) {
      case 'actor':
        parts.actor = cursor.spelling();
        break;
      case 'authorization':
        parts.authorization = cursor.spelling();
        break;
      case 'origin':
        parts.origin = cursor.spelling();
        break;
      case 'source':
        parts.source = cursor.spelling();
        break;
      case 'attributes':
        readValues(cursor, parts.values);
        break;
      case 'target':
        parts.target = readTarget(cursor);
        break;
      case 'request':
        parts.request = readRequest(cursor);
        break;
      default:
        rest += `${rest === '' ? '{' : ','}"${name}":${cursor.spelling()}`;
    }
  }
  if (rest !== '') parts.rest = JSON.parse(`${rest}}`) as Rest;
  return parts;
}

function readValues(cursor: JsonCursor, values: string[]): void {
  cursor.enter();
  while (cursor.more()) {
    cursor.enter();
    cursor.spelling();
    while (cursor.more()) {
      if (cursor.isString()) values.push(cursor.string());
      else cursor.spelling();
    }
  }
}

function readTarget(cursor: JsonCursor): ContentParts['target'] {
  const target: ContentParts['target'] = { id: '', name: undefined, type: '' };
  cursor.enter();
  while (cursor.more()) {
    const name = cursor.name();
    if (name === 'id') target.id = cursor.string();
    else if (name === 'name') target.name = cursor.string();
    else if (name === 'type') target.type = cursor.string();
    else cursor.spelling();
  }
  return target;
}

function readRequest(cursor: JsonCursor): ContentParts['request'] {
  const request: ContentParts['request'] = { id: undefined, route: '', type: '', verb: '' };
  cursor.enter();
  while (cursor.more()) {
    const name = cursor.name();
    if (name === 'id') request.id = cursor.string();
    else if (name === 'route') request.route = cursor.string();
    else if (name === 'type') request.type = cursor.string();
    else if (name === 'verb') request.verb = cursor.string();
    else cursor.spelling();
  }
  return request;
}
