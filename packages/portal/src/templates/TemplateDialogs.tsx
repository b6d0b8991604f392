import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useChange } from '../api/administration.ts';
import type { Template } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FilePicker } from '../components/FilePicker.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { plural } from '../lib/format.ts';
import css from '../security/security.module.css';
import { readTemplates } from './template-file.ts';

interface CreateProps {
  /** To begin with one of these. */
  readonly templates: readonly Template[];
  readonly onClose: () => void;
}

/** A template, new or like another one; its policy is set on its page. */
export function CreateTemplateDialog({ templates, onClose }: CreateProps) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [like, setLike] = useState('');
  const model = templates.find((one) => one.name === like);
  const create = useChange(
    () =>
      requestJson<Template>(apiUrl('templates'), {
        method: 'POST',
        body: {
          name: name.trim(),
          displayName: displayName.trim() === '' ? name.trim() : displayName.trim(),
          enabled: false,
          ...(model === undefined ? {} : { description: model.description, policy: model.policy }),
        },
      }),
    {
      leaves: true,
      onDone: (made) => void navigate({ to: '/templates/$name', params: { name: made.name } }),
    },
  );
  const { general, fields } = faultsOf(create.error, ['name', 'displayName'], {
    already_exists: 'name',
  });
  return (
    <FormDialog
      title="Create a template"
      submit="Create"
      busy={create.isPending}
      disabled={name.trim() === ''}
      fault={general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="Letters, digits and . _ -; it stays the same for good."
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={name}
        error={fields['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Shown as"
        description="Optional."
        autoComplete="off"
        value={displayName}
        error={fields['displayName']}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Like"
        value={like}
        data={[
          { value: '', label: 'None: as the product has it' },
          ...templates.map((one) => ({ value: one.name, label: one.displayName })),
        ]}
        onChange={(event) => setLike(event.currentTarget.value)}
      />
      <p className={css.fine}>
        It is disabled at first. Its policy is set on its own page, which opens next.
      </p>
    </FormDialog>
  );
}

/** Templates of another installation. */
export function ImportTemplatesDialog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const read = readTemplates(text);
  const send = useChange(
    () =>
      requestJson<unknown>(apiUrl('templates/import'), {
        method: 'POST',
        body: { templates: read.templates },
      }),
    { onDone: onClose },
  );
  return (
    <FormDialog
      title="Import templates"
      submit={
        read.templates.length === 0
          ? 'Import'
          : `Import ${plural(read.templates.length, 'template')}`
      }
      size="lg"
      busy={send.isPending}
      disabled={read.templates.length === 0}
      fault={faultsOf(send.error, []).general}
      onSubmit={() => send.mutate(undefined)}
      onClose={onClose}
    >
      <Textarea
        className={css.monoInput ?? ''}
        label="Templates"
        description="As they are exported here, JSON. Those of the same name are replaced."
        rows={12}
        data-autofocus
        spellCheck={false}
        value={text}
        error={text.trim() === '' ? undefined : (read.fault ?? undefined)}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <FilePicker accept=".json" label="Take them from a file" onText={setText} />
    </FormDialog>
  );
}

interface DeleteProps {
  readonly template: Template;
  readonly onClose: () => void;
}

/** Deletes a template for good. */
export function DeleteTemplateDialog({ template: { name, displayName }, onClose }: DeleteProps) {
  const navigate = useNavigate();
  const remove = useChange(
    () => requestJson<void>(apiUrl(`templates/${pathTo(name)}`), { method: 'DELETE' }),
    { leaves: true, onDone: () => void navigate({ to: '/templates' }) },
  );
  return (
    <FormDialog
      title={`Delete ${displayName}?`}
      submit={`Delete ${displayName}`}
      danger
      busy={remove.isPending}
      fault={faultsOf(remove.error, []).general}
      onSubmit={() => remove.mutate(undefined)}
      onClose={onClose}
    >
      <p>
        Nobody enrolls by it from then on. Its certificates stay and keep its name. This cannot be
        undone.
      </p>
    </FormDialog>
  );
}
