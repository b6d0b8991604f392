/** RFC 5280 section 4.2.1.3, without those of authorities. */
export const KEY_USAGES = [
  { value: 'digitalSignature', label: 'Digital signature' },
  { value: 'nonRepudiation', label: 'Non-repudiation' },
  { value: 'keyEncipherment', label: 'Key encipherment' },
  { value: 'dataEncipherment', label: 'Data encipherment' },
  { value: 'keyAgreement', label: 'Key agreement' },
  { value: 'encipherOnly', label: 'Encipher only' },
  { value: 'decipherOnly', label: 'Decipher only' },
];

/** The usual ones; others go by their object identifiers. */
export const EXTENDED_USAGES = [
  { value: 'serverAuth', label: 'Server authentication' },
  { value: 'clientAuth', label: 'Client authentication' },
  { value: 'codeSigning', label: 'Code signing' },
  { value: 'emailProtection', label: 'E-mail protection' },
  { value: 'timeStamping', label: 'Time stamping' },
  { value: 'documentSigning', label: 'Document signing' },
  { value: 'smartcardLogon', label: 'Smart card logon' },
];

export const WAYS = [
  { value: 'pfx', label: 'With a key made here' },
  { value: 'csr', label: 'By a CSR' },
  { value: 'csr-generation', label: 'CSR made here, for another authority' },
];

export const RETENTIONS = [
  { value: 'none', label: 'Not at all' },
  { value: 'indefinite', label: 'For good' },
  { value: 'after-expiration', label: 'Until some days after expiration' },
  { value: 'from-issuance', label: 'For some days from issuance' },
];
