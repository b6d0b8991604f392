import { example, own } from './define.ts';

const CERTIFICATE = { group: 'Certificates', category: 'Certificate', extended: true } as const;
const CSR = {
  group: 'Certificates',
  category: 'CertificateSigningRequest',
  extended: true,
} as const;
const TARGET = { type: 'certificate', id: 'ab12', name: 'CN=www.example.com' } as const;
const SERIAL = [['CertSerialNum', '0x4d2']] as const;
const REQUEST = { type: 'csr', id: '7', name: 'CN=www.example.com' } as const;

/** What is done with certificates that are managed, where Dogtag has no event for it. */
export const CERTIFICATE_MANAGEMENT = [
  own({
    name: 'CERT_REQUEST_APPROVED',
    always: true,
    title: 'Certificate request approved',
    description:
      'Somebody other than the requester agreed to a request that waited; the certificate it led to has a record of its own.',
    group: 'Certificates',
    category: 'AuditingCertificateRequest',
    operation: 'Approved',
    attributes: 'SubjectID Outcome ReqID ProfileID CertSubject',
    extended: true,
    sentence: {
      Success: '{actor} approved certificate request {ReqID} for {CertSubject}[: {reason!}]',
      Failure: '{actor} could not approve certificate request {ReqID}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        {
          attributes: [
            ['ReqID', '12'],
            ['CertSubject', 'CN=www.example.com'],
          ],
          reason: 'seen and checked',
        },
        "'operator' approved certificate request '12' for 'CN=www.example.com': seen and checked",
      ),
    ],
  }),
  own({
    ...CERTIFICATE,
    name: 'CERT_DOWNLOADED',
    always: true,
    title: 'Certificate downloaded',
    description: 'A certificate was downloaded without its private key.',
    operation: 'Downloaded',
    attributes: 'SubjectID Outcome CertSerialNum Format',
    sentence: {
      Success: '{actor} downloaded the certificate {target}',
      Failure: '{actor} could not download the certificate {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: TARGET, attributes: SERIAL },
        "'operator' downloaded the certificate 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    ...CERTIFICATE,
    name: 'CERT_KEY_EXPORTED',
    title: 'Private key downloaded',
    description:
      'A certificate was handed out together with its private key; the key and the password of the file are in no record.',
    operation: 'Download with Private Key',
    attributes: 'SubjectID Outcome CertSerialNum Format',
    always: true,
    sentence: {
      Success: '{actor} downloaded the certificate {target} with its private key',
      Failure:
        '{actor} could not download the certificate {target} with its private key[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: TARGET, attributes: SERIAL },
        "'operator' downloaded the certificate 'CN=www.example.com' with its private key",
      ),
    ],
  }),
  own({
    ...CERTIFICATE,
    name: 'CERT_KEY_RECOVERED',
    title: 'Private key recovered',
    description:
      "A private key that was kept by the template's retention was taken out of the archive.",
    operation: 'Recovered',
    attributes: 'SubjectID Outcome CertSerialNum Format',
    always: true,
    sentence: {
      Success: '{actor} recovered the private key of the certificate {target}',
      Failure: '{actor} could not recover the private key of the certificate {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: TARGET, attributes: SERIAL },
        "'operator' recovered the private key of the certificate 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    ...CERTIFICATE,
    name: 'CERT_KEY_DELETED',
    title: 'Private key deleted',
    description:
      'The private key of a certificate is kept no longer: somebody deleted it, or its retention was over.',
    operation: 'Deleted Private Key',
    attributes: 'SubjectID Outcome CertSerialNum',
    always: true,
    sentence: {
      Success: '{actor} deleted the private key of the certificate {target}[: {reason!}]',
      Failure: '{actor} could not delete the private key of the certificate {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'countersign',
        { target: TARGET, attributes: SERIAL, reason: 'its retention is over' },
        "The system deleted the private key of the certificate 'CN=www.example.com': its retention is over",
      ),
    ],
  }),
  own({
    ...CERTIFICATE,
    name: 'CERT_IMPORTED',
    always: true,
    title: 'Certificate imported',
    description:
      'A certificate from elsewhere is managed from now on; or a private key came for one that was here already.',
    operation: 'Imported',
    attributes: 'SubjectID Outcome CertSerialNum',
    sentence: {
      Success: '{actor} imported the certificate {target}[ ({reason!})]',
      Failure: '{actor} could not import the certificate {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: TARGET, attributes: SERIAL },
        "'operator' imported the certificate 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    ...CERTIFICATE,
    name: 'CERT_DELETED',
    title: 'Certificate deleted',
    description:
      'A certificate is managed no longer; its revocation, if it was revoked, goes on. Before holds it whole.',
    operation: 'Deleted',
    attributes: 'SubjectID Outcome CertSerialNum',
    always: true,
    sentence: {
      Success: '{actor} deleted the certificate {target}',
      Failure: '{actor} could not delete the certificate {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: TARGET, attributes: SERIAL },
        "'operator' deleted the certificate 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    ...CERTIFICATE,
    name: 'CERT_OWNER_CHANGED',
    always: true,
    title: 'Certificate owner changed',
    description: 'The role that a certificate belongs to is another one.',
    operation: 'Updated',
    attributes: 'SubjectID Outcome CertSerialNum',
    sentence: {
      Success: '{actor} changed the owner of the certificate {target}',
      Failure: '{actor} could not change the owner of the certificate {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: TARGET, attributes: SERIAL },
        "'operator' changed the owner of the certificate 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    ...CSR,
    name: 'CSR_GENERATED',
    always: true,
    title: 'CSR generated',
    description:
      'A key was made here and a request for a certificate with it; the key waits, encrypted, for the certificate.',
    operation: 'Created',
    attributes: 'SubjectID Outcome',
    sentence: {
      Success: '{actor} generated a certificate request for {target}',
      Failure: '{actor} could not generate a certificate request for {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: REQUEST },
        "'operator' generated a certificate request for 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    ...CSR,
    name: 'CSR_DOWNLOADED',
    always: true,
    title: 'CSR downloaded',
    description: 'A request that was generated here was downloaded again.',
    operation: 'Downloaded',
    attributes: 'SubjectID Outcome',
    sentence: {
      Success: '{actor} downloaded the certificate request for {target}',
      Failure: '{actor} could not download the certificate request for {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: REQUEST },
        "'operator' downloaded the certificate request for 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    ...CSR,
    name: 'CSR_DELETED',
    title: 'CSR deleted',
    description: 'A request that was generated here is gone, and the key that waited with it.',
    operation: 'Deleted',
    attributes: 'SubjectID Outcome',
    always: true,
    sentence: {
      Success: '{actor} deleted the certificate request for {target}',
      Failure: '{actor} could not delete the certificate request for {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        { target: REQUEST },
        "'operator' deleted the certificate request for 'CN=www.example.com'",
      ),
    ],
  }),
];
