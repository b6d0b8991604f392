import { Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import type { Collection, Template } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Alert, AlertKind } from '../api/settings.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { linesOf } from '../lib/lines.ts';
import css from '../security/security.module.css';
import { KIND_NAMES, PLACEHOLDERS } from './alert-kinds.ts';

interface Props {
  readonly kind: AlertKind;
  /** Null for a new one. */
  readonly alert: Alert | null;
  readonly onClose: () => void;
}

const FIELDS = [
  'displayName',
  'subject',
  'message',
  'recipients',
  'webhook',
  'daysBefore',
  'query',
  'collection',
  'template',
] as const;

/** What is said to whom, about which certificates or requests. */
export function AlertDialog({ kind, alert, onClose }: Props) {
  const expiration = kind === 'expiration';
  const [draft, setDraft] = useState({
    displayName: alert?.displayName ?? '',
    subject: alert?.subject ?? (expiration ? '{cn} expires in {daysLeft} days' : ''),
    message: alert?.message ?? '',
    webhook: alert?.webhook ?? '',
    enabled: alert?.enabled ?? true,
    daysBefore: alert?.daysBefore ?? 30,
    query: alert?.query ?? '',
    collection: alert?.collection ?? null,
    template: alert?.template ?? '',
  });
  const [recipients, setRecipients] = useState((alert?.recipients ?? []).join('\n'));
  const body = {
    displayName: draft.displayName.trim(),
    subject: draft.subject.trim(),
    message: draft.message,
    recipients: linesOf(recipients),
    webhook: draft.webhook.trim() === '' ? null : draft.webhook.trim(),
    enabled: draft.enabled,
    ...(expiration
      ? {
          daysBefore: draft.daysBefore,
          query: draft.query.trim() === '' ? null : draft.query.trim(),
          collection: draft.collection,
        }
      : { template: draft.template === '' ? null : draft.template }),
  };
  const save = useChange(
    () =>
      alert === null
        ? requestJson<Alert>(apiUrl(`alerts/${kind}`), { method: 'POST', body })
        : requestJson<Alert>(apiUrl(`alerts/${kind}/${alert.id}`), { method: 'PATCH', body }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, FIELDS, {
    already_exists: 'displayName',
    query_invalid: 'query',
  });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  return (
    <FormDialog
      title={
        alert === null
          ? `Create an alert: ${KIND_NAMES[kind].title.toLowerCase()}`
          : `Edit ${alert.displayName}`
      }
      submit={alert === null ? 'Create' : 'Save'}
      size="lg"
      busy={save.isPending}
      disabled={body.displayName === '' || body.subject === '' || body.message.trim() === ''}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        data-autofocus
        autoComplete="off"
        value={draft.displayName}
        error={fields['displayName']}
        onChange={(event) => set({ displayName: event.currentTarget.value })}
      />
      {expiration ? (
        <>
          <NumberInput
            label="Days before the expiration"
            hideControls
            allowDecimal={false}
            min={0}
            value={draft.daysBefore}
            error={fields['daysBefore']}
            onChange={(next) => {
              if (typeof next === 'number') set({ daysBefore: next });
            }}
          />
          <CollectionChoice
            value={draft.collection}
            error={fields['collection']}
            onChange={(collection) => set({ collection })}
          />
          <TextInput
            className={css.monoInput ?? ''}
            label="Query"
            description="Optional: only certificates that match."
            spellCheck={false}
            value={draft.query}
            error={fields['query']}
            onChange={(event) => set({ query: event.currentTarget.value })}
          />
        </>
      ) : (
        <TemplateChoice
          value={draft.template}
          error={fields['template']}
          onChange={(template) => set({ template })}
        />
      )}
      <Textarea
        label="Goes to"
        description="One address a line; {requester} is who asked for it."
        rows={2}
        spellCheck={false}
        value={recipients}
        error={fields['recipients']}
        onChange={(event) => setRecipients(event.currentTarget.value)}
      />
      <TextInput
        label="Webhook"
        description="Optional: the message is posted there as JSON."
        placeholder="https://hooks.example.com/pki"
        spellCheck={false}
        value={draft.webhook}
        error={fields['webhook']}
        onChange={(event) => set({ webhook: event.currentTarget.value })}
      />
      <TextInput
        label="Subject"
        value={draft.subject}
        error={fields['subject']}
        onChange={(event) => set({ subject: event.currentTarget.value })}
      />
      <Textarea
        label="Message"
        description={PLACEHOLDERS.map(([name, stands]) => `{${name}} ${stands}`).join(', ')}
        rows={6}
        value={draft.message}
        error={fields['message']}
        onChange={(event) => set({ message: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label="Enabled"
        checked={draft.enabled}
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
    </FormDialog>
  );
}

interface CollectionProps {
  readonly value: number | null;
  readonly error: string | undefined;
  readonly onChange: (id: number | null) => void;
}

function CollectionChoice({ value, error, onChange }: CollectionProps) {
  const { data } = useAdministered<{ collections: Collection[] }>('collections');
  const known = data?.collections ?? [];
  return (
    <NativeSelect
      label="Collection"
      value={String(value ?? '')}
      error={error}
      data={[
        { value: '', label: 'All certificates' },
        ...(value !== null && !known.some(({ id }) => id === value)
          ? [{ value: String(value), label: `Collection ${value}` }]
          : []),
        ...known.map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      onChange={({ currentTarget: { value: next } }) => onChange(next === '' ? null : Number(next))}
    />
  );
}

interface TemplateProps {
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (name: string) => void;
}

function TemplateChoice({ value, error, onChange }: TemplateProps) {
  const reads = useMay('certServer.profile.configuration', 'read');
  const { data } = useAdministered<{ templates: Template[] }>('templates', {}, reads);
  const known = data?.templates ?? [];
  return (
    <NativeSelect
      label="Template"
      value={value}
      error={error}
      data={[
        { value: '', label: 'Any' },
        ...(value !== '' && !known.some(({ name }) => name === value) ? [value] : []),
        ...known.map(({ name, displayName }) => ({ value: name, label: displayName })),
      ]}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
