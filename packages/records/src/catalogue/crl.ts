import { dogtag, line } from './define.ts';
import type { EventDefinition } from './definition.ts';

function generation(name: string, kind: string): EventDefinition {
  return dogtag({
    name,
    always: true,
    title: `${kind} CRL generated`,
    description: `A ${kind.toLowerCase()} certificate revocation list was made and signed, or could not be.`,
    group: 'CRLs',
    category: 'Crl',
    operation: 'Generated',
    attributes: 'SubjectID Outcome CRLnum Info FailureReason',
    variants: [
      'Success: SubjectID Outcome CRLnum',
      'Success: SubjectID Outcome Info',
      'Failure: SubjectID Outcome FailureReason',
    ],
    extended: true,
    sentence: {
      Success: `[${kind} CRL {CRLnum!} was generated|A ${kind.toLowerCase()} CRL was generated[: {Info!}]]`,
      Failure: `A ${kind.toLowerCase()} CRL could not be generated[: {FailureReason!}]`,
    },
    examples: [
      line(
        'Success',
        { SubjectID: '$System$', Outcome: 'Success', CRLnum: '57' },
        `${kind} CRL 57 was generated`,
      ),
      line(
        'Failure',
        { SubjectID: '$System$', Outcome: 'Failure', FailureReason: 'signing key not found' },
        `A ${kind.toLowerCase()} CRL could not be generated: signing key not found`,
      ),
    ],
  });
}

function publishing(name: string, kind: string): EventDefinition {
  return dogtag({
    name,
    title: `${kind} CRL published`,
    description: `A ${kind.toLowerCase()} certificate revocation list was handed to its publishers.`,
    group: 'CRLs',
    category: 'Crl',
    operation: 'Published',
    attributes: 'SubjectID Outcome CRLnum FailureReason',
    variants: [
      'Success: SubjectID Outcome CRLnum',
      'Failure: SubjectID Outcome CRLnum FailureReason',
    ],
    sentence: {
      Success: `${kind} CRL {CRLnum!} was published`,
      Failure: `${kind} CRL {CRLnum!} could not be published[: {FailureReason!}]`,
    },
    examples: [
      line(
        'Success',
        { SubjectID: '$System$', Outcome: 'Success', CRLnum: '57' },
        `${kind} CRL 57 was published`,
      ),
      line(
        'Failure',
        {
          SubjectID: '$System$',
          Outcome: 'Failure',
          CRLnum: '57',
          FailureReason: 'directory unreachable',
        },
        `${kind} CRL 57 could not be published: directory unreachable`,
      ),
    ],
  });
}

export const CRLS = [
  generation('FULL_CRL_GENERATION', 'Full'),
  generation('DELTA_CRL_GENERATION', 'Delta'),
  publishing('FULL_CRL_PUBLISHING', 'Full'),
  publishing('DELTA_CRL_PUBLISHING', 'Delta'),
  dogtag({
    name: 'SCHEDULE_CRL_GENERATION',
    title: 'CRL scheduled',
    description: 'Somebody asked for a CRL outside its schedule.',
    group: 'CRLs',
    category: 'Crl',
    operation: 'Scheduled',
    attributes: 'SubjectID Outcome FailureReason',
    variants: ['Success: SubjectID Outcome', 'Failure: SubjectID Outcome FailureReason'],
    sentence: {
      Success: '{actor} asked for a new CRL',
      Failure: '{actor} could not ask for a new CRL[: {FailureReason!}]',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caagent', Outcome: 'Success' },
        "'caagent' asked for a new CRL",
      ),
    ],
  }),
  dogtag({
    name: 'CRL_SIGNING_INFO',
    always: true,
    title: 'CRL signing key in use',
    description: 'At the start of the CA: the key, by its identifier (SKI), that signs CRLs.',
    group: 'CRLs',
    category: 'Crl',
    operation: 'Started',
    attributes: 'SubjectID Outcome SKI AuthorityID',
    variants: ['Success: SubjectID Outcome SKI AuthorityID?'],
    extended: true,
    sentence:
      '[The authority {AuthorityID} signs CRLs with key {SKI}|CRLs are signed with key {SKI}]',
    examples: [
      line(
        'Success',
        { SubjectID: '$System$', Outcome: 'Success', SKI: 'A1:B2:C3' },
        "CRLs are signed with key 'A1:B2:C3'",
      ),
    ],
  }),
  dogtag({
    name: 'CRL_RETRIEVAL',
    title: 'CRL retrieved',
    description: 'The OCSP responder received or fetched a CRL.',
    group: 'CRLs',
    category: 'Crl',
    operation: 'Retrieved',
    attributes: 'SubjectID Outcome CRLnum',
    sentence: {
      Success: '{actor} brought CRL {CRLnum!} to the OCSP responder',
      Failure: 'CRL {CRLnum!} of {actor} did not reach the OCSP responder',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'CN=CA Subsystem', Outcome: 'Success', CRLnum: '57' },
        "'CN=CA Subsystem' brought CRL 57 to the OCSP responder",
      ),
    ],
  }),
  dogtag({
    name: 'CRL_VALIDATION',
    title: 'CRL validated',
    description: 'The OCSP responder checked the signature of a CRL.',
    group: 'CRLs',
    category: 'Crl',
    operation: 'Verified',
    attributes: 'SubjectID Outcome',
    sentence: {
      Success: 'The OCSP responder found the CRL of {actor} valid',
      Failure: 'The OCSP responder found the CRL of {actor} not valid',
    },
    examples: [
      line(
        'Failure',
        { SubjectID: 'CN=CA Subsystem', Outcome: 'Failure' },
        "The OCSP responder found the CRL of 'CN=CA Subsystem' not valid",
      ),
    ],
  }),
];
