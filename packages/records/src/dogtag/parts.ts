/** Picks out of a line's fields what a record holds in places of its own: who, from where, on what. */
import type { Actor, AuthorizationInfo, ObjectRef, Origin, RequestInfo } from '../record.ts';
import { MAX_NAME_CHARS, MAX_ROLES, MAX_TEXT_CHARS } from '../limits.ts';
import type { ReadLine } from './line.ts';

/** The fields of a line by name; of a repeated one the first. */
export type FieldsOf = (name: string) => string | undefined;

const ABSENT = new Set(['', '<null>', 'null', '--', 'N/A']);

/** Returns a look-up of values that say something; `<null>`, `--` and the like are absent. */
export function presentFields(line: ReadLine): FieldsOf {
  const values = new Map<string, string>();
  for (const [name, value] of line.fields) {
    if (!values.has(name) && !ABSENT.has(value)) values.set(name, value);
  }
  return (name) => values.get(name);
}

/** Who did it. `$System$` is the server; of `$Unidentified$` the id is what was claimed. */
export function actorOf(line: ReadLine, field: FieldsOf): Actor {
  const subject = field('SubjectID') ?? field('AttemptedID');
  const roles = rolesOf(line, field);
  const authentication = authenticationOf(line, field);
  const more = {
    ...(roles === undefined ? {} : { roles }),
    ...(authentication === undefined ? {} : { authentication }),
  };
  if (subject === '$System$' || subject === 'SYSTEM' || isOldSystem(line, subject)) {
    return { id: subject!, kind: 'system', ...more };
  }
  if (subject === undefined || subject === '$Unidentified$' || subject === '$NonRoleUser$') {
    const agent = subject === undefined ? field('AgentID') : undefined;
    if (agent !== undefined) return { id: text(agent), kind: 'service', ...more };
    const claimed = subject === '$NonRoleUser$' ? subject : field('AttemptedCred');
    return { id: text(claimed ?? subject ?? '$Unidentified$'), kind: 'unknown', ...more };
  }
  // A certificate nobody is registered for: its subject is a claim that failed.
  const failedLogin = line.event.endsWith('AUTH') && line.outcome === 'Failure';
  return { id: text(subject), kind: failedLogin ? 'unknown' : 'user', ...more };
}

/** Where it came from; not known when this server is the client. */
export function originOf(field: FieldsOf): Origin | undefined {
  const address = field('ClientIP') ?? field('IP') ?? field('ClientHost');
  return address === undefined ? undefined : { address: name(address) };
}

/** What was asked for when a right was decided on. The roles held are in no line of this event. */
export function authorizationOf(line: ReadLine, field: FieldsOf): AuthorizationInfo | undefined {
  if (line.event !== 'AUTHZ') return undefined;
  const resource = field('aclResource');
  const operation = field('Op');
  if (resource === undefined || operation === undefined) return undefined;
  return { resource: text(resource), operation: text(operation), roles: [] };
}

/** `Info=GET:files`: the verb and the path of a call to the server's REST interface. */
export function requestOf(line: ReadLine, field: FieldsOf): RequestInfo | undefined {
  if (line.event !== 'AUTHZ') return undefined;
  const call = /(?:^|[ :])(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS):(\S{1,2048})$/.exec(
    (field('Info') ?? '').slice(-2100),
  );
  if (call === null) return undefined;
  return { route: call[2]!, type: 'API Endpoint', verb: call[1]! };
}

/** Why it failed, in the server's words. */
export function reasonOf(line: ReadLine, field: FieldsOf): string | undefined {
  const reason = field('FailureReason') ?? field('Error');
  if (reason !== undefined && reason !== 'None') return text(reason);
  if (line.outcome === 'Success') return undefined;
  const info = field('Info') ?? field('info') ?? field('InfoValue');
  return info === undefined ? undefined : text(info);
}

