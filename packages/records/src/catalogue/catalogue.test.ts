import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sentence } from '../sentence.ts';
import type { Content, Envelope } from '../record.ts';
import { parseRecordDraft } from '../parse.ts';
import { isEventName } from '../spelling.ts';
import {
  CATEGORIES,
  categoriesByCode,
  categoryByName,
  classify,
  EVENT_GROUPS,
  EVENTS,
  KEYFACTOR_ACTIONS,
  eventDefinition,
  LEVELS,
  operationByName,
  OPERATIONS,
} from './index.ts';
import type { EventExample } from './index.ts';

interface DogtagEvent {
  name: string;
  status: string;
  fields: string[];
  subsystems: string[];
  variants: { outcome: string; fields: string[]; optional?: string[] }[];
}

const testdata = new URL('../../../../testdata/', import.meta.url);
const dogtag = JSON.parse(
  readFileSync(new URL('dogtag/events.json', testdata), 'utf8'),
) as DogtagEvent[];
const current = dogtag.filter((e) => e.status === 'current');
const keyfactor = JSON.parse(readFileSync(new URL('keyfactor/actions.json', testdata), 'utf8')) as {
  levels: { code: number; name: string }[];
  operations: { code: number; name: string }[];
  categories: { code: number; subcategory: string; display: string }[];
  actions: {
    id: number;
    area: string;
    action: string;
    category: string;
    categoryCode: number;
    operation: string;
    operationCode: number;
    level: string;
    objectName: string;
    hasPrevious: boolean;
    hasNext: boolean;
    evidence: string;
  }[];
};

