import {
  Button,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { pathTo, useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence, faultsOf } from '../api/faults.ts';
import type { StoreServer } from '../api/stores.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { Notice } from '../components/States.tsx';
import css from '../security/security.module.css';

interface Props {
  /** How it is reached now; null: a machine that is not known yet. */
  readonly known: StoreServer | null;
  readonly onClose: () => void;
}

const FIELDS = ['machine', 'port', 'username', 'hostKey', 'password', 'privateKey', 'passphrase'];

/** How a machine is reached: a user, a password or a key, and the machine's own key. */
export function CredentialsDialog({ known, onClose }: Props) {
  const [machine, setMachine] = useState(known?.clientMachine ?? '');
  const [port, setPort] = useState(known?.port ?? 22);
  const [username, setUsername] = useState(known?.username ?? '');
  const [hostKey, setHostKey] = useState(known?.hostKey ?? '');
  const [by, setBy] = useState<'password' | 'key'>(known?.authentication ?? 'key');
  const [secret, setSecret] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const look = useChange(
    () =>
      requestJson<{ hostKey: string }>(apiUrl('store-servers/host-key'), {
        method: 'POST',
        body: { clientMachine: machine.trim(), port },
      }),
    { leaves: true, onDone: (shown) => setHostKey(shown.hostKey) },
  );
  const save = useChange(
    () =>
      requestJson<StoreServer>(apiUrl(`store-servers/${pathTo(machine.trim())}`), {
        method: 'PUT',
        body: {
          port,
          username: username.trim(),
          hostKey: hostKey.trim(),
          ...(by === 'password'
            ? { password: secret }
            : { privateKey: secret, passphrase: passphrase === '' ? null : passphrase }),
        },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, FIELDS);
  return (
    <FormDialog
      title={known === null ? 'Add a machine' : `How ${known.clientMachine} is reached`}
      submit="Save"
      busy={save.isPending}
      disabled={[machine, username, hostKey, secret].some((one) => one.trim() === '')}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      {known === null && (
        <TextInput
          label="Machine"
          placeholder="web1.example.com"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={machine}
          error={fields['machine']}
          onChange={(event) => setMachine(event.currentTarget.value)}
        />
      )}
      <NumberInput
        label="Port"
        hideControls
        allowDecimal={false}
        min={1}
        max={65_535}
        value={port}
        error={fields['port']}
        onChange={(next) => {
          if (typeof next === 'number') setPort(next);
        }}
      />
      <TextInput
        className={css.monoInput ?? ''}
        label="Host key"
        description="As ssh-keygen -lf prints it on the machine itself. No other is believed."
        placeholder="SHA256:…"
        spellCheck={false}
        value={hostKey}
        error={fields['hostKey']}
        onChange={(event) => setHostKey(event.currentTarget.value)}
      />
      <div>
        <Button
          variant="default"
          size="xs"
          loading={look.isPending}
          disabled={machine.trim() === ''}
          onClick={() => look.mutate(undefined)}
        >
          See what the machine shows
        </Button>
      </div>
      {look.error !== null && <Notice tone="fail">{asSentence(look.error.message)}</Notice>}
      {look.data !== undefined && (
        <Notice tone="warn">
          This is what answers at that address. Compare it with the machine&apos;s own before you
          save.
        </Notice>
      )}
      <TextInput
        label="User"
        autoComplete="off"
        spellCheck={false}
        value={username}
        error={fields['username']}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <NativeSelect
        label="Signs in by"
        value={by}
        data={[
          { value: 'key', label: 'Private key' },
          { value: 'password', label: 'Password' },
        ]}
        onChange={(event) => {
          setBy(event.currentTarget.value === 'password' ? 'password' : 'key');
          setSecret('');
        }}
      />
      {by === 'password' ? (
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          value={secret}
          error={fields['password']}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
      ) : (
        <>
          <Textarea
            className={css.pem ?? ''}
            label="Private key"
            description="OpenSSH or PEM. It is kept encrypted and never shown."
            rows={6}
            autoComplete="off"
            spellCheck={false}
            value={secret}
            error={fields['privateKey']}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          <PasswordInput
            label="Passphrase of the key"
            description="Where it has one."
            autoComplete="new-password"
            value={passphrase}
            error={fields['passphrase']}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
          />
        </>
      )}
    </FormDialog>
  );
}
