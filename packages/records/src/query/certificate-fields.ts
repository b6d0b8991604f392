/** The fields a query about certificates may name: those of every certificate, and the metadata an installation keeps. */
import { fieldTable } from './field.ts';
import type { FieldTable, FieldType, FieldValue, QueryField } from './field.ts';

function text(name: string, aliases: readonly string[], description: string): QueryField {
  return { name, aliases, type: 'string', description };
}

function date(name: string, aliases: readonly string[], description: string): QueryField {
  return { name, aliases, type: 'date', description };
}

function vocabulary(
  name: string,
  aliases: readonly string[],
  description: string,
  values: readonly FieldValue[],
): QueryField {
  return { name, aliases, type: 'enum', description, values };
}

function named(...pairs: readonly (readonly [name: string, label: string])[]): FieldValue[] {
  return pairs.map(([name, label]) => ({ name, label }));
}

/** RFC 5280 section 5.3.1; 7 is not used. */
const REASONS: readonly FieldValue[] = [
  { name: 'unspecified', label: 'Unspecified', code: 0 },
  { name: 'keyCompromise', label: 'Key compromise', code: 1 },
  { name: 'cACompromise', label: 'CA compromise', code: 2 },
  { name: 'affiliationChanged', label: 'Affiliation changed', code: 3 },
  { name: 'superseded', label: 'Superseded', code: 4 },
  { name: 'cessationOfOperation', label: 'Cessation of operation', code: 5 },
  { name: 'certificateHold', label: 'Certificate hold', code: 6 },
  { name: 'removeFromCRL', label: 'Remove from CRL', code: 8 },
  { name: 'privilegeWithdrawn', label: 'Privilege withdrawn', code: 9 },
  { name: 'aACompromise', label: 'AA compromise', code: 10 },
];

const FIELDS: readonly QueryField[] = [
  text('CN', ['CommonName', 'IssuedCN'], 'Common name of the subject.'),
  text('DN', ['Subject', 'IssuedDN', 'DistinguishedName'], 'The whole subject, CN=a,O=b,C=DE.'),
  text('SAN', ['SANs', 'SubjectAltName'], 'Any alternative name of the subject.'),
  text('Issuer', ['IssuerDN'], 'Name of the issuer.'),
  text('SerialNumber', ['Serial'], 'Serial number: hexadecimal in any notation, or decimal.'),
  text('Thumbprint', ['SHA1'], 'SHA-1 of the certificate, with or without colons.'),
  text('Fingerprint', ['SHA256'], 'SHA-256 of the certificate, with or without colons.'),
  text('Template', ['TemplateName', 'TemplateShortName'], 'Name of the template it was issued by.'),
  text(
    'Authority',
    ['CA', 'CertificateAuthority'],
    'The authority of ours that issued it: name or id.',
  ),
  vocabulary(
    'State',
    ['CertState'],
    'What it is now: active is neither held, revoked nor expired.',
    named(
      ['active', 'Active'],
      ['held', 'On hold'],
      ['revoked', 'Revoked'],
      ['expired', 'Expired'],
    ),
  ),
  date('NotBefore', ['IssuedDate', 'EffectiveDate', 'ValidFrom'], 'When it begins to be valid.'),
  date('NotAfter', ['ExpirationDate', 'Expires', 'ValidTo'], 'When it ends to be valid.'),
  date('ImportDate', ['CreatedAt'], 'When it was issued here or brought in.'),
  date('RevokedDate', ['RevocationDate', 'RevocationEffDate'], 'When it was revoked.'),
  vocabulary('RevocationReason', [], 'Why it was revoked, by name or code.', REASONS),
  vocabulary(
    'KeyType',
    ['KeyTypeString'],
    'Kind of the key.',
    named(
      ['RSA', 'RSA'],
      ['EC', 'ECC'],
      ['Ed25519', 'Ed25519'],
      ['ML-DSA', 'ML-DSA'],
      ['Other', 'Other'],
    ),
  ),
  {
    name: 'KeySize',
    aliases: ['KeySizeInBits'],
    type: 'integer',
    description: 'Bits of the key.',
  },
  text('SignatureAlgorithm', ['SigningAlgorithm'], 'How it is signed.'),
  { ...text('Requester', ['RequesterName'], 'Who asked for it.'), people: true },
  text('Owner', ['OwnerRole'], 'The role it belongs to.'),
  vocabulary(
    'Origin',
    [],
    'Issued here, or brought in.',
    named(['issued', 'Issued'], ['imported', 'Imported']),
  ),
  {
    name: 'HasPrivateKey',
    aliases: [],
    type: 'boolean',
    description: 'Whether its private key is kept here.',
  },
  { name: 'Id', aliases: ['CertificateId'], type: 'integer', description: 'Its number here.' },
];

/** What values of metadata can be. */
export const METADATA_TYPES = [
  'string',
  'integer',
  'date',
  'boolean',
  'choice',
  'text',
  'email',
] as const;

export type MetadataType = (typeof METADATA_TYPES)[number];

/** Names of metadata fields, so that a query can name them. */
export const METADATA_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

/** What a query needs to know of a field of metadata. */
export interface QueriedMetadata {
  readonly name: string;
  readonly type: MetadataType;
  readonly description: string;
  /** The values to choose from. */
  readonly options: readonly string[];
}

/** The fields that every certificate has. */
export const CERTIFICATE_FIELDS: FieldTable = fieldTable(FIELDS);

/** The fields of an installation: metadata goes by `Metadata.Name`, and by its bare name where no other field has it. */
export function certificateFields(metadata: readonly QueriedMetadata[]): FieldTable {
  return fieldTable([...FIELDS, ...metadata.map(metadataField)]);
}

const FIELD_TYPES: Readonly<Record<MetadataType, FieldType>> = {
  string: 'string',
  integer: 'integer',
  date: 'date',
  boolean: 'boolean',
  choice: 'enum',
  text: 'string',
  email: 'string',
};

function metadataField({ name, type, description, options }: QueriedMetadata): QueryField {
  const field: QueryField = {
    name: `Metadata.${name}`,
    aliases: [name],
    type: FIELD_TYPES[type],
    description,
  };
  if (type !== 'choice') return field;
  return { ...field, values: named(...options.map((o) => [o, o] as const)), open: true };
}
