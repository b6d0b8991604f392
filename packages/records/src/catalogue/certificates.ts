import { dogtag, line } from './define.ts';

const REQUEST = 'AuditingCertificateRequest';
const STATUS = 'SubjectID Outcome ReqID CertSerialNum RequestType RevokeReasonNum Approval';

export const CERTIFICATES = [
  dogtag({
    name: 'PROFILE_CERT_REQUEST',
    always: true,
    title: 'Certificate requested',
    description:
      'A request for a certificate of some profile came in; nobody has decided on it yet.',
    group: 'Certificates',
    category: REQUEST,
    operation: 'Created',
    attributes: 'SubjectID Outcome ReqID ProfileID CertSubject',
    extended: true,
    sentence: {
      Success: '{actor} requested a certificate[ for {CertSubject}][ (profile {ProfileID})]',
      Failure: 'The request of {actor} for a certificate[ for {CertSubject}] was not accepted',
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'caagent',
          Outcome: 'Success',
          ReqID: '12',
          ProfileID: 'caServerCert',
          CertSubject: 'CN=www.example.com',
        },
        "'caagent' requested a certificate for 'CN=www.example.com' (profile 'caServerCert')",
      ),
      line(
        'Failure',
        {
          SubjectID: '$NonRoleUser$',
          Outcome: 'Failure',
          ReqID: '13',
          ProfileID: 'caUserCert',
          CertSubject: '<null>',
        },
        'The request of an anonymous user for a certificate was not accepted',
      ),
    ],
  }),
  dogtag({
    name: 'NON_PROFILE_CERT_REQUEST',
    title: 'Certificate requested without profile',
    description: 'A request for a certificate by SCEP or another way that knows no profiles.',
    group: 'Certificates',
    category: REQUEST,
    operation: 'Created',
    attributes: 'SubjectID Outcome ReqID ServiceID CertSubject',
    extended: true,
    sentence: {
      Success: '{actor} requested a certificate[ for {CertSubject}]',
      Failure: 'The request of {actor} for a certificate[ for {CertSubject}] was not accepted',
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'router1',
          Outcome: 'Success',
          ReqID: '14',
          ServiceID: 'scep',
          CertSubject: 'CN=router1',
        },
        "'router1' requested a certificate for 'CN=router1'",
      ),
    ],
  }),
  dogtag({
    name: 'CERT_REQUEST_PROCESSED',
    always: true,
    title: 'Certificate request processed',
    description:
      'A request ended: the certificate was issued, or the request was rejected or cancelled.',
    group: 'Certificates',
    category: { Success: 'Certificate', Failure: REQUEST },
    operation: { Success: 'Created', Failure: 'Denied' },
    attributes: 'SubjectID Outcome ReqID InfoName InfoValue CertSerialNum',
    variants: [
      'Success: SubjectID Outcome ReqID InfoName InfoValue',
      'Success: SubjectID Outcome ReqID CertSerialNum',
      'Failure: SubjectID Outcome ReqID InfoName InfoValue',
    ],
    decision: true,
    extended: true,
    sentence: {
      Success:
        '[{actor} issued certificate {CertSerialNum} for request {ReqID}|{actor} completed certificate request {ReqID}|{actor} issued certificate {CertSerialNum}]',
      Failure: '{actor} did not grant certificate request {ReqID}[: {InfoValue!}]',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caagent', Outcome: 'Success', ReqID: '12', CertSerialNum: '0x4d2' },
        "'caagent' issued certificate '0x4d2' for request '12'",
      ),
      line(
        'Success',
        {
          SubjectID: 'caagent',
          Outcome: 'Success',
          ReqID: '12',
          InfoName: 'certificate',
          InfoValue: 'MIIC',
        },
        "'caagent' completed certificate request '12'",
      ),
      line(
        'Success',
        { SubjectID: '$System$', Outcome: 'Success', ReqID: '<null>', CertSerialNum: '0x4d3' },
        "The system issued certificate '0x4d3'",
      ),
      line(
        'Failure',
        {
          SubjectID: 'caagent',
          Outcome: 'Failure',
          ReqID: '13',
          InfoName: 'rejectReason',
          InfoValue: 'unknown subject',
        },
        "'caagent' did not grant certificate request '13': unknown subject",
      ),
    ],
  }),
  dogtag({
    name: 'CERT_STATUS_CHANGE_REQUEST',
    title: 'Revocation requested',
    description: 'Somebody asked to revoke a certificate, to put it on hold or to release it.',
    group: 'Certificates',
    category: REQUEST,
    operation: 'Requested',
    attributes: 'SubjectID Outcome ReqID CertSerialNum RequestType',
    extended: true,
    sentence: {
      Success: '{actor} asked to {statusChange!} certificate {CertSerialNum}',
      Failure:
        'The request of {actor} to {statusChange!} certificate {CertSerialNum} was not accepted',
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'caagent',
          Outcome: 'Success',
          ReqID: '15',
          CertSerialNum: '0x4d2',
          RequestType: 'revoke',
        },
        "'caagent' asked to revoke certificate '0x4d2'",
      ),
      line(
        'Failure',
        {
          SubjectID: 'caagent',
          Outcome: 'Failure',
          ReqID: '<null>',
          CertSerialNum: '0x4d2',
          RequestType: 'off-hold',
        },
        "The request of 'caagent' to release certificate '0x4d2' was not accepted",
      ),
    ],
  }),
  dogtag({
    name: 'CERT_STATUS_CHANGE_REQUEST_PROCESSED',
    always: true,
    title: 'Certificate status changed',
    description:
      'A certificate was revoked, put on hold or released, or that was refused. Approval says which; RevokeReasonNum is the reason code of RFC 5280.',
    group: 'Certificates',
    category: 'Certificate',
    operation: 'Revoked',
    operationBy: { attribute: 'RequestType', values: { 'off-hold': 'Removed from Hold' } },
    attributes: `${STATUS} Info`,
    variants: [`any: ${STATUS}`, `any: ${STATUS} Info`],
    extended: true,
    sentence: {
      Success: '{actor} {statusChanged!} certificate {CertSerialNum}[ ({revokeReason!})]',
      Failure:
        'The attempt of {actor} to {statusChange!} certificate {CertSerialNum} failed[: {Info!}]',
    },
    examples: [
      line(
        'Success',
        {
          SubjectID: 'caagent',
          Outcome: 'Success',
          ReqID: '15',
          CertSerialNum: '0x4d2',
          RequestType: 'revoke',
          RevokeReasonNum: '1',
          Approval: 'complete',
        },
        "'caagent' revoked certificate '0x4d2' (key compromise)",
      ),
      line(
        'Success',
        {
          SubjectID: 'caagent',
          Outcome: 'Success',
          ReqID: '16',
          CertSerialNum: '0x4d3',
          RequestType: 'on-hold',
          RevokeReasonNum: '6',
          Approval: 'complete',
        },
        "'caagent' suspended certificate '0x4d3' (certificate hold)",
      ),
      line(
        'Failure',
        {
          SubjectID: 'caagent',
          Outcome: 'Failure',
          ReqID: '17',
          CertSerialNum: '0x4d2',
          RequestType: 'revoke',
          RevokeReasonNum: '1',
          Approval: 'rejected',
          Info: 'already revoked',
        },
        "The attempt of 'caagent' to revoke certificate '0x4d2' failed: already revoked",
      ),
    ],
  }),
  dogtag({
    name: 'CERT_PROFILE_APPROVAL',
    title: 'Certificate profile approved',
    description: 'An agent released a certificate profile for use, or withdrew it.',
    group: 'Certificates',
    category: 'Template',
    operation: 'Approved',
    operationBy: { attribute: 'Op', values: { disapprove: 'Disapproved' } },
    attributes: 'SubjectID Outcome ProfileID Op',
    extended: true,
    sentence: {
      Success: '{actor} {approved!} the certificate profile {ProfileID}',
      Failure: '{actor} could not {approve!} the certificate profile {ProfileID}',
    },
    examples: [
      line(
        'Success',
        { SubjectID: 'caagent', Outcome: 'Success', ProfileID: 'caServerCert', Op: 'approve' },
        "'caagent' approved the certificate profile 'caServerCert'",
      ),
      line(
        'Success',
        { SubjectID: 'caagent', Outcome: 'Success', ProfileID: 'caServerCert', Op: 'disapprove' },
        "'caagent' withdrew the certificate profile 'caServerCert'",
      ),
    ],
  }),
  dogtag({
    name: 'CERT_SIGNING_INFO',
    always: true,
    title: 'CA signing key in use',
    description:
      'At the start of the CA: the key, by its identifier (SKI), that signs certificates.',
    group: 'Certificates',
    category: 'CertificateAuthority',
    operation: 'Started',
    attributes: 'SubjectID Outcome SKI AuthorityID',
    variants: ['Success: SubjectID Outcome SKI AuthorityID?'],
    extended: true,
    sentence:
      '[The authority {AuthorityID} signs certificates with key {SKI}|Certificates are signed with key {SKI}]',
    examples: [
      line(
        'Success',
        { SubjectID: '$System$', Outcome: 'Success', SKI: 'A1:B2:C3' },
        "Certificates are signed with key 'A1:B2:C3'",
      ),
    ],
  }),
  dogtag({
    name: 'PROOF_OF_POSSESSION',
    title: 'Proof of possession checked',
    description: 'Whether the requester holds the private key of the requested certificate.',
    group: 'Certificates',
    category: REQUEST,
    operation: 'Verified',
    attributes: 'SubjectID Outcome Info',
    attempt: true,
    extended: true,
    sentence: {
      Success: '{actor} proved to hold the private key',
      Failure: '{actor} could not prove to hold the private key[: {Info!}]',
    },
    examples: [
      line(
        'Failure',
        { SubjectID: 'jdoe', Outcome: 'Failure', Info: 'signature does not match' },
        "'jdoe' could not prove to hold the private key: signature does not match",
      ),
    ],
  }),
  dogtag({
    name: 'INTER_BOUNDARY',
    title: 'Data exchanged between subsystems',
    description: 'A request or its answer crossed from one subsystem to another.',
    group: 'Certificates',
    category: 'DataExchange',
    operation: 'Processed',
    attributes: 'SubjectID Outcome ProtectionMethod ReqType ReqID',
    variants: ['Success: SubjectID Outcome ProtectionMethod ReqType ReqID'],
    sentence: '{actor} exchanged request {ReqID} ({ReqType!})[ protected by {ProtectionMethod!}]',
    examples: [
      line(
        'Success',
        {
          SubjectID: 'CN=CA Subsystem',
          Outcome: 'Success',
          ProtectionMethod: 'ssl',
          ReqType: 'enrollment',
          ReqID: '12',
        },
        "'CN=CA Subsystem' exchanged request '12' (enrollment) protected by ssl",
      ),
    ],
  }),
];
