import { dogtag, line } from './define.ts';

const CMC = {
  group: 'CMC enrollment',
  category: 'AuditingCertificateRequest',
  attempt: true,
  extended: true,
} as const;

export const CMC_EVENTS = [
  dogtag({
    ...CMC,
    name: 'CMC_REQUEST_RECEIVED',
    title: 'CMC request received',
    description: 'A CMC request came in; CMCRequest holds all of it in base64.',
    operation: 'Received',
    attributes: 'SubjectID Outcome CMCRequest',
    sentence: {
      Success: 'A CMC request of {actor} was received',
      Failure: 'A CMC request of {actor} could not be received',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caagent', Outcome: 'Success', CMCRequest: 'MIIE' },
        "A CMC request of 'caagent' was received",
      ),
    ],
  }),
  dogtag({
    ...CMC,
    name: 'CMC_RESPONSE_SENT',
    title: 'CMC response sent',
    description: 'A CMC response went out; CMCResponse holds all of it in base64.',
    operation: 'Sent',
    attributes: 'SubjectID Outcome CMCResponse',
    sentence: {
      Success: 'A CMC response was sent to {actor}',
      Failure: 'A CMC response to {actor} could not be sent',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caagent', Outcome: 'Success', CMCResponse: 'MIIE' },
        "A CMC response was sent to 'caagent'",
      ),
    ],
  }),
  dogtag({
    ...CMC,
    name: 'CMC_SIGNED_REQUEST_SIG_VERIFY',
    title: 'Agent’s signature on a CMC request checked',
    description: 'The signature of an agent on a CMC request to enroll or to revoke.',
    operation: 'Verified',
    attributes: 'SubjectID Outcome ReqType CertSubject SignerInfo',
    sentence: {
      Success:
        'The signature of {SignerInfo|actor} on a CMC request is valid[ ({ReqType!} for {CertSubject})]',
      Failure:
        'The signature of {SignerInfo|actor} on a CMC request is not valid[ ({ReqType!} for {CertSubject})]',
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'caagent',
          Outcome: 'Success',
          ReqType: 'enrollment',
          CertSubject: 'CN=jdoe',
          SignerInfo: 'CN=CA Agent',
        },
        "The signature of 'CN=CA Agent' on a CMC request is valid (enrollment for 'CN=jdoe')",
      ),
    ],
  }),
  dogtag({
    ...CMC,
    name: 'CMC_USER_SIGNED_REQUEST_SIG_VERIFY',
    title: 'User’s signature on a CMC request checked',
    description:
      'The signature of a user, or of the key itself, on a CMC request to enroll or to revoke.',
    operation: 'Verified',
    attributes: 'SubjectID Outcome ReqType CertSubject CMCSignerInfo info SignerInfo',
    variants: [
      'Failure: SubjectID Outcome ReqType CertSubject CMCSignerInfo info',
      'Success: SubjectID Outcome ReqType CertSubject SignerInfo',
    ],
    sentence: {
      Success:
        'The signature of {SignerInfo|actor} on a CMC request is valid[ ({ReqType!} for {CertSubject})]',
      Failure: 'The signature of {CMCSignerInfo|actor} on a CMC request is not valid[: {info!}]',
    },
    examples: [
      line(
        'Failure',
        {
          SubjectID: 'jdoe',
          Outcome: 'Failure',
          ReqType: 'enrollment',
          CertSubject: 'CN=jdoe',
          CMCSignerInfo: 'CN=jdoe',
          info: 'certificate expired',
        },
        "The signature of 'CN=jdoe' on a CMC request is not valid: certificate expired",
      ),
    ],
  }),
  dogtag({
    ...CMC,
    name: 'CMC_PROOF_OF_IDENTIFICATION',
    title: 'Proof of identity in a CMC request checked',
    description:
      'Whether the requester knew the shared secret; on failure SubjectID is the identity claimed.',
    operation: 'Verified',
    attributes: 'SubjectID Outcome Info',
    sentence: {
      Success: '{actor} proved to be the one named in the CMC request',
      Failure: '{actor} could not prove to be the one named in the CMC request[: {Info!}]',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'jdoe', Outcome: 'Success', Info: 'method=cmc' },
        "'jdoe' proved to be the one named in the CMC request",
      ),
    ],
  }),
  dogtag({
    ...CMC,
    name: 'CMC_ID_POP_LINK_WITNESS',
    title: 'Link of identity and key in a CMC request checked',
    description: 'Whether the proof of identity and the proof of possession belong together.',
    operation: 'Verified',
    attributes: 'SubjectID Outcome Info',
    sentence: {
      Success: 'Identity and key in the CMC request of {actor} belong together',
      Failure: 'Identity and key in the CMC request of {actor} do not belong together[: {Info!}]',
    },
    examples: [
      line(
        'Failure',
        { SubjectID: 'jdoe', Outcome: 'Failure', Info: 'witness missing' },
        "Identity and key in the CMC request of 'jdoe' do not belong together: witness missing",
      ),
    ],
  }),
];
