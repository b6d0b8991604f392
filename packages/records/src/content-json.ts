/**
 * Canonical JSON of a content (RFC 8785), by its known shape. Every object is laid out anew with its
 * fields in JCS order and written by JSON.stringify, which is the whole of JCS but for that order and
 * for lone surrogates. Sorting keys, as must be done for a value of any shape, takes nearly as long as
 * writing them.
 *
 * A content of another shape, or with models of its owner's shape in it, goes the general way.
 */
import { canonicalize } from '@countersign/tlog';
import type { JsonValue } from '@countersign/tlog';
import type { Content, ObjectRef } from './record.ts';

/** The same text as `canonicalize(content)`, sooner; throws what that throws. */
export function formatContent(content: Content): string {
  if (content.before === undefined && content.after === undefined) {
    const ordered = inOrder(content);
    if (keepsAll(content as unknown as Members, ordered) && hasWholeLists(content)) {
      const text = JSON.stringify(ordered);
      // Only the escapes of lone surrogates begin so, and a backslash before "ud".
      if (!text.includes('\\ud')) return text;
    }
  }
  return canonicalize(content as unknown as JsonValue);
}

/** Whether nothing was left out: no unknown field, and none that is there but undefined. */
function keepsAll(original: Members, ordered: Members): boolean {
  let left = 0;
  for (const _ in original) left += 1;
  for (const key in ordered) {
    const member = ordered[key];
    if (member === undefined) continue;
    left -= 1;
    if (typeof member !== 'object' || member === original[key]) continue;
    if (!keepsAll(original[key] as Members, member as Members)) return false;
  }
  return left === 0;
}

type Members = { readonly [key: string]: unknown };

/** What the types promise of the members of lists, and JSON.stringify would not insist on. */
function hasWholeLists({ actor, attributes, authorization, original }: Content): boolean {
  return (
    (attributes === undefined || areAttributes(attributes)) &&
    (actor.roles === undefined || areStrings(actor.roles)) &&
    (authorization === undefined || areStrings(authorization.roles)) &&
    (original?.redacted === undefined || areStrings(original.redacted))
  );
}

function areAttributes(attributes: readonly (readonly unknown[])[]): boolean {
  for (let i = 0; i < attributes.length; i += 1) {
    const attribute = attributes[i]!;
    const value = attribute[1];
    if (attribute.length !== 2 || typeof attribute[0] !== 'string') return false;
    if (typeof value !== 'string' && value !== null) return false;
  }
  return true;
}

function areStrings(values: readonly unknown[]): boolean {
  for (let i = 0; i < values.length; i += 1) if (typeof values[i] !== 'string') return false;
  return true;
}

function inOrder(content: Content): Members {
  const { actor, attributes, authorization, correlation, origin, original } = content;
  const { reason, related, request, source, target } = content;
  const { authentication } = actor;
  return {
    actor: {
      authentication: authentication && {
        credential: authentication.credential,
        method: authentication.method,
      },
      id: actor.id,
      kind: actor.kind,
      name: actor.name,
      roles: actor.roles,
      session: actor.session,
    },
    attributes,
    authorization: authorization && {
      operation: authorization.operation,
      resource: authorization.resource,
      roles: authorization.roles,
    },
    correlation,
    origin: origin && {
      address: origin.address,
      interface: origin.interface,
      userAgent: origin.userAgent,
    },
    original: original && {
      ambiguous: original.ambiguous,
      event: original.event,
      file: original.file,
      format: original.format,
      line: original.line,
      redacted: original.redacted,
      signature: original.signature,
      signer: original.signer,
      text: original.text,
      thread: original.thread,
    },
    reason,
    related: related?.map(refInOrder),
    request: request && {
      id: request.id,
      route: request.route,
      type: request.type,
      verb: request.verb,
    },
    source: {
      component: source.component,
      host: source.host,
      system: source.system,
      version: source.version,
    },
    target: target && refInOrder(target),
  };
}

function refInOrder({ id, name, relation, type }: ObjectRef): Members {
  return { id, name, relation, type };
}
