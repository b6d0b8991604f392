import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { AccessRule } from '../../api/security.ts';
import { FormDialog } from '../../components/FormDialog.tsx';
import { LineDiff } from '../../components/LineDiff.tsx';
import css from '../security.module.css';
import { linesOfRule } from './rule-text.ts';

interface Props {
  readonly rule: AccessRule;
  readonly onClose: () => void;
}

interface SaveProps extends Props {
  /** As it was typed. */
  readonly line: string;
  /** As the server reads it. */
  readonly after: string;
}

/** What saving would change, part by part, and the button that does it. */
export function SaveDialog({ rule, line, after, onClose }: SaveProps) {
  const save = useChange(
    () =>
      requestJson<AccessRule>(apiUrl(`security/access-rules/${pathTo(rule.resource)}`), {
        method: 'PUT',
        body: { line },
      }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title="Save this change?"
      submit="Save the rule"
      size="lg"
      busy={save.isPending}
      fault={faultsOf(save.error, []).general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <p className={css.mono}>{rule.resource}</p>
      <LineDiff label="What changes" before={linesOfRule(rule.line)} after={linesOfRule(after)} />
      <p className={css.fine}>
        It takes effect at once, also in sessions that are open. The rule before and after is
        recorded.
      </p>
    </FormDialog>
  );
}

/** Gives a rule back the form it has in the product. */
export function ResetDialog({ rule, onClose }: Props) {
  const reset = useChange(
    () =>
      requestJson<AccessRule>(apiUrl(`security/access-rules/${pathTo(rule.resource)}`), {
        method: 'DELETE',
      }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title="Reset this rule?"
      submit="Reset the rule"
      danger
      busy={reset.isPending}
      fault={faultsOf(reset.error, []).general}
      onSubmit={() => reset.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        The rule for <code>{rule.resource}</code> becomes what it is in the product, at once. What
        was changed in it stays in the log and can be typed again, nowhere else.
      </p>
    </FormDialog>
  );
}
