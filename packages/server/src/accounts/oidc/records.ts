import type { OwnDraft } from '../../recording/draft.ts';
import { authFailed } from '../../recording/events.ts';
import {
  describeRequest,
  foreign,
  ownSource,
  SYSTEM_ACTOR,
  type RequestFacts,
} from '../../recording/facts.ts';
import { identityModel, type Identity } from '../../security/identity-view.ts';
import { configured, IDENTITY, identityRef } from '../../security/records.ts';
import { VERSION } from '../../version.ts';

const source = ownSource('server', VERSION);

/** That an identity provider has vouched for somebody; ours, in Dogtag's style. */
export const OIDC_AUTHENTICATOR = 'oidcAuthMgr';
/** What a record says where the provider has not said who it is. */
export const NOBODY_CLAIMED = '--';

/** AUTH Failure: the provider did not vouch for anybody, or for somebody who may not come in. */
export function oidcFailed(
  reason: string,
  facts: RequestFacts,
  subject: string = NOBODY_CLAIMED,
): OwnDraft {
  return authFailed(subject, foreign(reason), facts, OIDC_AUTHENTICATOR);
}

/** CONFIG_ROLE, Security Identity, Created: the account of somebody who has come for the first time. */
export function identityCreated(
  identity: Identity,
  subject: string,
  facts: RequestFacts,
): OwnDraft {
  const target = identityRef(identity);
  const operation = 'Created';
  return {
    event: IDENTITY.event,
    outcome: 'Success',
    category: IDENTITY.category,
    operation,
    content: {
      actor: SYSTEM_ACTOR,
      source,
      ...describeRequest(facts),
      target,
      after: identityModel(identity),
      reason: foreign(`first sign-in by ${identity.provider ?? 'nobody'}, as ${subject}`),
      attributes: configured({ ...IDENTITY, operation, target }, SYSTEM_ACTOR.id, 'Success'),
    },
  };
}
