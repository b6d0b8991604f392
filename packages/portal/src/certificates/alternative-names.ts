import { SAN_TYPES, type SanType, type SubjectAltName } from '../api/certificates.ts';

/** What the kinds of alternative names are called. */
export const SAN_NAMES: Readonly<Record<SanType, string>> = {
  dns: 'DNS name',
  ip: 'IP address',
  email: 'E-mail',
  uri: 'URI',
  upn: 'User principal name',
};

/**
 * Reads names as people write them, one a line: `www.example.com`, `10.0.0.1`, `mail@example.com`, `https://…`, or
 * with the kind before it, `upn:jdoe@example.com`.
 */
export function parseAltNames(text: string): SubjectAltName[] {
  return text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(parseAltName);
}

function parseAltName(line: string): SubjectAltName {
  const named = /^([a-z]+)\s*[:=]\s*(.+)$/i.exec(line);
  const type = SAN_TYPES.find((one) => one === named?.[1]?.toLowerCase());
  if (type !== undefined && named?.[2] !== undefined) return { type, value: named[2].trim() };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(line)) return { type: 'uri', value: line };
  if (line.includes('@')) return { type: 'email', value: line };
  if (isAddress(line)) return { type: 'ip', value: line };
  return { type: 'dns', value: line };
}

function isAddress(text: string): boolean {
  return (
    /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) || /^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text)
  );
}

/** Names as they are typed; the kind stands before a name that would be read as another. */
export function formatAltNames(names: readonly SubjectAltName[]): string {
  return names
    .map((name) =>
      parseAltName(name.value).type === name.type ? name.value : `${name.type}:${name.value}`,
    )
    .join('\n');
}
