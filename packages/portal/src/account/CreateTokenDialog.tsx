import { NativeSelect, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { Token } from '../api/security.ts';
import { useSession } from '../api/session.ts';
import { FormDialog, ShownOnceDialog } from '../components/FormDialog.tsx';
import { Secret } from '../components/Secret.tsx';
import css from '../security/security.module.css';
import { RightsChooser } from './RightsChooser.tsx';

const DAYS = [7, 30, 90, 180, 365].map((days) => ({
  value: String(days),
  label: `${days} days`,
}));

interface Created {
  readonly token: Token;
  readonly secret: string;
}

/** Makes a token; it is shown once. */
export function CreateTokenDialog({ onClose }: { readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [all, setAll] = useState(true);
  const [scopes, setScopes] = useState<ReadonlySet<string>>(new Set());
  const session = useSession();
  const create = useChange(() =>
    requestJson<Created>(apiUrl('account/tokens'), {
      method: 'POST',
      body: { name: name.trim(), days: Number(days), ...(all ? {} : { scopes: [...scopes] }) },
    }),
  );
  const { general, fields } = faultsOf(create.error, ['name', 'days', 'scopes'], {
    already_exists: 'name',
  });
  if (create.data !== undefined) return <Done created={create.data} onClose={onClose} />;
  return (
    <FormDialog
      title="Create an API token"
      submit="Create"
      busy={create.isPending}
      disabled={name.trim() === '' || (!all && scopes.size === 0)}
      fault={general}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What it is for or where it is kept; it stands in the records."
        data-autofocus
        autoComplete="off"
        value={name}
        error={fields['name']}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label="Expires after"
        data={DAYS}
        value={days}
        error={fields['days']}
        onChange={(event) => setDays(event.currentTarget.value)}
      />
      <Radio.Group
        label="Rights"
        value={all ? 'all' : 'some'}
        onChange={(value) => setAll(value === 'all')}
      >
        <div className={css.options}>
          <Radio size="xs" value="all" label="Everything I may, now and later" />
          <Radio size="xs" value="some" label="Some of my rights, as long as I have them" />
        </div>
      </Radio.Group>
      {!all && (
        <RightsChooser
          rights={session?.rights ?? []}
          value={scopes}
          error={fields['scopes']}
          onChange={setScopes}
        />
      )}
    </FormDialog>
  );
}

interface DoneProps {
  readonly created: Created;
  readonly onClose: () => void;
}

function Done({ created: { token, secret }, onClose }: DoneProps) {
  return (
    <ShownOnceDialog title={`${token.name} is created`} onClose={onClose}>
      <p>
        The token is shown now and never again: only its hash is kept. Whoever has it acts in your
        name.
      </p>
      <Secret label="Token" value={secret} />
      <div className={css.fine}>
        Sent with each request:
        <pre className={css.command}>
          {`curl -H "Authorization: Bearer TOKEN" ${window.location.origin}/api/v1/session`}
        </pre>
      </div>
    </ShownOnceDialog>
  );
}
