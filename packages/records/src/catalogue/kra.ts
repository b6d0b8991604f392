import { family } from './families.ts';
import type { Row } from './families.ts';

const WHO = 'SubjectID Outcome';
const RECOVERY = `${WHO} RecoveryID`;
const GENERATION = `${WHO} GenerationRequestID ClientKeyID`;
const ARCHIVAL = `${WHO} ArchivalRequestID RequestId ClientKeyID`;
const AGENT = { SubjectID: 'kraadmin', Outcome: 'Success' };

/** Asked for and done, for both kinds of keys the authority generates. */
function generation(prefix: string, kind: string): Row[] {
  return [
    {
      name: `${prefix}_GENERATION_REQUEST`,
      title: `Generation of a ${kind} requested`,
      operation: 'Requested',
      attributes: GENERATION,
      success: `{actor} asked for the generation of a ${kind}[ for {ClientKeyID}]`,
      failure: `The request of {actor} for the generation of a ${kind}[ for {ClientKeyID}] was not accepted`,
      example: [
        { ...AGENT, GenerationRequestID: '5', ClientKeyID: 'vpn' },
        `'kraadmin' asked for the generation of a ${kind} for 'vpn'`,
      ],
    },
    {
      name: `${prefix}_GENERATION_REQUEST_PROCESSED`,
      title: `Generation of a ${kind} processed`,
      operation: 'Generated',
      attributes: `${GENERATION} KeyID FailureReason`,
      success: `A ${kind} {KeyID} was generated for {actor}`,
      failure: `The generation of a ${kind} for {actor} failed[: {FailureReason!}]`,
      example: [
        { ...AGENT, GenerationRequestID: '5', ClientKeyID: 'vpn', KeyID: '0x9' },
        `A ${kind} '0x9' was generated for 'kraadmin'`,
      ],
    },
  ];
}