/** Fields that name the thing acted on, the most telling first, and the type of that thing. */
const TARGETS: readonly (readonly [field: string, type: string])[] = [
  ['aclResource', 'resource'],
  ['CertSerialNum', 'certificate'],
  ['Serial', 'certificate'],
  ['KeyID', 'key'],
  ['DataID', 'key'],
  ['TokenID', 'token'],
  ['CUID', 'token'],
  ['CUID_decoded', 'token'],
  ['CUID_encoded', 'token'],
  ['ReqID', 'request'],
  ['RecoveryID', 'recovery request'],
  ['ArchivalRequestID', 'archival request'],
  ['GenerationRequestID', 'generation request'],
  ['RequestID', 'request'],
  ['RequestId', 'request'],
  ['ProfileID', 'profile'],
  ['AuthorityID', 'authority'],
  ['CA', 'authority'],
  ['CASubjectDN', 'authority'],
  ['Authenticator', 'authenticator'],
  ['Connector', 'connector'],
  ['MappingResolverID', 'mapping resolver'],
  ['CRLnum', 'CRL'],
  ['toLogFile', 'log file'],
  ['LogFile', 'log file'],
  ['SKI', 'key'],
  ['CertNickName', 'certificate'],
  ['CertSubject', 'certificate subject'],
  ['ServerHost', 'host'],
];

/** What it was done to, and what else it touches. */
export function objectsOf(
  line: ReadLine,
  field: FieldsOf,
): { target?: ObjectRef; related?: ObjectRef[] } {
  const found: ObjectRef[] = [];
  for (const [fieldName, type] of TARGETS) {
    const id = field(fieldName);
    // In a session the certificate is the client's: a way to sign in, not a thing acted on.
    if (id === undefined || (type === 'certificate' && line.event.includes('SESSION'))) continue;
    if (!found.some((ref) => ref.type === type)) found.push({ type, id: text(id) });
  }
  const parameter = parameterTarget(field);
  if (parameter !== undefined) found.push(parameter);
  const [target, ...related] = found;
  if (target === undefined) return {};
  return related.length === 0 ? { target } : { target, related };
}

/** `Scope;;rules+Operation;;OP_MODIFY+Resource;;caUserCert`: what a configuration change is of. */
function parameterTarget(field: FieldsOf): ObjectRef | undefined {
  const pairs = splitParameters(field('ParamNameValPairs') ?? '');
  const value = (wanted: string): string | undefined =>
    pairs.find(([key, v]) => key === wanted && !ABSENT.has(v))?.[1];
  const id = value('Resource');
  const scope = value('Scope');
  if (id === undefined && scope === undefined) return undefined;
  return { type: name(scope ?? 'configuration'), id: text(id ?? scope!) };
}

/** Splits `name;;value+name;;value`. Nothing is escaped in it: a `+` parts only before a name. */
export function splitParameters(parameters: string): [name: string, value: string][] {
  if (parameters.length > MAX_TEXT_CHARS) return [];
  return parameters
    .split(/\+(?=[^+;]+;;)/)
    .map((pair): [string, string] => {
      const at = pair.indexOf(';;');
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 2)];
    })
    .filter(([key]) => key !== '');
}

function rolesOf(line: ReadLine, field: FieldsOf): string[] | undefined {
  const role = field('Role');
  if (line.event !== 'ROLE_ASSUME' || role === undefined) return undefined;
  return role
    .split(',')
    .map((r) => name(r.trim()))
    .filter(Boolean)
    .slice(0, MAX_ROLES);
}

function authenticationOf(line: ReadLine, field: FieldsOf): Actor['authentication'] {
  const method = field('AuthMgr');
  if (method !== undefined) return { method: name(method) };
  if (!line.event.startsWith('ACCESS_SESSION')) return undefined;
  const serial = field('CertSerialNum');
  if (serial === undefined) return undefined;
  const issuer = field('IssuerDN');
  const credential = `certificate ${serial}${issuer === undefined ? '' : ` of ${issuer}`}`;
  return { method: 'TLS client certificate', credential: name(credential) };
}

function isOldSystem(line: ReadLine, subject: string | undefined): boolean {
  return line.era === 'tps-cpp' && subject === 'System';
}

/** An identity or a text, as long as a record lets it be. */
export function text(value: string): string {
  return shorten(value, MAX_TEXT_CHARS);
}

/** A name, as long as a record lets it be. */
export function name(value: string): string {
  return shorten(value, MAX_NAME_CHARS);
}

/** Shortens a text and says so. */
export function shorten(value: string, limit: number): string {
  const whole = value.toWellFormed();
  if (whole.length <= limit) return whole;
  return `${whole
    .slice(0, limit - 1)
    .toWellFormed()
    .slice(0, limit - 1)}…`;
}
