import { SYSTEM_ACTOR } from './facts.ts';
import type { OwnDraft } from './draft.ts';

/** A record for tests that are about recording, not about what is recorded; `what` stands in it as the actor. */
export function noteOf(what: string): OwnDraft {
  return {
    event: 'ROLE_ASSUME',
    outcome: 'Success',
    content: { actor: { ...SYSTEM_ACTOR, id: what }, source: { system: 'test' } },
  };
}
