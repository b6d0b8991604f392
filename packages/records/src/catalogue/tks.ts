import { family } from './families.ts';

const ENCODED = 'CUID_encoded KDD_encoded';
const DECODED = 'CUID_decoded KDD_decoded Outcome status AgentID';
const KDF = 'NistSP800_108KdfOnKeyVersion NistSP800_108KdfUseCuidAsKdd';
const SESSION_KEY = `${DECODED} IsCryptoValidate IsServerSideKeygen SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion ${KDF}`;
const DIVERSIFY = `${DECODED} oldMasterKeyName newMasterKeyName TKSKeyset OldKeyInfo_KeyVersion NewKeyInfo_KeyVersion ${KDF}`;
const ENCRYPT = `${DECODED} isRandom SelectedToken KeyNickName TKSKeyset KeyInfo_KeyVersion ${KDF}`;

/** An `Error` where it failed. */
function withError(attributes: string): readonly string[] {
  return [`Failure: ${attributes} Error`, `Success: ${attributes}`];
}

const CARD = '40900612A8E20000';
const ASKED = { CUID_encoded: CARD, Outcome: 'Success', AgentID: 'tps1' };
const ANSWERED = { CUID_decoded: CARD, Outcome: 'Success', AgentID: 'tps1' };

export const TKS = family({ group: 'Smart-card keys', category: 'KeyManagement' }, [
  {
    name: 'COMPUTE_RANDOM_DATA_REQUEST',
    title: 'Random data for a card requested',
    operation: 'Requested',
    attributes: 'Outcome AgentID',
    success: '{AgentID|actor} asked for random data',
    failure: 'The request of {AgentID|actor} for random data was not accepted',
    example: [{ Outcome: 'Success', AgentID: 'tps1' }, "'tps1' asked for random data"],
  },
  {
    name: 'COMPUTE_RANDOM_DATA_REQUEST_PROCESSED',
    title: 'Random data for a card made',
    operation: 'Generated',
    attributes: 'Outcome Status AgentID Error',
    variants: withError('Outcome Status AgentID'),
    success: 'Random data was made for {AgentID|actor}',
    failure: 'No random data could be made for {AgentID|actor}[: {Error!}]',
    example: [
      { Outcome: 'Success', Status: '0', AgentID: 'tps1' },
      "Random data was made for 'tps1'",
    ],
  },
  {
    name: 'COMPUTE_SESSION_KEY_REQUEST',
    title: 'Session key for a card requested',
    operation: 'Requested',
    attributes: `${ENCODED} Outcome AgentID`,
    success: '{AgentID|actor} asked for a session key for card {CUID_encoded}',
    failure:
      'The request of {AgentID|actor} for a session key for card {CUID_encoded} was not accepted',
    example: [ASKED, `'tps1' asked for a session key for card '${CARD}'`],
  },
  {
    name: 'COMPUTE_SESSION_KEY_REQUEST_PROCESSED',
    title: 'Session key for a card made',
    operation: 'Generated',
    attributes: `${SESSION_KEY} Error`,
    variants: withError(SESSION_KEY),
    success: 'A session key was made for card {CUID_decoded}',
    failure: 'No session key could be made for card {CUID_decoded}[: {Error!}]',
    example: [ANSWERED, `A session key was made for card '${CARD}'`],
  },
  {
    name: 'DIVERSIFY_KEY_REQUEST',
    title: 'New keys for a card requested',
    operation: 'Requested',
    attributes: `${ENCODED} Outcome AgentID oldMasterKeyName newMasterKeyName`,
    success: '{AgentID|actor} asked for new keys for card {CUID_encoded}',
    failure: 'The request of {AgentID|actor} for new keys for card {CUID_encoded} was not accepted',
    example: [ASKED, `'tps1' asked for new keys for card '${CARD}'`],
  },
  {
    name: 'DIVERSIFY_KEY_REQUEST_PROCESSED',
    title: 'New keys for a card made',
    operation: 'Generated',
    attributes: `${DIVERSIFY} Error`,
    variants: withError(DIVERSIFY),
    success: 'New keys were made for card {CUID_decoded}',
    failure: 'No new keys could be made for card {CUID_decoded}[: {Error!}]',
    example: [ANSWERED, `New keys were made for card '${CARD}'`],
  },
  {
    name: 'ENCRYPT_DATA_REQUEST',
    title: 'Encryption for a card requested',
    operation: 'Requested',
    attributes: `${ENCODED} status AgentID isRandom`,
    success: '{AgentID|actor} asked to encrypt data for card {CUID_encoded}',
    failure:
      'The request of {AgentID|actor} to encrypt data for card {CUID_encoded} was not accepted',
    example: [ASKED, `'tps1' asked to encrypt data for card '${CARD}'`],
  },
  {
    name: 'ENCRYPT_DATA_REQUEST_PROCESSED',
    title: 'Data for a card encrypted',
    operation: 'Processed',
    attributes: `${ENCRYPT} Error`,
    variants: withError(ENCRYPT),
    success: 'Data was encrypted for card {CUID_decoded}',
    failure: 'Data could not be encrypted for card {CUID_decoded}[: {Error!}]',
    example: [ANSWERED, `Data was encrypted for card '${CARD}'`],
  },
]);
