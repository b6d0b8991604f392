import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAdministered, useChange, useMay } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import type { AlertKind, Schedule } from '../api/settings.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { draftOf, scheduleOf, scheduleText } from '../components/schedule-text.ts';
import { ScheduleFields } from '../components/ScheduleFields.tsx';
import css from '../security/security.module.css';

interface Props {
  readonly kind: AlertKind;
}

/** When alerts of the kind are looked for and sent. */
export function ScheduleLine({ kind }: Props) {
  const { data } = useAdministered<{ schedule: Schedule }>(`alerts/${kind}/schedule`);
  const may = useMay('certServer.monitoring.alerts', 'schedule');
  const [editing, setEditing] = useState(false);
  if (data === undefined) return null;
  return (
    <>
      <span className={css.count}>Sent {scheduleText(data.schedule)}</span>
      {may && (
        <Button variant="default" size="compact-sm" onClick={() => setEditing(true)}>
          Change when
        </Button>
      )}
      {editing && (
        <ScheduleDialog kind={kind} schedule={data.schedule} onClose={() => setEditing(false)} />
      )}
    </>
  );
}

interface DialogProps extends Props {
  readonly schedule: Schedule;
  readonly onClose: () => void;
}

function ScheduleDialog({ kind, schedule, onClose }: DialogProps) {
  const [draft, setDraft] = useState(draftOf(schedule));
  const next = scheduleOf(draft);
  const save = useChange(
    () =>
      requestJson<unknown>(apiUrl(`alerts/${kind}/schedule`), {
        method: 'PUT',
        body: { schedule: next },
      }),
    { onDone: onClose },
  );
  const { general, fields } = faultsOf(save.error, ['schedule']);
  return (
    <FormDialog
      title="When they are sent"
      submit="Save"
      busy={save.isPending}
      disabled={next === undefined}
      fault={general}
      onSubmit={() => save.mutate(undefined)}
      onClose={onClose}
    >
      <ScheduleFields
        label="When"
        forms={['interval', 'daily', 'weekly', 'off']}
        draft={draft}
        error={fields['schedule']}
        onChange={setDraft}
      />
    </FormDialog>
  );
}
