import { both, family } from './families.ts';
import type { Row } from './families.ts';

const CARD = 'IP SubjectID CUID';
const APPLET = `${CARD} MSN Outcome KeyVersion oldAppletVersion newAppletVersion Info`;
const CHANGEOVER = `${CARD} MSN Outcome tokenType AppletVersion oldKeyVersion newKeyVersion Info`;
const CERTIFICATE = `${CARD} Outcome tokenType KeyVersion Serial CA_ID`;
const SANITY = `${CARD} KDD Outcome TokenKeyVersion NewKeyVersion TokenDBKeyVersion Info`;
const AUTH = `${CARD} MSN Outcome OP tokenType AppletVersion AuthMgr`;
const VALUES = { IP: '192.0.2.9', SubjectID: 'jdoe', CUID: '40900612', Outcome: 'Success' };

/** A certificate of a card: done for its holder, identified by its serial number. */
function certificate(name: string, title: string, done: string, verb: string): Row {
  return {
    name,
    title,
    operation: 'Processed',
    attributes: `${CERTIFICATE} Info`,
    success: `A certificate[ {Serial}] was ${done} card {CUID} of {actor}`,
    failure: `No certificate could be ${verb} card {CUID} of {actor}[: {Info!}]`,
    example: [
      { ...VALUES, Serial: '77' },
      `A certificate '77' was ${done} card '40900612' of 'jdoe'`,
    ],
  };
}

