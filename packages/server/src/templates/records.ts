import type { OperationName } from '@countersign/records';
import type { Caller } from '../authorization/admitted.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { securityChange, type Attempt } from '../security/records.ts';

/** What is done to a template. */
export interface TemplateAttempt {
  readonly operation: Extract<OperationName, 'Created' | 'Updated' | 'Deleted' | 'Imported'>;
  readonly name: string;
}

/** What records call the policy that holds for all templates. */
export const GLOBAL_NAME = 'Global Template Settings';

/** CONFIG_CERT_PROFILE: a template was changed, by somebody or at the first start. */
export function templateChange(
  { operation, name }: TemplateAttempt,
  by: Caller | null,
  outcome: 'Success' | 'Failure',
  models: Parameters<typeof securityChange>[3],
): OwnDraft {
  const attempt: Attempt = {
    event: 'CONFIG_CERT_PROFILE',
    category: 'Template',
    scope: name === GLOBAL_NAME ? 'general' : 'rules',
    operation,
    target: { type: 'template', id: name, name },
  };
  return securityChange(attempt, by, outcome, models);
}
