import { Button, Checkbox, NumberInput, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useAdministered, useChange } from '../api/administration.ts';
import { KEY_ALGORITHMS, type SanType } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence, faultsOf } from '../api/faults.ts';
import { SAN_NAMES } from '../certificates/alternative-names.ts';
import { CheckList } from '../components/CheckList.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { Section } from '../components/PageHead.tsx';
import { Notice } from '../components/States.tsx';
import { PART_NAMES } from '../enroll/subject.ts';
import { plural } from '../lib/format.ts';
import css from '../security/security.module.css';
import { PartValues, RegexRules } from './RuleRows.tsx';

interface GlobalPolicy {
  readonly keyAlgorithms: readonly string[];
  readonly maximumDays: number | null;
  readonly allowWildcards: boolean;
  readonly allowKeyReuse: boolean;
  readonly subjectDefaults: Readonly<Record<string, string>>;
  readonly subjectRegexes: readonly { part: string; regex: string; error: string }[];
  readonly sanRegexes: readonly { type: SanType; regex: string; error: string }[];
}

/** What holds for all templates, whatever they say. */
export function GlobalPolicySection({ may }: { readonly may: boolean }) {
  const { data, error } = useAdministered<GlobalPolicy>('templates-settings');
  const [editing, setEditing] = useState(false);
  return (
    <Section
      title="All templates"
      note="What no template can allow, and what holds where a template says nothing."
      actions={
        may &&
        data !== undefined && (
          <Button variant="default" size="xs" onClick={() => setEditing(true)}>
            Edit
          </Button>
        )
      }
    >
      {error !== null && (
        <Notice tone="fail">It could not be read: {asSentence(error.message)}</Notice>
      )}
      {data === undefined && error === null && <Skeleton height={120} />}
      {data !== undefined && <Facts policy={data} />}
      {editing && data !== undefined && (
        <GlobalPolicyDialog policy={data} onClose={() => setEditing(false)} />
      )}
    </Section>
  );
}

function Facts({ policy }: { readonly policy: GlobalPolicy }) {
  const defaults = Object.entries(policy.subjectDefaults);
  const rules = [
    ...policy.subjectRegexes.map(({ part, regex }) => `${PART_NAMES[part] ?? part}: ${regex}`),
    ...policy.sanRegexes.map(({ type, regex }) => `${SAN_NAMES[type]}: ${regex}`),
  ];
  return (
    <dl className={css.facts}>
      <dt>Keys</dt>
      <dd>{policy.keyAlgorithms.join(', ')}</dd>
      <dt>Longest validity</dt>
      <dd>
        {policy.maximumDays === null ? 'As templates say' : plural(policy.maximumDays, 'day')}
      </dd>
      <dt>Wildcards</dt>
      <dd>{policy.allowWildcards ? 'Where a template allows them' : 'Nowhere'}</dd>
      <dt>Reuse of keys</dt>
      <dd>{policy.allowKeyReuse ? 'Where a template allows it' : 'Nowhere'}</dd>
      {defaults.length > 0 && (
        <>
          <dt>Added to subjects</dt>
          <dd>{defaults.map(([part, value]) => `${part}=${value}`).join(', ')}</dd>
        </>
      )}
      {rules.length > 0 && (
        <>
          <dt>Rules</dt>
          <dd>
            {rules.map((rule) => (
              <code key={rule} className={css.small}>
                {rule}
              </code>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

interface DialogProps {
  readonly policy: GlobalPolicy;
  readonly onClose: () => void;
}

function GlobalPolicyDialog({ policy, onClose }: DialogProps) {
  const [draft, setDraft] = useState(policy);
  const save = useChange(
    () => requestJson<GlobalPolicy>(apiUrl('templates-settings'), { method: 'PUT', body: draft }),
    { onDone: onClose },
  );
  const set = (change: Partial<GlobalPolicy>) => setDraft({ ...draft, ...change });
  return (
    <FormDialog
      title="What holds for all templates"
      submit="Save"
      size="xl"
      busy={save.isPending}
      disabled={JSON.stringify(draft) === JSON.stringify(policy)}
      fault={faultsOf(save.error, []).general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <CheckList
        legend="Keys"
        options={KEY_ALGORITHMS.map((value) => ({ value, label: value }))}
        value={draft.keyAlgorithms}
        onChange={(keyAlgorithms) => set({ keyAlgorithms })}
      />
      <NumberInput
        label="Longest validity, days"
        description="Empty: templates alone decide."
        hideControls
        allowDecimal={false}
        min={1}
        value={draft.maximumDays ?? ''}
        onChange={(next) => set({ maximumDays: typeof next === 'number' ? next : null })}
      />
      <Checkbox
        size="xs"
        label="Wildcards, where a template allows them"
        checked={draft.allowWildcards}
        onChange={(event) => set({ allowWildcards: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label="A key in more than one certificate, where a template allows it"
        checked={draft.allowKeyReuse}
        onChange={(event) => set({ allowKeyReuse: event.currentTarget.checked })}
      />
      <PartValues
        legend="Added to subjects where they lack"
        values={draft.subjectDefaults}
        onChange={(subjectDefaults) => set({ subjectDefaults })}
      />
      <RegexRules
        legend="Rules for the subject"
        subjects={PART_NAMES}
        rules={draft.subjectRegexes.map(({ part, ...rule }) => ({ about: part, ...rule }))}
        onChange={(rules) =>
          set({ subjectRegexes: rules.map(({ about, ...rule }) => ({ part: about, ...rule })) })
        }
      />
      <RegexRules
        legend="Rules for alternative names"
        subjects={SAN_NAMES}
        rules={draft.sanRegexes.map(({ type, ...rule }) => ({ about: type, ...rule }))}
        onChange={(rules) =>
          set({
            sanRegexes: rules.map(({ about, ...rule }) => ({ type: about as SanType, ...rule })),
          })
        }
      />
    </FormDialog>
  );
}