export const TPS = family({ group: 'Smart cards', category: 'Token' }, [
  {
    name: 'TOKEN_OP_REQUEST',
    title: 'Card operation requested',
    operation: 'Requested',
    attributes: 'IP CUID MSN Outcome OP AppletVersion',
    success: 'The operation {OP} was requested for card {CUID}',
    failure: 'The request for the operation {OP} on card {CUID} was not accepted',
    example: [
      { ...VALUES, OP: 'format' },
      "The operation 'format' was requested for card '40900612'",
    ],
  },
  {
    name: 'TOKEN_AUTH',
    title: 'Card holder authenticated',
    operation: 'Authenticated',
    attributes: AUTH,
    variants: both(AUTH),
    attempt: true,
    success: '{actor} signed in with card {CUID}[ ({method!})]',
    failure: 'Authentication of {actor} with card {CUID} failed[ ({method!})]',
    example: [{ ...VALUES, AuthMgr: 'ldap1' }, "'jdoe' signed in with card '40900612' (ldap1)"],
  },
  {
    name: 'TOKEN_FORMAT',
    title: 'Card formatted',
    operation: 'Processed',
    attributes: `${CARD} MSN Outcome tokenType AppletVersion Info KeyVersion`,
    variants: [
      `Failure: ${CARD} MSN Outcome tokenType AppletVersion Info`,
      `Success: ${CARD} MSN Outcome tokenType AppletVersion KeyVersion`,
    ],
    success: 'Card {CUID} of {actor} was formatted',
    failure: 'Card {CUID} of {actor} could not be formatted[: {Info!}]',
    example: [VALUES, "Card '40900612' of 'jdoe' was formatted"],
  },
  {
    name: 'TOKEN_PIN_RESET',
    title: 'PIN of a card reset',
    operation: 'Reset',
    attributes: `${CARD} Outcome tokenType AppletVersion Info KeyVersion`,
    variants: [
      `Failure: ${CARD} Outcome tokenType AppletVersion Info`,
      `Success: ${CARD} Outcome tokenType AppletVersion KeyVersion`,
    ],
    success: 'The PIN of card {CUID} of {actor} was reset',
    failure: 'The PIN of card {CUID} of {actor} could not be reset[: {Info!}]',
    example: [VALUES, "The PIN of card '40900612' of 'jdoe' was reset"],
  },
  {
    name: 'TOKEN_APPLET_UPGRADE',
    title: 'Applet of a card upgraded',
    operation: 'Updated',
    attributes: APPLET,
    variants: both(APPLET),
    success:
      'The applet of card {CUID} was upgraded[ from {oldAppletVersion!}][ to {newAppletVersion!}]',
    failure: 'The applet of card {CUID} could not be upgraded[: {Info!}]',
    example: [
      { ...VALUES, oldAppletVersion: '1.4', newAppletVersion: '1.5' },
      "The applet of card '40900612' was upgraded from 1.4 to 1.5",
    ],
  },
  {
    name: 'TOKEN_KEY_CHANGEOVER_REQUIRED',
    title: 'Change of card keys due',
    operation: 'Encountered',
    attributes: CHANGEOVER,
    success: 'Card {CUID} needs new keys',
    failure: 'Card {CUID} needs new keys[: {Info!}]',
    example: [VALUES, "Card '40900612' needs new keys"],
  },
  {
    name: 'TOKEN_KEY_CHANGEOVER',
    title: 'Keys of a card changed',
    operation: 'Updated',
    attributes: CHANGEOVER,
    variants: both(CHANGEOVER),
    success: 'The keys of card {CUID} were changed',
    failure: 'The keys of card {CUID} could not be changed[: {Info!}]',
    example: [VALUES, "The keys of card '40900612' were changed"],
  },
  {
    name: 'TOKEN_KEY_SANITY_CHECK',
    title: 'Keys of a card checked',
    operation: 'Verified',
    attributes: SANITY,
    variants: [`Success: ${SANITY}`, `Failure: ${SANITY}`],
    success: 'The keys of card {CUID} are as expected',
    failure: 'The keys of card {CUID} are not as expected[: {Info!}]',
    example: [VALUES, "The keys of card '40900612' are as expected"],
  },
  certificate(
    'TOKEN_CERT_ENROLLMENT',
    'Certificate for a card requested',
    'requested for',
    'requested for',
  ),
  certificate('TOKEN_CERT_RENEWAL', 'Certificate of a card renewed', 'renewed on', 'renewed on'),
  certificate(
    'TOKEN_CERT_RETRIEVAL',
    'Certificate of a card retrieved',
    'retrieved for',
    'retrieved for',
  ),
  {
    name: 'TOKEN_CERT_STATUS_CHANGE_REQUEST',
    title: 'Revocation of a card’s certificate requested',
    operation: 'Requested',
    attributes: `${CARD} Outcome tokenType CertSerialNum RequestType RevokeReasonNum CA_ID Info`,
    success: '{actor} asked to {statusChange!} certificate {CertSerialNum} of card {CUID}',
    failure:
      'The request of {actor} to {statusChange!} certificate {CertSerialNum} of card {CUID} failed[: {Info!}]',
    example: [
      { ...VALUES, CertSerialNum: '77', RequestType: 'revoke' },
      "'jdoe' asked to revoke certificate '77' of card '40900612'",
    ],
  },
  {
    name: 'TOKEN_KEY_RECOVERY',
    title: 'Key of a card recovered',
    operation: 'Recovered',
    attributes: `${CERTIFICATE} KRA_ID Info`,
    success: 'A key was recovered for card {CUID} of {actor}',
    failure: 'No key could be recovered for card {CUID} of {actor}[: {Info!}]',
    example: [VALUES, "A key was recovered for card '40900612' of 'jdoe'"],
  },
  {
    name: 'TOKEN_STATE_CHANGE',
    title: 'State of a card changed',
    operation: 'Updated',
    attributes: 'SubjectID Outcome oldState oldReason newState newReason ParamNameValPairs Info',
    success: '{actor} changed a card from {oldState} to {newState}',
    failure: '{actor} could not change a card from {oldState} to {newState}[: {Info!}]',
    example: [
      { SubjectID: 'tpsagent', Outcome: 'Success', oldState: 'ACTIVE', newState: 'SUSPENDED' },
      "'tpsagent' changed a card from 'ACTIVE' to 'SUSPENDED'",
    ],
  },
]);
