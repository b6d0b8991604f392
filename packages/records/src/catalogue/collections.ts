import { example, own } from './define.ts';

/** What people keep beside certificates, and how they gather them. */
export const COLLECTIONS = [
  own({
    name: 'CERT_METADATA_CHANGED',
    always: true,
    title: 'Metadata of a certificate changed',
    description: 'What is kept beside a certificate was changed; before and after hold all of it.',
    group: 'Certificates',
    category: 'Certificate',
    operation: 'Updated',
    attributes: 'SubjectID Outcome CertSerialNum',
    extended: true,
    sentence: {
      Success: '{actor} changed the metadata of the certificate {target}',
      Failure: '{actor} could not change the metadata of the certificate {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'operator',
        {
          target: { type: 'certificate', id: 'ab12', name: 'CN=www.example.com' },
          attributes: [['CertSerialNum', '0x4d2']],
        },
        "'operator' changed the metadata of the certificate 'CN=www.example.com'",
      ),
    ],
  }),
  own({
    name: 'CONFIG_METADATA_FIELD',
    title: 'Metadata field changed',
    description:
      'A field that is kept beside certificates was made, changed or deleted, with the values in it.',
    group: 'Configuration',
    category: 'MetadataField',
    operation: 'Updated',
    attributes: '',
    always: true,
    sentence: {
      Success: '{actor} changed the metadata field {target}[ ({reason!})]',
      Failure: '{actor} could not change the metadata field {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'metadata field', id: 'Owner', name: 'Owner' } },
        "'admin' changed the metadata field 'Owner'",
      ),
    ],
  }),
  own({
    name: 'CONFIG_COLLECTION',
    title: 'Collection changed',
    description:
      'A collection of certificates was made, changed or deleted, or who may do what with the certificates in it.',
    group: 'Configuration',
    category: 'CertificateQuery',
    operation: 'Updated',
    attributes: '',
    extended: true,
    always: true,
    sentence: {
      Success: '{actor} changed the collection {target}',
      Failure: '{actor} could not change the collection {target}[: {reason!}]',
    },
    examples: [
      example(
        'Success',
        'admin',
        { target: { type: 'collection', id: '3', name: 'Web servers' } },
        "'admin' changed the collection 'Web servers'",
      ),
      example(
        'Failure',
        'admin',
        {
          target: { type: 'collection', id: '3', name: 'Web servers' },
          reason: 'nobody changes what he himself may do',
        },
        "'admin' could not change the collection 'Web servers': nobody changes what he himself may do",
      ),
    ],
  }),
];
