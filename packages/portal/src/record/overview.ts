import type { Content, Envelope, ObjectRef } from '@countersign/records';

/** One line of the overview. `field` is the query field that finds records with the same value. */
export interface OverviewRow {
  readonly label: string;
  readonly value: string;
  readonly kind: 'text' | 'code' | 'hash' | 'time' | 'level';
  readonly field?: string;
}

export interface OverviewSection {
  readonly title: string;
  readonly rows: readonly OverviewRow[];
}

type Maybe = string | number | undefined | null;

function row(
  label: string,
  value: Maybe,
  kind: OverviewRow['kind'] = 'text',
  field?: string,
): OverviewRow[] {
  if (value === undefined || value === null || value === '') return [];
  return [{ label, value: String(value), kind, ...(field === undefined ? {} : { field }) }];
}

function section(title: string, ...rows: OverviewRow[][]): OverviewSection[] {
  const flat = rows.flat();
  return flat.length === 0 ? [] : [{ title, rows: flat }];
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A list of objects, each labelled by how it is related, else by what it is. */
function objects(refs: readonly ObjectRef[] | undefined): OverviewRow[][] {
  return (refs ?? []).map(({ type, id, name, relation }) => {
    const what = relation === undefined || relation === type ? '' : `${type} `;
    const which = name === undefined || name === id ? id : `${name} (${id})`;
    return row(capitalized(relation ?? type), what + which, 'code');
  });
}

function rolesText(roles: readonly string[] | undefined): string | undefined {
  if (roles === undefined) return undefined;
  return roles.length === 0 ? 'none' : roles.join(', ');
}

/** The fields of an authorization failure in the words auditors know from other products. */
function denialRows(envelope: Envelope, content: Content): OverviewRow[][] {
  if (envelope.category !== 'AuthorizationFailure' || content.request === undefined) return [];
  return [row("User's roles", rolesText(content.authorization?.roles ?? content.actor.roles))];
}

/** All fields of a record, in the order an auditor asks for them: what, who, to what, whence, and where it stands. */
export function overviewOf(
  index: number,
  envelope: Envelope,
  content: Content | null,
): OverviewSection[] {
  const what = section(
    'What',
    row('Time', envelope.time, 'time'),
    row('Level', envelope.level, 'level', 'Level'),
    row('Category', envelope.category, 'text', 'Category'),
    row('Operation', envelope.operation, 'text', 'Operation'),
    row('Outcome', envelope.outcome, 'text', 'Outcome'),
    row('Event', envelope.event, 'code', 'Event'),
    row('Reason', content?.reason),
  );
  const place = section(
    'In the log',
    row('Index', index, 'code', 'Index'),
    row('Producer', envelope.producer, 'code', 'Producer'),
    row('Number at the producer', envelope.seq, 'code'),
    row('Record id', envelope.id, 'code'),
    row('Retention', envelope.retention),
    row('Digest of content', envelope.digest, 'hash'),
  );
  if (content === null) return [...what, ...place];
  const { actor, origin, source, target, request, authorization, original } = content;
  return [
    ...what,
    ...section(
      'Who',
      row('Name', actor.name),
      row('Id', actor.id, 'code', 'ActingUser'),
      row('Kind', actor.kind),
      row('Roles', rolesText(actor.roles)),
      row('Authenticated by', actor.authentication?.method),
      row('Credential', actor.authentication?.credential, 'code', 'Credential'),
      row('Session', actor.session, 'code', 'Session'),
    ),
    ...section(
      'To what',
      row('Type', target?.type, 'text', 'TargetType'),
      row('Name', target?.name, 'text', 'Name'),
      row('Id', target?.id, 'code', 'ImmutableIdentifier'),
      ...objects(content.related),
    ),
    ...section(
      'Request',
      row('Request route', request?.route, 'code', 'Route'),
      row('Request type', request?.type, 'text', 'RequestType'),
      row('HTTP verb', request?.verb, 'code', 'Verb'),
      ...denialRows(envelope, content),
      row('Request id', request?.id, 'code', 'RequestId'),
      row('Correlation', content.correlation, 'code', 'Correlation'),
    ),
    ...section(
      'Authorization',
      row('Resource', authorization?.resource, 'code', 'Resource'),
      row('Operation', authorization?.operation, 'code', 'Op'),
      row('Roles held', rolesText(authorization?.roles)),
    ),
    ...section(
      'Attributes',
      ...(content.attributes ?? []).map(([name, value]) => row(name, value ?? '(null)', 'code')),
    ),
    ...section(
      'Where from',
      row('Address', origin?.address, 'code', 'Address'),
      row('Interface', origin?.interface, 'text', 'Interface'),
      row('Program', origin?.userAgent),
      row('System', source.system, 'text', 'System'),
      row('Host', source.host, 'code', 'Host'),
      row('Component', source.component, 'text', 'Component'),
      row('Version', source.version),
    ),
    ...section(
      'Imported from',
      row('File', original?.file, 'code', 'File'),
      row('Line', original?.line, 'code'),
      row('Signature of its span', original?.signature, 'text', 'Signature'),
      row('Signed by', original?.signer),
      row('Event in the file', original?.event, 'code'),
      row('Thread', original?.thread, 'code'),
      row('Ambiguous', original?.ambiguous),
      row('Redacted', original?.redacted?.join(', ')),
    ),
    ...place,
  ];
}
