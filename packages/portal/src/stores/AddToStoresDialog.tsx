import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '../api/administration.ts';
import type { CertificateDetails } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence, faultsOf } from '../api/faults.ts';
import { nameOf } from '../certificates/certificate-state.ts';
import { CheckList } from '../components/CheckList.tsx';
import { FormDialog } from '../components/FormDialog.tsx';
import { draftOf, scheduleOf } from '../components/schedule-text.ts';
import { ScheduleFields } from '../components/ScheduleFields.tsx';
import { Notice } from '../components/States.tsx';
import { plural } from '../lib/format.ts';
import css from '../security/security.module.css';
import { useStores } from './use-stores.ts';

interface Props {
  readonly certificate: CertificateDetails;
  readonly onClose: () => void;
}

/** Has a certificate installed in stores, with its key where that is wanted and allowed. */
export function AddToStoresDialog({ certificate, onClose }: Props) {
  const found = useStores();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [alias, setAlias] = useState('');
  const [overwrite, setOverwrite] = useState(false);
  const withKeyPossible = certificate.hasPrivateKey && certificate.rights.includes('recover');
  const [withKey, setWithKey] = useState(withKeyPossible);
  const [when, setWhen] = useState(draftOf({ immediate: true }));
  const schedule = scheduleOf(when);
  const stores = (found.data?.pages ?? [])
    .flatMap((page) => page.stores)
    .filter(({ approved }) => approved);
  const add = useChange(
    () =>
      requestJson<unknown>(apiUrl('stores/add'), {
        method: 'POST',
        body: {
          certificate: certificate.id,
          stores: chosen.map((store) => ({
            store,
            alias: alias.trim() === '' ? null : alias.trim(),
            overwrite,
            includePrivateKey: withKey,
          })),
          schedule,
        },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(add.error, ['stores', 'schedule']);
  return (
    <FormDialog
      title={`Add ${nameOf(certificate)} to stores`}
      submit={chosen.length === 0 ? 'Add' : `Add it to ${plural(chosen.length, 'store')}`}
      busy={add.isPending}
      disabled={chosen.length === 0 || schedule === undefined}
      fault={general}
      onSubmit={() => add.mutate(undefined)}
      onClose={onClose}
    >
      {found.error !== null && (
        <Notice tone="fail">The stores could not be read: {asSentence(found.error.message)}</Notice>
      )}
      {found.data !== undefined && stores.length === 0 && (
        <p className={css.fine}>There is no store that is approved.</p>
      )}
      {stores.length > 0 && (
        <CheckList
          legend="Stores"
          options={stores.map(({ id, displayName }) => ({ value: id, label: displayName }))}
          value={chosen}
          error={fields['stores']}
          onChange={setChosen}
        />
      )}
      {found.hasNextPage && (
        <p className={css.fine}>Only the first {stores.length} stores are listed here.</p>
      )}
      <TextInput
        label="Alias"
        description="Optional: what it is called in the store; made from its name otherwise."
        autoComplete="off"
        spellCheck={false}
        value={alias}
        onChange={(event) => setAlias(event.currentTarget.value)}
      />
      <Checkbox
        size="xs"
        label="Take the place of what has this alias already"
        checked={overwrite}
        onChange={(event) => setOverwrite(event.currentTarget.checked)}
      />
      {withKeyPossible && (
        <Checkbox
          size="xs"
          label="With its private key"
          description="The key leaves this server and lies in the store."
          checked={withKey}
          onChange={(event) => setWithKey(event.currentTarget.checked)}
        />
      )}
      <ScheduleFields
        label="When"
        forms={['immediate', 'exactlyOnce', 'daily', 'weekly']}
        draft={when}
        error={fields['schedule']}
        onChange={setWhen}
      />
    </FormDialog>
  );
}