describe('the catalogue', () => {
  it('names every event once', () => {
    expect(new Set(EVENTS.map((e) => e.name)).size).toBe(EVENTS.length);
    for (const event of EVENTS) expect(isEventName(event.name)).toBe(true);
    expect(eventDefinition('NO_SUCH_EVENT')).toBeUndefined();
  });

  it('has an event in every group', () => {
    expect(new Set(EVENTS.map((e) => e.group))).toEqual(new Set(EVENT_GROUPS));
  });

  it('has every current Dogtag event and no other under that name', () => {
    const ours = EVENTS.filter((e) => e.origin === 'dogtag').map((e) => e.name);
    expect(ours.sort()).toEqual(current.map((e) => e.name).sort());
  });

  it.each(current.map((e) => [e.name, e] as const))(
    'has the attributes and variants of %s in order',
    (name, theirs) => {
      const ours = eventDefinition(name);
      expect(ours?.attributes).toEqual(theirs.fields);
      const variants = theirs.variants.map((v) => ({
        outcome: v.outcome === 'any' ? 'any' : v.outcome === 'success' ? 'Success' : 'Failure',
        attributes: v.fields,
        ...(v.optional === undefined ? {} : { optional: v.optional }),
      }));
      expect(ours?.variants).toEqual(variants);
    },
  );

  it('has every level, operation and category of Keyfactor with its code', () => {
    expect(LEVELS.map(({ code, name }) => ({ code, name }))).toEqual(keyfactor.levels);
    for (const { code, name } of keyfactor.operations) {
      expect(operationByName(name)?.code).toBe(code);
    }
    for (const { code, subcategory, display } of keyfactor.categories) {
      expect(categoryByName(subcategory)).toMatchObject({ code, display });
    }
  });

  it('answers every action of Keyfactor', () => {
    expect(KEYFACTOR_ACTIONS).toEqual(
      keyfactor.actions.map((a) => ({
        id: a.id,
        area: a.area,
        action: a.action,
        category: a.category,
        operation: a.operation,
        level: a.level,
        objectName: a.objectName,
        before: a.hasPrevious,
        after: a.hasNext,
        documented: a.evidence.startsWith('doc'),
      })),
    );
    for (const { category, categoryCode, operation, operationCode } of keyfactor.actions) {
      expect(categoryByName(category)?.code).toBe(categoryCode);
      expect(operationByName(operation)?.code).toBe(operationCode);
    }
  });

  it('keeps its own codes apart from those of Keyfactor', () => {
    const theirs = new Set(keyfactor.categories.map((c) => c.subcategory));
    for (const { code, name } of CATEGORIES) expect(code > 2100).toBe(!theirs.has(name));
    const operations = new Set(keyfactor.operations.map((o) => o.name));
    for (const { code, name } of OPERATIONS) expect(code > 100).toBe(!operations.has(name));
    expect(new Set(OPERATIONS.map((o) => o.code)).size).toBe(OPERATIONS.length);
    expect(new Set(CATEGORIES.map((c) => c.name)).size).toBe(CATEGORIES.length);
    expect(categoriesByCode(2001).map((c) => c.name)[0]).toBe('Certificate');
    expect(CATEGORIES.filter((c) => /agent/i.test(c.name)).map((c) => c.code)).toEqual([
      2023, 2024, 2026,
    ]);
  });

  it('puts a refusal where Keyfactor looks for it', () => {
    expect(classify('AUTHZ', 'Failure')).toEqual({
      category: 'AuthorizationFailure',
      operation: 'Encountered',
      level: 'Warning',
      retention: 'normal',
    });
    expect(classify('AUTHZ', 'Success')).toMatchObject({
      category: 'Authorization',
      operation: 'Authorized',
      level: 'Information',
    });
  });

  it('lets an attribute decide between operations', () => {
    const name = 'CERT_STATUS_CHANGE_REQUEST_PROCESSED';
    expect(classify(name, 'Success')?.operation).toBe('Revoked');
    expect(classify(name, 'Success', [['RequestType', 'revoke']])?.operation).toBe('Revoked');
    expect(classify(name, 'Success', [['RequestType', 'off-hold']])?.operation).toBe(
      'Removed from Hold',
    );
    expect(classify(name, 'Success', [['RequestType', 'constructor']])?.operation).toBe('Revoked');
  });

  it('never lets the events be switched off that an auditor relies on', () => {
    const always = EVENTS.filter((e) => !e.selectable).map((e) => e.name);
    expect(always).toEqual(
      expect.arrayContaining([
        'AUTH',
        'AUTHZ',
        'ROLE_ASSUME',
        'AUDIT_LOG_READ',
        'CONFIG_ROLE',
        'CERT_REQUEST_PROCESSED',
        'CERT_STATUS_CHANGE_REQUEST_PROCESSED',
        'FULL_CRL_GENERATION',
        'DELTA_CRL_GENERATION',
        'OCSP_GENERATION',
      ]),
    );
  });
});

/** A record of the example. */
function recordOf(event: string, { outcome, content: given }: EventExample): [Envelope, Content] {
  const content = { source: { system: 'ca1' }, ...given } as Content;
  const { content: parsed, ...values } = parseRecordDraft({
    seq: 1,
    time: '2026-11-22T05:00:00.000Z',
    event,
    outcome,
    content,
  });
  const id = '019aa9c0-0000-7000-8000-000000000000';
  return [{ v: 1, id, producer: 'ca1', digest: '', ...values }, parsed];
}

const examples = EVENTS.flatMap((e) => e.examples.map((x) => [e.name, x.sentence, x] as const));

describe('the sentences of the catalogue', () => {
  it('have an example for every event', () => {
    expect(EVENTS.filter((e) => e.examples.length === 0).map((e) => e.name)).toEqual([]);
  });

  it.each(examples)('%s: %s', (name, expected, example) => {
    expect(sentence(...recordOf(name, example))).toBe(expected);
  });

  it('can all be said with nothing known but the outcome', () => {
    for (const { name } of EVENTS) {
      for (const outcome of ['Success', 'Failure'] as const) {
        const content = { actor: { id: 'jdoe', kind: 'user' } } as const;
        const said = sentence(...recordOf(name, { outcome, content, sentence: '' }));
        expect(said).toMatch(/^['A-Z(]/);
        expect(said).not.toMatch(/[[\]{}|]|undefined|null|\s$|\s\s/);
      }
    }
  });
});
