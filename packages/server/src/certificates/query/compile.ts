import {
  CERTIFICATE_FIELDS,
  fold,
  type FieldTable,
  type ResolvedQuery,
} from '@countersign/records';
import { moment, oneOf, textColumn, wholeNumber } from './columns.ts';
import {
  allOf,
  anyOf,
  EVERY,
  fits,
  negation,
  NONE,
  textMatches,
  whenPresent,
  type CertificateCondition,
  type Leaf,
} from './condition.ts';
import { metadataCondition, METADATA_PREFIX } from './metadata-condition.ts';
import { fingerprintDigits, serialDigits, serialsOf } from './numbers.ts';
import { textCondition } from './text-condition.ts';
import { sharedValue, VOCABULARIES, withoutBlanks, type Vocabularies } from './vocabulary.ts';

/** What a query is compiled with: the state as it is now, and the fields it was parsed by. */
export interface CompileContext {
  readonly now: Date;
  readonly fields: FieldTable;
  readonly vocabularies: Vocabularies;
}

/**
 * The condition a resolved query is for the database. Few values that many certificates share (templates, requesters,
 * issuers) are compared here, so that case folds as everywhere and the database looks up what is equal.
 */
export async function compileQuery(
  query: ResolvedQuery,
  context: CompileContext,
): Promise<CertificateCondition> {
  switch (query.kind) {
    case 'all':
      return EVERY;
    case 'none':
      return NONE;
    case 'and':
    case 'or': {
      const items: CertificateCondition[] = [];
      for (const item of query.items) items.push(await compileQuery(item, context));
      return query.kind === 'and' ? allOf(items) : anyOf(items);
    }
    case 'not':
      return negation(await compileQuery(query.item, context));
    case 'text':
      return textCondition(query);
    case 'string':
    case 'oneOf':
    case 'range':
    case 'present':
      return query.field.startsWith(METADATA_PREFIX)
        ? metadataCondition(query, context.fields.named(query.field).type)
        : await fieldCondition(query, context);
  }
}

async function fieldCondition(
  leaf: Leaf,
  { now, vocabularies }: CompileContext,
): Promise<CertificateCondition> {
  switch (leaf.field) {
    case 'Template':
    case 'Requester':
    case 'Owner':
    case 'Issuer':
    case 'Authority':
      return await sharedValue(vocabularies, VOCABULARIES[leaf.field], leaf);
    case 'CN':
      if (leaf.kind === 'present') return (eb) => eb('common_name', '<>', '');
      return textColumn('common_name', leaf);
    case 'DN':
      return textColumn('subject_folded', leaf, withoutBlanks);
    case 'SAN':
      return alternativeName(leaf);
    case 'SignatureAlgorithm':
      return textColumn('signature_algorithm', leaf);
    case 'SerialNumber':
      return serialNumber(leaf);
    case 'Thumbprint':
      return textColumn('thumbprint', leaf, fingerprintDigits);
    case 'Fingerprint':
      return textColumn('fingerprint', leaf, fingerprintDigits);
    case 'State':
      return anyOf(namesIn(leaf).map((name) => stateCondition(name, now)));
    case 'KeyType':
      return oneOf('key_type', namesIn(leaf));
    case 'Origin':
      return oneOf('origin', namesIn(leaf));
    case 'RevocationReason':
      return whenPresent('revocation_reason', oneOf('revocation_reason', codesIn(leaf)));
    case 'HasPrivateKey': {
      if (leaf.kind !== 'oneOf') return EVERY;
      const flag = leaf.values.includes('true') ? 1 : 0;
      return (eb) => eb('has_private_key', '=', flag);
    }
    case 'NotBefore':
      return moment('not_before', leaf);
    case 'NotAfter':
      return moment('not_after', leaf);
    case 'ImportDate':
      return moment('created_at', leaf);
    case 'RevokedDate':
      return whenPresent('revoked_at', moment('revoked_at', leaf));
    case 'KeySize':
      return wholeNumber('key_size', leaf);
    case 'Id':
      return wholeNumber('id', leaf);
    default:
      throw new RangeError(`expected a field of certificates, got "${leaf.field}"`);
  }
}

function serialNumber(leaf: Leaf): CertificateCondition {
  if (leaf.kind !== 'string') return EVERY;
  if (leaf.match === 'eq') {
    const serials = serialsOf(leaf.value);
    return serials.length === 0 ? NONE : (eb) => eb('serial', 'in', serials);
  }
  const part = serialDigits(leaf.value);
  const digits = leaf.match === 'startswith' ? part.replace(/^0+(?=.)/, '') : part;
  const { match } = leaf;
  return (eb) => textMatches(eb.ref('serial'), match, digits);
}

function alternativeName(leaf: Leaf): CertificateCondition {
  return (eb) => {
    const names = eb.selectFrom('certificate_sans').select('certificate');
    if (leaf.kind !== 'string') return eb('certificates.id', 'in', names);
    const { match, value } = leaf;
    return eb(
      'certificates.id',
      'in',
      names.where((san) => textMatches(san.ref('certificate_sans.folded'), match, value)),
    );
  };
}

/** The names of an enum's vocabulary for which the test holds. */
function namesIn(leaf: Leaf): string[] {
  return valuesIn(leaf).map(({ name }) => name);
}

/** Their codes. */
function codesIn(leaf: Leaf): number[] {
  return valuesIn(leaf).map(({ code = -1 }) => code);
}

function valuesIn(leaf: Leaf) {
  const values = CERTIFICATE_FIELDS.named(leaf.field).values ?? [];
  return leaf.kind === 'present' ? values : values.filter(({ name }) => fits(leaf, fold(name)));
}

/** What a certificate is now: revoked whenever it was; expired otherwise when its time is over; held or active. */
function stateCondition(name: string, now: Date): CertificateCondition {
  const moment = now.toISOString();
  switch (name) {
    case 'revoked':
      return (eb) => eb('state', '=', 'revoked');
    case 'expired':
      return (eb) => eb.and([eb('state', '<>', 'revoked'), eb('not_after', '<', moment)]);
    case 'held':
      return (eb) => eb.and([eb('state', '=', 'held'), eb('not_after', '>=', moment)]);
    default:
      return (eb) => eb.and([eb('state', '=', 'active'), eb('not_after', '>=', moment)]);
  }
}
