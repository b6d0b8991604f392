/**
 * Every refusal the server can answer with: code → status and title. The code is stable and documented;
 * the sentence of one case is in the problem's `detail`.
 */
export const PROBLEMS = {
  request_invalid: { status: 422, title: 'The request has faulty fields' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  parameter_invalid: { status: 400, title: 'A parameter is faulty' },
  query_syntax: { status: 400, title: 'The query cannot be read' },
  cursor_invalid: { status: 400, title: 'The cursor is not one of ours' },
  host_not_allowed: { status: 421, title: 'The server does not answer for this host name' },
  not_signed_in: { status: 401, title: 'Sign in first' },
  session_expired: { status: 401, title: 'The session has ended' },
  credentials_invalid: { status: 401, title: 'Wrong user name or password' },
  certificate_unknown: { status: 401, title: 'The client certificate is not known' },
  certificate_refused: { status: 422, title: 'The certificate cannot be used' },
  authority_disabled: { status: 409, title: 'The certificate authority issues nothing' },
  authority_in_use: { status: 409, title: 'The certificate authority has issued certificates' },
  token_unavailable: { status: 409, title: 'The PKCS#11 token cannot be used' },
  certificate_invalid: { status: 422, title: 'The certificate cannot be read' },
  csr_invalid: { status: 422, title: 'The certificate request cannot be used' },
  key_invalid: { status: 422, title: 'The private key cannot be used' },
  file_password_wrong: { status: 422, title: 'The password does not open the file' },
  subject_invalid: { status: 422, title: 'The subject of a certificate is faulty' },
  secret_invalid: { status: 401, title: 'Unknown application key or wrong secret' },
  sign_in_failed: { status: 401, title: 'The identity provider did not sign you in' },
  provider_unavailable: { status: 503, title: 'The identity provider cannot be reached' },
  token_invalid: { status: 401, title: 'The bearer token is not valid' },
  account_locked: { status: 403, title: 'The account is locked for a while' },
  access_denied: { status: 403, title: 'Access denied' },
  cross_site_request: { status: 403, title: 'Requests from other sites are refused' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  not_acceptable: { status: 406, title: 'The answer has no such form' },
  last_administrator: { status: 409, title: 'Nobody could administer the server any more' },
  last_auditor: { status: 409, title: 'Nobody could read the log any more' },
  own_role: { status: 409, title: 'Nobody changes what he himself may do' },
  built_in: { status: 409, title: 'It belongs to the product and cannot be changed' },
  reserved_right: { status: 409, title: 'The right is kept for auditors' },
  own_request: { status: 409, title: 'Another person has to decide' },
  erasure_decided: { status: 409, title: 'The request is decided already' },
  record_kept: { status: 409, title: 'The content is never erased' },
  event_mandatory: { status: 409, title: 'The event is always recorded' },
  review_signed: { status: 409, title: 'The review is signed off' },
  template_disabled: { status: 409, title: 'The template is not in use' },
  in_use: { status: 409, title: 'Something else still needs it' },
  pattern_too_slow: { status: 422, title: 'The pattern takes too long' },
  request_decided: { status: 409, title: 'The certificate request is decided already' },
  already_revoked: { status: 409, title: 'The certificate is revoked already' },
  not_held: { status: 409, title: 'The certificate is not on hold' },
  not_issued_here: { status: 409, title: 'Another authority has issued the certificate' },
  key_unavailable: { status: 409, title: 'The private key is not kept here' },
  renewal_unavailable: { status: 409, title: 'The certificate cannot be renewed this way' },
  acl_syntax: { status: 422, title: 'The access rule cannot be read' },
  filter_syntax: { status: 422, title: 'The filter cannot be read' },
  store_path_refused: { status: 422, title: 'There can be no store at this path' },
  store_malformed: { status: 422, title: 'The store cannot be read' },
  store_not_approved: { status: 409, title: 'The store is not approved' },
  store_unreachable: { status: 503, title: 'The machine of the store cannot be reached' },
  store_sign_in_refused: { status: 503, title: 'The machine of the store did not let us in' },
  store_write_failed: { status: 503, title: 'The store cannot be written' },
  host_key_refused: { status: 409, title: 'The machine has another key than the confirmed one' },
  entry_exists: { status: 409, title: 'The store has another certificate there' },
  job_running: { status: 409, title: 'The job is running' },
  job_ended: { status: 409, title: 'The job has ended' },
  key_not_kept: { status: 409, title: 'The private key is not kept here' },
  role_conflict: { status: 409, title: 'These roles exclude each other' },
  no_mail_address: { status: 409, title: 'There is no address to send it to' },
  mail_failed: { status: 503, title: 'The mail server did not take the message' },
  already_exists: { status: 409, title: 'There is one of that name already' },
  sequence_gap: { status: 409, title: 'Records are missing before these' },
  sequence_conflict: { status: 409, title: 'The number belongs to another record' },
  content_erased: { status: 410, title: 'The content was erased' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has the wrong type' },
  record_invalid: { status: 422, title: 'A record is faulty' },
  record_too_large: { status: 413, title: 'A record is too large' },
  record_contains_secret: { status: 422, title: 'A record contains a secret' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong here' },
  log_unavailable: { status: 503, title: 'The log cannot take records' },
  state_unavailable: { status: 503, title: 'The state database cannot be used' },
  index_unavailable: { status: 503, title: 'The search index cannot be used' },
  shutting_down: { status: 503, title: 'The server is stopping' },
  portal_not_built: { status: 503, title: 'The portal is not built' },
} as const;

export type ServerErrorCode = keyof typeof PROBLEMS;

/** One faulty field: where, what was expected, what came. */
export interface FieldFault {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
}

/** Further members of the problem body. */
export type ProblemMembers = Readonly<Record<string, unknown>>;

/** A refusal with its stable code; rendered as problem+json in one place. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ServerErrorCode;
  readonly members: ProblemMembers;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: ServerErrorCode,
    message: string,
    options: { members?: ProblemMembers; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.members = options.members ?? {};
    this.headers = options.headers ?? {};
  }
}

/** A refusal because of one parameter. */
export function faultyParameter(field: string, expected: string, got: string): ServerError {
  return new ServerError('parameter_invalid', `${field}: expected ${expected}, got "${got}"`, {
    members: { errors: [{ field, expected, got }] },
  });
}

/** A refusal because of one field of the body, found after its shape was right. */
export function faultyField(field: string, expected: string, got: string): ServerError {
  return new ServerError('request_invalid', `${field}: expected ${expected}, got ${got}`, {
    members: { in: 'body', errors: [{ field, expected, got }] },
  });
}
