import { dogtag, line } from './define.ts';

const OCSP = { group: 'OCSP', category: 'Ocsp' } as const;

export const OCSP_EVENTS = [
  dogtag({
    ...OCSP,
    name: 'OCSP_GENERATION',
    always: true,
    title: 'OCSP response made',
    description: 'The responder answered for the status of a certificate, or could not.',
    operation: 'Generated',
    attributes: 'SubjectID Outcome FailureReason',
    variants: ['Success: SubjectID Outcome', 'Failure: SubjectID Outcome FailureReason'],
    sentence: {
      Success: '[OCSP responses were made: {reason!}|An OCSP response was made for {actor}]',
      Failure: 'No OCSP response could be made for {actor}[: {FailureReason!}]',
    },
    examples: [
      line(
        'Success',
        { SubjectID: '$NonRoleUser$', Outcome: 'Success' },
        'An OCSP response was made for an anonymous user',
      ),
      line(
        'Failure',
        { SubjectID: '$NonRoleUser$', Outcome: 'Failure', FailureReason: 'malformed request' },
        'No OCSP response could be made for an anonymous user: malformed request',
      ),
    ],
  }),
  dogtag({
    ...OCSP,
    name: 'OCSP_SIGNING_INFO',
    always: true,
    title: 'OCSP signing key in use',
    description: 'At the start: the key, by its identifier (SKI), that signs OCSP responses.',
    operation: 'Started',
    attributes: 'SubjectID Outcome SKI AuthorityID',
    variants: ['Success: SubjectID Outcome SKI AuthorityID?'],
    extended: true,
    sentence:
      '[The authority {AuthorityID} signs OCSP responses with key {SKI}|OCSP responses are signed with key {SKI}]',
    examples: [
      line(
        'Success',
        { SubjectID: '$System$', Outcome: 'Success', SKI: 'A1:B2:C3', AuthorityID: 'sub-ca' },
        "The authority 'sub-ca' signs OCSP responses with key 'A1:B2:C3'",
      ),
    ],
  }),
  dogtag({
    ...OCSP,
    name: 'OCSP_ADD_CA_REQUEST',
    title: 'Adding a CA to the responder requested',
    description: 'Somebody asked the responder to answer for one more CA.',
    operation: 'Requested',
    attributes: 'SubjectID Outcome CA',
    variants: ['Success: SubjectID Outcome CA', 'Failure: SubjectID Outcome'],
    sentence: {
      Success: '{actor} asked to add a CA to the OCSP responder',
      Failure: 'The request of {actor} to add a CA to the OCSP responder was not accepted',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'ocspagent', Outcome: 'Success', CA: 'MIID' },
        "'ocspagent' asked to add a CA to the OCSP responder",
      ),
    ],
  }),
  dogtag({
    ...OCSP,
    name: 'OCSP_ADD_CA_REQUEST_PROCESSED',
    title: 'CA added to the responder',
    description: 'The responder answers for one more CA, or the request failed.',
    operation: 'Created',
    attributes: 'SubjectID Outcome CASubjectDN',
    variants: ['Success: SubjectID Outcome CASubjectDN', 'Failure: SubjectID Outcome CASubjectDN'],
    extended: true,
    sentence: {
      Success: '{actor} added the CA {CASubjectDN} to the OCSP responder',
      Failure: '{actor} could not add [the CA {CASubjectDN}|a CA] to the OCSP responder',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'ocspagent', Outcome: 'Success', CASubjectDN: 'CN=Root' },
        "'ocspagent' added the CA 'CN=Root' to the OCSP responder",
      ),
      line(
        'Failure',
        { SubjectID: 'ocspagent', Outcome: 'Failure', CASubjectDN: '<null>' },
        "'ocspagent' could not add a CA to the OCSP responder",
      ),
    ],
  }),
  dogtag({
    ...OCSP,
    name: 'OCSP_REMOVE_CA_REQUEST',
    title: 'Removing a CA from the responder requested',
    description: 'Somebody asked the responder to stop answering for a CA.',
    operation: 'Requested',
    attributes: 'SubjectID Outcome CASubjectDN',
    variants: ['Success: SubjectID Outcome CASubjectDN', 'Failure: SubjectID Outcome'],
    sentence: {
      Success: '{actor} asked to remove the CA {CASubjectDN} from the OCSP responder',
      Failure: 'The request of {actor} to remove a CA from the OCSP responder was not accepted',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'ocspagent', Outcome: 'Success', CASubjectDN: 'CN=Root' },
        "'ocspagent' asked to remove the CA 'CN=Root' from the OCSP responder",
      ),
    ],
  }),
  dogtag({
    ...OCSP,
    name: 'OCSP_REMOVE_CA_REQUEST_PROCESSED',
    title: 'CA removed from the responder',
    description: 'The responder no longer answers for a CA, or the request failed.',
    operation: 'Deleted',
    attributes: 'SubjectID Outcome CASubjectDN',
    variants: ['Failure: SubjectID Outcome CASubjectDN', 'Success: SubjectID Outcome CASubjectDN'],
    extended: true,
    sentence: {
      Success: '{actor} removed the CA {CASubjectDN} from the OCSP responder',
      Failure: '{actor} could not remove [the CA {CASubjectDN}|a CA] from the OCSP responder',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'ocspagent', Outcome: 'Success', CASubjectDN: 'CN=Root' },
        "'ocspagent' removed the CA 'CN=Root' from the OCSP responder",
      ),
    ],
  }),
];
