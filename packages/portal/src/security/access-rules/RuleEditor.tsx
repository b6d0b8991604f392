import { Button } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { asSentence, faultsOf } from '../../api/faults.ts';
import { ApiProblem } from '../../api/problem.ts';
import type { AccessRule, RuleChange } from '../../api/security.ts';
import { lengthAt, type LineFault } from '../../components/line-fault.ts';
import { LineEditor } from '../../components/LineEditor.tsx';
import { Notice } from '../../components/States.tsx';
import css from '../security.module.css';
import { SaveDialog } from './RuleDialogs.tsx';
import { faultPlace } from './rule-text.ts';

interface Answer {
  readonly changes: RuleChange[];
}

/** The fault of a line that was refused; null when it was refused for another reason. */
function lineFault(error: unknown, line: string): LineFault | null {
  if (!(error instanceof ApiProblem) || error.code !== 'acl_syntax') return null;
  const position = faultPlace(error.body) ?? 0;
  const message = asSentence(error.message.replace(/^(?:line 1, )?character \d+: /, ''));
  return { position, length: lengthAt(line, position), message };
}

/** The line of a rule, to be changed: checked by the server before its change is shown, shown before it is saved. */
export function RuleEditor({ rule }: { readonly rule: AccessRule }) {
  const [line, setLine] = useState(rule.line);
  const [asked, setAsked] = useState<string | null>(null);
  const check = useChange(
    (lines: string) =>
      requestJson<Answer>(apiUrl('security/access-rules/import'), {
        method: 'POST',
        body: { lines, dryRun: true },
      }),
    { leaves: true },
  );
  const fault = asked === line ? lineFault(check.error, line) : null;
  const other = asked === line && fault === null ? faultsOf(check.error, []).general : null;
  const [change] = check.data?.changes ?? [];
  const same = line.trim() === rule.line.trim();
  const ask = () => {
    if (same || check.isPending) return;
    setAsked(line);
    check.mutate(line);
  };
  return (
    <>
      <LineEditor
        label="Rule"
        value={line}
        fault={fault}
        onEnter={ask}
        onChange={(next) => {
          setLine(next);
          check.reset();
        }}
      />
      {other !== null && <Notice tone="fail">{other}</Notice>}
      <div className={css.under}>
        <Button size="xs" loading={check.isPending} disabled={same} onClick={ask}>
          Review the change
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={same}
          onClick={() => {
            setLine(rule.line);
            check.reset();
          }}
        >
          Discard
        </Button>
      </div>
      {check.isSuccess && change === undefined && (
        <Notice>That says the same as the rule that is in force.</Notice>
      )}
      {check.isSuccess && change !== undefined && change.resource !== rule.resource && (
        <Notice tone="warn">
          This is a rule for <code>{change.resource}</code>. Open that one, or import it.
        </Notice>
      )}
      {check.isSuccess && change?.resource === rule.resource && (
        <SaveDialog rule={rule} line={line} after={change.after} onClose={check.reset} />
      )}
    </>
  );
}
