import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { asSentence, faultsOf, fieldFaults } from '../../api/faults.ts';
import { ApiProblem } from '../../api/problem.ts';
import type { RuleChange } from '../../api/security.ts';
import { FilePicker } from '../../components/FilePicker.tsx';
import { FormDialog } from '../../components/FormDialog.tsx';
import { LineDiff } from '../../components/LineDiff.tsx';
import { Notice } from '../../components/States.tsx';
import { plural } from '../../lib/format.ts';
import css from '../security.module.css';
import ruleCss from './access-rules.module.css';
import { linesOfRule } from './rule-text.ts';

interface Answer {
  readonly changes: RuleChange[];
  readonly unchanged: number;
}

function send(lines: string, dryRun: boolean): Promise<Answer> {
  return requestJson<Answer>(apiUrl('security/access-rules/import'), {
    method: 'POST',
    body: { lines, dryRun },
  });
}

/** Every faulty line of a refused text: "line 3, character 12: expected …, got …". */
function faultyLines(error: unknown): string[] {
  if (!(error instanceof ApiProblem) || error.code !== 'acl_syntax') return [];
  return fieldFaults(error).map(({ field, expected, got }) =>
    asSentence(`${field}: expected ${expected}${got === undefined ? '' : `, got ${got}`}`),
  );
}

/** Rules from elsewhere: first what they would change, then the change. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const [lines, setLines] = useState('');
  const check = useChange((text: string) => send(text, true), { leaves: true });
  const apply = useChange((text: string) => send(text, false), { onDone: onClose });
  if (check.data !== undefined) {
    return (
      <Changes
        answer={check.data}
        busy={apply.isPending}
        fault={faultsOf(apply.error, []).general}
        onApply={() => apply.mutate(lines)}
        onBack={() => {
          check.reset();
          apply.reset();
        }}
        onClose={onClose}
      />
    );
  }
  const faulty = faultyLines(check.error);
  return (
    <FormDialog
      title="Import access rules"
      submit="See what would change"
      size="xl"
      busy={check.isPending}
      disabled={lines.trim() === ''}
      fault={faulty.length > 0 ? null : faultsOf(check.error, []).general}
      onSubmit={() => check.mutate(lines)}
      onClose={onClose}
    >
      {faulty.length > 0 && (
        <Notice tone="fail">
          <ul aria-label="Faulty lines">
            {faulty.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Textarea
        className={css.monoInput ?? ''}
        label="Rules"
        description="One a line, as they are exported here or as an LDIF file of Dogtag has them. Nothing is changed yet."
        placeholder='resourceACLS: certServer.ca.users:execute:allow (execute) group="Administrators":Admins may manage users'
        rows={12}
        data-autofocus
        spellCheck={false}
        autoComplete="off"
        value={lines}
        onChange={(event) => setLines(event.currentTarget.value)}
      />
      <FilePicker accept=".ldif,.txt,.acl" label="Take them from a file" onText={setLines} />
    </FormDialog>
  );
}

interface ChangesProps {
  readonly answer: Answer;
  readonly busy: boolean;
  readonly fault: string | null;
  readonly onApply: () => void;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

function Changes({ answer: { changes, unchanged }, busy, fault, ...on }: ChangesProps) {
  return (
    <FormDialog
      title="What would change"
      submit={
        changes.length === 0 ? 'Nothing to apply' : `Apply ${plural(changes.length, 'change')}`
      }
      size="xl"
      busy={busy}
      disabled={changes.length === 0}
      fault={fault}
      onSubmit={on.onApply}
      onClose={on.onClose}
    >
      <p>
        {changes.length === 0
          ? 'Every rule is as it was.'
          : `${plural(changes.length, 'rule')} would change at once.`}
        {unchanged > 0 && ` ${plural(unchanged, 'rule')} would stay as they are.`}
      </p>
      {changes.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key
        <section className={ruleCss.changes} tabIndex={0} aria-label="Changes">
          {changes.map(({ resource, before, after }) => (
            <div key={resource}>
              <h3>
                <code>{resource}</code>
                {before === null && <small>new</small>}
              </h3>
              <LineDiff
                label={`What changes in ${resource}`}
                before={before === null ? null : linesOfRule(before)}
                after={linesOfRule(after)}
              />
            </div>
          ))}
        </section>
      )}
      <div>
        <Button variant="subtle" size="compact-sm" onClick={on.onBack}>
          Back to the text
        </Button>
      </div>
    </FormDialog>
  );
}
