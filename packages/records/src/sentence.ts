import { byOutcome, eventDefinition } from './catalogue/index.ts';
import type { Actor, Content, Envelope } from './record.ts';
import { changeOf, revokeReason, statusChange } from './phrases.ts';
import { fillTemplate, legible, parseTemplate } from './template.ts';
import type { Lookup, Phrase, Template } from './template.ts';

/**
 * The sentence shown to people for a record: the event's own, or, where the catalogue has none,
 * Keyfactor's form `The user 'U' Created Certificate, 'N'`. It is built, never stored. `content` is
 * null when it has been erased.
 */
export function sentence(envelope: Envelope, content: Content | null): string {
  const definition = eventDefinition(envelope.event);
  if (content === null) {
    const what = definition?.title ?? `${envelope.operation} ${splitAtCapitals(envelope.category)}`;
    return `${what}; what exactly has been erased`;
  }
  if (definition === undefined) return plainSentence(envelope, content);
  const template = compiled(byOutcome(definition.sentence, envelope.outcome));
  return capitalize(fillTemplate(template, lookupIn(content)));
}

const templates = new Map<string, Template>();

function compiled(source: string): Template {
  let template = templates.get(source);
  if (template === undefined) {
    template = parseTemplate(source);
    templates.set(source, template);
  }
  return template;
}

/** Keyfactor's sentence; a failure is said to be one, which Keyfactor has no need of. */
function plainSentence(envelope: Envelope, { actor, target }: Content): string {
  const who = actorPhrase(actor);
  const subject = typeof who === 'string' ? `The user '${legible(who)}'` : capitalize(who.phrase);
  const name = target?.name ?? target?.id;
  const object = name === undefined ? '' : `, '${legible(name)}'`;
  const failed = envelope.outcome === 'Failure' ? ' (failed)' : '';
  const category = splitAtCapitals(envelope.category);
  return `${subject} ${envelope.operation} ${category}${object}${failed}`;
}

/** `CertificateQuery` as `Certificate Query`; a run of capitals stays together. */
export function splitAtCapitals(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, (_, a, b, c) =>
    c === undefined ? `${a as string} ${b as string}` : `${c as string} `,
  );
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How Dogtag and others write that a value is not there. */
const MISSING = new Set(['', '<null>', 'null', '--', 'N/A', '$Unidentified$', '$NonRoleUser$']);

function present(value: string | null | undefined): string | undefined {
  return value === null || value === undefined || MISSING.has(value) ? undefined : value;
}

function actorPhrase({ id, kind }: Actor): string | Phrase {
  if (kind === 'system' || id === '$System$' || id === 'SYSTEM') return { phrase: 'the system' };
  if (id === '$NonRoleUser$') return { phrase: 'an anonymous user' };
  return present(id) ?? { phrase: 'somebody unidentified' };
}

/** Names of a template: those of the record's own parts in lower case, else of an attribute. */
function lookupIn(content: Content): Lookup {
  const attribute = (name: string): string | undefined =>
    present(content.attributes?.find((a) => a[0] === name)?.[1]);
  return (name) => {
    switch (name) {
      case 'actor':
        return actorPhrase(content.actor);
      case 'target':
        return present(content.target?.name) ?? present(content.target?.id);
      case 'reason':
        return present(content.reason);
      case 'address':
        return present(content.origin?.address);
      case 'resource':
        return present(content.authorization?.resource) ?? attribute('aclResource');
      case 'operation':
        return present(content.authorization?.operation) ?? attribute('Op');
      case 'roles':
        return present((content.authorization?.roles ?? content.actor.roles)?.join(', '));
      case 'method':
        return attribute('AuthMgr') ?? present(content.actor.authentication?.method);
      case 'route':
        return content.request?.route;
      case 'requestType':
        return content.request?.type;
      case 'verb':
        return content.request?.verb;
      case 'change':
        return changeOf(attribute('ParamNameValPairs'));
      case 'statusChange':
        return statusChange(attribute('RequestType')).infinitive;
      case 'statusChanged':
        return statusChange(attribute('RequestType')).past;
      case 'revokeReason':
        return revokeReason(attribute('RevokeReasonNum'));
      case 'approve':
        return attribute('Op') === 'disapprove' ? 'withdraw' : 'approve';
      case 'approved':
        return attribute('Op') === 'disapprove' ? 'withdrew' : 'approved';
      default:
        return attribute(name);
    }
  };
}