export const KEY_RECOVERY = family(
  { group: 'Key recovery', category: 'KeyRecovery', extended: true },
  [
    ...generation('ASYMKEY', 'key pair'),
    ...generation('SYMKEY', 'symmetric key'),
    {
      name: 'SECURITY_DATA_ARCHIVAL_REQUEST',
      title: 'Archival of a key requested',
      operation: 'Requested',
      attributes: `${ARCHIVAL} FailureReason`,
      variants: [`Success: ${ARCHIVAL}`, `Failure: ${ARCHIVAL} FailureReason`],
      success: '{actor} asked to archive a key[ as {ClientKeyID}]',
      failure:
        'The request of {actor} to archive a key[ as {ClientKeyID}] was not accepted[: {FailureReason!}]',
      example: [
        { ...AGENT, ArchivalRequestID: '3', RequestId: '3', ClientKeyID: 'backup' },
        "'kraadmin' asked to archive a key as 'backup'",
      ],
    },
    {
      name: 'SECURITY_DATA_ARCHIVAL_REQUEST_PROCESSED',
      title: 'Key archived',
      operation: 'Archived',
      attributes: `${ARCHIVAL} KeyID FailureReason PubKey`,
      variants: [
        `Success: ${ARCHIVAL} KeyID PubKey`,
        `Failure: ${ARCHIVAL} KeyID FailureReason PubKey`,
      ],
      success: 'Key {KeyID} was archived for {actor}',
      failure: 'A key of {actor} could not be archived[: {FailureReason!}]',
      example: [
        { ...AGENT, ArchivalRequestID: '3', KeyID: '0x9' },
        "Key '0x9' was archived for 'kraadmin'",
      ],
    },
    {
      name: 'SECURITY_DATA_RECOVERY_REQUEST',
      title: 'Recovery of a key requested',
      operation: 'Requested',
      attributes: `${RECOVERY} DataID PubKey`,
      success: '{actor} asked to recover key {DataID}',
      failure: 'The request of {actor} to recover key {DataID} was not accepted',
      example: [
        { ...AGENT, RecoveryID: '7', DataID: '0x9' },
        "'kraadmin' asked to recover key '0x9'",
      ],
    },
    {
      name: 'SECURITY_DATA_RECOVERY_REQUEST_PROCESSED',
      title: 'Key recovered',
      operation: 'Recovered',
      attributes: `${RECOVERY} KeyID FailureReason RecoveryAgents`,
      success: 'Key {KeyID} was recovered for {actor}[ by the agents {RecoveryAgents}]',
      failure: 'Key {KeyID} could not be recovered for {actor}[: {FailureReason!}]',
      example: [
        { ...AGENT, RecoveryID: '7', KeyID: '0x9', RecoveryAgents: 'agent1, agent2' },
        "Key '0x9' was recovered for 'kraadmin' by the agents 'agent1, agent2'",
      ],
    },
    {
      name: 'SECURITY_DATA_RECOVERY_REQUEST_STATE_CHANGE',
      title: 'Recovery of a key decided',
      operation: 'Processed',
      attributes: `${RECOVERY} Operation`,
      success: '{actor} decided on key recovery {RecoveryID}[: {Operation!}]',
      failure: '{actor} could not decide on key recovery {RecoveryID}[: {Operation!}]',
      example: [
        { ...AGENT, RecoveryID: '7', Operation: 'approve' },
        "'kraadmin' decided on key recovery '7': approve",
      ],
    },
    {
      name: 'SECURITY_DATA_EXPORT_KEY',
      title: 'Key handed out',
      operation: 'Exported',
      attributes: `${RECOVERY} KeyID Info PubKey`,
      success: '{actor} took out key {KeyID}',
      failure: '{actor} could not take out key {KeyID}[: {Info!}]',
      example: [{ ...AGENT, RecoveryID: '7', KeyID: '0x9' }, "'kraadmin' took out key '0x9'"],
    },
    {
      name: 'SECURITY_DATA_INFO',
      title: 'Key looked up',
      operation: 'Read',
      attributes: `${WHO} KeyID ClientKeyId Info PubKey`,
      success: '{actor} looked up [key {KeyID}|keys]',
      failure: '{actor} could not look up [key {KeyID}|keys][: {Info!}]',
      example: [{ ...AGENT, KeyID: '0x9' }, "'kraadmin' looked up key '0x9'"],
    },
    {
      name: 'KEY_STATUS_CHANGE',
      title: 'Status of a key changed',
      operation: 'Updated',
      attributes: `${WHO} KeyID OldStatus NewStatus Info`,
      success: '{actor} changed key {KeyID} from {OldStatus} to {NewStatus}',
      failure: '{actor} could not change key {KeyID} from {OldStatus} to {NewStatus}[: {Info!}]',
      example: [
        { ...AGENT, KeyID: '0x9', OldStatus: 'active', NewStatus: 'inactive' },
        "'kraadmin' changed key '0x9' from 'active' to 'inactive'",
      ],
    },
    {
      name: 'KEY_RECOVERY_AGENT_LOGIN',
      title: 'Recovery agent signed in',
      operation: 'Authenticated',
      attributes: `${RECOVERY} RecoveryAgent`,
      attempt: true,
      success: 'The recovery agent {RecoveryAgent} signed in for key recovery {RecoveryID}',
      failure: 'The recovery agent {RecoveryAgent} could not sign in for key recovery {RecoveryID}',
      example: [
        { ...AGENT, RecoveryID: '7', RecoveryAgent: 'agent1' },
        "The recovery agent 'agent1' signed in for key recovery '7'",
      ],
    },
    {
      name: 'KEY_RECOVERY_REQUEST',
      title: 'Recovery of a key requested (old form)',
      operation: 'Requested',
      attributes: `${RECOVERY} PubKey`,
      success: '{actor} asked for key recovery {RecoveryID}',
      failure: 'The request of {actor} for key recovery {RecoveryID} was not accepted',
      example: [{ ...AGENT, RecoveryID: '7' }, "'kraadmin' asked for key recovery '7'"],
    },
    {
      name: 'SERVER_SIDE_KEYGEN_REQUEST',
      title: 'Key for a smart card requested',
      operation: 'Requested',
      attributes: `${WHO} EntityID RequestID`,
      success: '{actor} asked for a key for {EntityID}',
      failure: 'The request of {actor} for a key for {EntityID} was not accepted',
      example: [
        { ...AGENT, EntityID: 'jdoe', RequestID: '4' },
        "'kraadmin' asked for a key for 'jdoe'",
      ],
    },
    {
      name: 'SERVER_SIDE_KEYGEN_REQUEST_PROCESSED',
      title: 'Key for a smart card generated',
      operation: 'Generated',
      attributes: `${WHO} EntityID RequestID PubKey`,
      success: 'A key was generated for {EntityID}',
      failure: 'No key could be generated for {EntityID}',
      example: [{ ...AGENT, EntityID: 'jdoe', RequestID: '4' }, "A key was generated for 'jdoe'"],
    },
    {
      name: 'SERVER_SIDE_KEYGEN_ENROLL_KEYGEN_REQUEST',
      title: 'Key for an enrollment requested',
      operation: 'Requested',
      attributes: `${WHO} RequestID ClientKeyID`,
      success: 'A key was requested for the enrollment {RequestID} of {actor}',
      failure: 'The request of {actor} for a key for enrollment {RequestID} was not accepted',
      example: [
        { ...AGENT, RequestID: '21', ClientKeyID: '21' },
        "A key was requested for the enrollment '21' of 'kraadmin'",
      ],
    },
    {
      name: 'SERVER_SIDE_KEYGEN_ENROLL_KEYGEN_REQUEST_PROCESSED',
      title: 'Key for an enrollment generated',
      operation: 'Generated',
      attributes: `${WHO} RequestID ClientID FailureReason`,
      success: 'A key was generated for the enrollment {RequestID}',
      failure: 'No key could be generated for the enrollment {RequestID}[: {FailureReason!}]',
      example: [{ ...AGENT, RequestID: '21' }, "A key was generated for the enrollment '21'"],
    },
    {
      name: 'SERVER_SIDE_KEYGEN_ENROLL_KEY_RETRIEVAL_REQUEST',
      title: 'Key of an enrollment asked for',
      operation: 'Requested',
      attributes: `${WHO} RequestID ClientID`,
      success: '{actor} asked for the key of enrollment {RequestID}',
      failure: 'The request of {actor} for the key of enrollment {RequestID} was not accepted',
      example: [{ ...AGENT, RequestID: '21' }, "'kraadmin' asked for the key of enrollment '21'"],
    },
    {
      name: 'SERVER_SIDE_KEYGEN_ENROLL_KEY_RETRIEVAL_REQUEST_PROCESSED',
      title: 'Key of an enrollment handed out',
      operation: 'Retrieved',
      attributes: `${WHO} RequestID ClientID FailureReason`,
      success: 'The key of enrollment {RequestID} was handed out to {actor}',
      failure:
        'The key of enrollment {RequestID} could not be handed out to {actor}[: {FailureReason!}]',
      example: [
        { ...AGENT, RequestID: '21' },
        "The key of enrollment '21' was handed out to 'kraadmin'",
      ],
    },
  ],
);
