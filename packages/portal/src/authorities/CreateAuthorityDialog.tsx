import { Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { Authority } from '../api/authorities.ts';
import { KEY_ALGORITHMS } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import css from '../security/security.module.css';

interface Props {
  readonly authorities: readonly Authority[];
  readonly onClose: () => void;
}

const ROOT_DAYS = 7300;
const ISSUING_DAYS = 3650;

/** A root, or an authority below another one. */
export function CreateAuthorityDialog({ authorities, onClose }: Props) {
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [subject, setSubject] = useState('');
  const [parent, setParent] = useState(authorities[0]?.id ?? '');
  const [keyAlgorithm, setKeyAlgorithm] = useState('P-384');
  const [days, setDays] = useState(authorities.length === 0 ? ROOT_DAYS : ISSUING_DAYS);
  const [inToken, setInToken] = useState(false);
  const [token, setToken] = useState({ module: '', slot: '', key: '' });
  const create = useChange(
    () =>
      requestJson<Authority>(apiUrl('authorities'), {
        method: 'POST',
        body: {
          name: name.trim(),
          subject: subject.trim(),
          parent: parent === '' ? null : parent,
          days,
          ...(parent === '' ? {} : { pathLength: 0 }),
          ...(inToken ? { token } : { keyAlgorithm }),
        },
      }),
    { leaves: true, onDone: ({ id }) => void navigate({ to: '/authorities/$id', params: { id } }) },
  );
  const { general, fields } = faultsOf(
    create.error,
    ['name', 'subject', 'parent', 'days', 'keyAlgorithm', 'token'],
    { already_exists: 'name', subject_invalid: 'subject' },
  );
  return (
    <FormDialog
      title="Create an authority"
      submit={parent === '' ? 'Create the root' : 'Create the authority'}
      busy={create.isPending}
      disabled={name.trim() === '' || subject.trim() === ''}
      fault={general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What it is called here."
        data-autofocus
        autoComplete="off"
        value={name}
        error={fields['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        className={css.monoInput ?? ''}
        label="Subject"
        placeholder="CN=Example Issuing CA,O=Example,C=DE"
        autoComplete="off"
        spellCheck={false}
        value={subject}
        error={fields['subject']}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      <NativeSelect
        label="Signed by"
        value={parent}
        error={fields['parent']}
        data={[
          ...authorities.map((one) => ({ value: one.id, label: one.name })),
          { value: '', label: 'Itself: a root' },
        ]}
        onChange={(event) => {
          const next = event.currentTarget.value;
          setParent(next);
          setDays(next === '' ? ROOT_DAYS : ISSUING_DAYS);
        }}
      />
      <NumberInput
        label="Valid for days"
        hideControls
        allowDecimal={false}
        min={1}
        value={days}
        error={fields['days']}
        onChange={(next) => {
          if (typeof next === 'number') setDays(next);
        }}
      />
      <Checkbox
        size="xs"
        label="Its key is in a PKCS#11 token"
        checked={inToken}
        onChange={(event) => setInToken(event.currentTarget.checked)}
      />
      {inToken ? (
        <>
          <TextInput
            className={css.monoInput ?? ''}
            label="Module"
            placeholder="/usr/lib/softhsm/libsofthsm2.so"
            spellCheck={false}
            value={token.module}
            error={fields['token']}
            onChange={(event) => setToken({ ...token, module: event.currentTarget.value })}
          />
          <TextInput
            label="Label of the token"
            value={token.slot}
            onChange={(event) => setToken({ ...token, slot: event.currentTarget.value })}
          />
          <TextInput
            label="Label of the key"
            value={token.key}
            onChange={(event) => setToken({ ...token, key: event.currentTarget.value })}
          />
        </>
      ) : (
        <NativeSelect
          label="Key"
          description="Made now, and kept encrypted on this server."
          value={keyAlgorithm}
          error={fields['keyAlgorithm']}
          data={[...KEY_ALGORITHMS]}
          onChange={(event) => setKeyAlgorithm(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
