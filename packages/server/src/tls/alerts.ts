/** Why a client's certificate is refused: OpenSSL's word → Dogtag's (JSS's) name of the alert for it, RFC 8446 section 6.2. */
const CERTIFICATE_ALERTS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'CERTIFICATE_EXPIRED',
  CERT_NOT_YET_VALID: 'BAD_CERTIFICATE',
  CERT_REVOKED: 'CERTIFICATE_REVOKED',
  CERT_SIGNATURE_FAILURE: 'BAD_CERTIFICATE',
  CERT_UNTRUSTED: 'UNKNOWN_CA',
  CERT_CHAIN_TOO_LONG: 'UNKNOWN_CA',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'UNKNOWN_CA',
  SELF_SIGNED_CERT_IN_CHAIN: 'UNKNOWN_CA',
  UNABLE_TO_GET_ISSUER_CERT: 'UNKNOWN_CA',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'UNKNOWN_CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'UNKNOWN_CA',
  INVALID_CA: 'UNKNOWN_CA',
  UNREADABLE: 'BAD_CERTIFICATE',
  INVALID_PURPOSE: 'UNSUPPORTED_CERTIFICATE',
};

/** Alerts that OpenSSL has sent when a handshake ends with this reason. */
const SENT: Readonly<Record<string, string>> = {
  'unsupported protocol': 'PROTOCOL_VERSION',
  'version too low': 'PROTOCOL_VERSION',
  'no shared cipher': 'HANDSHAKE_FAILURE',
  'no suitable key share': 'HANDSHAKE_FAILURE',
  'no suitable signature algorithm': 'HANDSHAKE_FAILURE',
  'no shared signature algorithms': 'HANDSHAKE_FAILURE',
  'bad signature': 'DECRYPT_ERROR',
  'digest check failed': 'DECRYPT_ERROR',
  'no application protocol': 'NO_APPLICATION_PROTOCOL',
  'decryption failed or bad record mac': 'BAD_RECORD_MAC',
  'unexpected message': 'UNEXPECTED_MESSAGE',
  'length mismatch': 'DECODE_ERROR',
  'bad certificate': 'BAD_CERTIFICATE',
};

/** The alert that fits a certificate that was refused for OpenSSL's reason. */
export function certificateAlert(reason: string): string {
  return CERTIFICATE_ALERTS[reason] ?? 'CERTIFICATE_UNKNOWN';
}

/**
 * How an error of a TLS connection is told in a record's Info: the alert that came from the client, the alert that was
 * sent to it, or, where neither side sent one, what happened.
 */
export function describeTlsError(error: Error): string {
  const { code, reason } = wordsOf(error);
  const received = receivedAlert(reason);
  if (received !== null) return `clientAlertReceived: ${received}`;
  const sent = SENT[reason];
  if (sent !== undefined) return `serverAlertSent: ${sent}`;
  if (reason === 'http request') return 'connection closed: plain HTTP on the TLS port';
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'connection closed: handshake timeout';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'connection reset';
  const what = reason === '' ? code : reason;
  return `connection closed: ${what === '' ? 'TLS error' : what}`;
}

/** What happened to a connection, by the system's name for it. */
const CONNECTION_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'timeout',
  timed_out: 'timeout',
};

/**
 * How an error of a connection that the server has opened itself is told in a record's Info. As Dogtag tells it: alerts
 * are `clientAlert…`, for it is the client that has received or sent them; anything else is `connect:` until the
 * handshake is done and `send:` afterwards.
 */
export function describeOutgoingError(error: Error, doing: 'connect' | 'send'): string {
  const { code, reason } = wordsOf(error);
  const received = receivedAlert(reason);
  if (received !== null) return `clientAlertReceived: ${received}`;
  const sent = SENT[reason];
  if (sent !== undefined) return `clientAlertSent: ${sent}`;
  const what = CONNECTION_FAULTS[code] ?? (reason === '' ? code : reason);
  return `${doing}:${what === '' ? 'TLS error' : what}`;
}

/** OpenSSL: "tlsv1 alert unknown ca", "ssl/tls alert bad certificate", "tlsv13 alert certificate required" */
function receivedAlert(reason: string): string | null {
  const received = /^(?:tlsv1|tlsv13|ssl\/tls|sslv3) alert (.+)$/.exec(reason)?.[1];
  return received === undefined ? null : received.toUpperCase().replaceAll(' ', '_');
}

function wordsOf(error: Error): { code: string; reason: string } {
  return {
    code: 'code' in error ? String(error.code) : '',
    reason: 'reason' in error ? String(error.reason) : '',
  };
}
