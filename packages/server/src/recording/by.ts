import type { Content } from '@countersign/records';
import type { Caller } from '../authorization/admitted.ts';
import { VERSION } from '../version.ts';
import { describeRequest, ownSource, sessionActor, SYSTEM_ACTOR } from './facts.ts';

/** Who does something: somebody who asks; the first start; the clock. */
export type By = Caller | 'start' | 'timer';

/** The parts of a content that say who did it, and on what way it came. */
export function contentBy(
  by: By,
  component: string,
): Pick<Content, 'actor' | 'source' | 'origin' | 'request'> {
  const source = ownSource(component, VERSION);
  switch (by) {
    case 'start':
      return { actor: SYSTEM_ACTOR, source, origin: { interface: 'console' } };
    case 'timer':
      return { actor: SYSTEM_ACTOR, source, origin: { interface: 'timer' } };
    default:
      return { actor: sessionActor(by.session), source, ...describeRequest(by.facts) };
  }
}

/** Dogtag's SubjectID. */
export function subjectIdOf(by: By): string {
  if (typeof by === 'string') return SYSTEM_ACTOR.id;
  return by.facts.subjectId ?? by.session.user.username;
}

/** The user name as rows keep it; `$System$` for the product. */
export function usernameOf(by: By): string {
  return typeof by === 'string' ? SYSTEM_ACTOR.id : by.session.user.username;
}
