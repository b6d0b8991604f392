import { faultyField } from '../errors.ts';
import { commonNameOf, parseDn } from '../ca/names.ts';
import { ServerError } from '../errors.ts';
import type { StoreKind } from '../database/store-schema.ts';
import { isAlias, MAX_ALIAS } from './formats/found.ts';
import { matchesPattern } from './file-pattern.ts';

const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127}$/;

/**
 * The alias under which a certificate goes into a store; null in a PEM file, where it is called by its fingerprint.
 * What is not given is made of the common name.
 *
 * @throws ServerError `request_invalid`
 */
export function aliasFor(
  store: { readonly kind: StoreKind; readonly filePattern: string },
  given: string | null,
  subject: string,
  field: string,
): string | null {
  const fault = (expected: string) =>
    faultyField(field, expected, JSON.stringify(given?.slice(0, 300)));
  switch (store.kind) {
    case 'pem-file':
      if (given !== null && !/^[0-9a-f]{64}$/.test(given))
        throw fault('nothing, or the fingerprint (SHA-256, hex) of the certificate to be replaced');
      return given;
    case 'pem-folder': {
      const name = given ?? `${plainName(subject)}${extensionOf(store.filePattern)}`;
      if (!FILE_NAME.test(name) || /\.key$/i.test(name))
        throw fault(
          'the name of a file: 1 to 128 letters, digits and ". _ @ + -", no key file, beginning with a letter, digit or "_"',
        );
      if (!matchesPattern(name, store.filePattern))
        throw fault(`the name of a file like ${store.filePattern}`);
      return name;
    }
    case 'pkcs12-file': {
      const name = given ?? plainName(subject);
      if (!isAlias(name))
        throw fault(
          `one line of 1 to ${MAX_ALIAS} characters, without control characters and without what looks like a secret`,
        );
      return name;
    }
  }
}

/** A subject's common name as a file may be called. */
function plainName(subject: string): string {
  const name = commonNameIn(subject)
    .toLowerCase()
    .replaceAll('*', 'wildcard')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 100);
  return name === '' ? 'certificate' : name;
}

function commonNameIn(subject: string): string {
  try {
    return commonNameOf(parseDn(subject)) ?? '';
  } catch (error) {
    if (error instanceof ServerError) return '';
    throw error;
  }
}

/** The extension that the first pattern asks for. */
function extensionOf(pattern: string): string {
  return /^\*(\.[A-Za-z0-9]+)(?:,|$)/.exec(pattern)?.[1] ?? '.pem';
}
