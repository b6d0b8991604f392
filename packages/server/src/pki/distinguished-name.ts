import { PrintableString, Sequence, Set as DerSet, Utf8String } from 'asn1js';
import { AttributeTypeAndValue, Certificate, RelativeDistinguishedNames } from 'pkijs';

/** Short names of attribute types, RFC 4514 section 3 and the `E` that Dogtag writes. */
const SHORT: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'GIVENNAME',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'E',
};
const TYPES = new Map(Object.entries(SHORT).map(([oid, name]) => [name, oid]));

/** Whose certificate it is and who issued it, as the records say it. */
export interface CertificateNames {
  /** Most specific part first, as Dogtag writes it: `CN=admin,OU=…,O=…` (RFC 4514). */
  readonly subject: string;
  readonly issuer: string;
  /** Decimal. */
  readonly serial: string;
}

/** Reads the names of a DER certificate. Throws when it is none. */
export function readNames(der: Uint8Array): CertificateNames {
  const certificate = Certificate.fromBER(der);
  const hex = Buffer.from(certificate.serialNumber.valueBlock.valueHexView).toString('hex');
  return {
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    serial: BigInt(`0x${hex === '' ? '0' : hex}`).toString(),
  };
}

/** A name as text: the parts in reverse order, joined by commas, special characters escaped (RFC 4514 section 2). */
export function formatName(name: RelativeDistinguishedNames): string {
  return [...name.typesAndValues]
    .reverse()
    .map(({ type, value }) => {
      const text: unknown = 'valueBlock' in value ? Reflect.get(value.valueBlock, 'value') : null;
      return `${SHORT[type] ?? type}=${escapeValue(typeof text === 'string' ? text : '')}`;
    })
    .join(',');
}

/** A name for a certificate of ours from its parts, most general first: `[['O', 'Countersign'], ['CN', 'admin']]`. */
export function makeName(
  parts: readonly (readonly [type: string, value: string])[],
): RelativeDistinguishedNames {
  const sets = parts.map(([type, value]) => {
    const oid = TYPES.get(type);
    if (oid === undefined) throw new TypeError(`unknown attribute type ${type}`);
    const Text = /^[A-Za-z0-9 '()+,./:=?-]*$/.test(value) ? PrintableString : Utf8String;
    const attribute = new AttributeTypeAndValue({ type: oid, value: new Text({ value }) });
    return new DerSet({ value: [attribute.toSchema()] });
  });
  // Through its encoding: built from attributes, pkijs would put them all into one relative name.
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: sets }).toBER());
}

function escapeValue(value: string): string {
  // Brackets, too: a record's fields are written in brackets, and no name may end one.
  const escaped = value
    .replaceAll(/[\\",+;<>=]/g, String.raw`\$&`)
    .replaceAll(/[\p{Cc}[\]]/gu, (c) =>
      [...Buffer.from(c)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
    );
  return escaped.replace(/^[ #]/, String.raw`\$&`).replace(/ $/, String.raw`\ `);
}
