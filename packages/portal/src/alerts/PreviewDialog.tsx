import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useChange } from '../api/administration.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { asSentence, faultsOf } from '../api/faults.ts';
import type { Alert, AlertPreview } from '../api/settings.ts';
import { FormDialog } from '../components/FormDialog.tsx';
import { Notice } from '../components/States.tsx';
import css from '../security/security.module.css';

interface Props {
  readonly alert: Alert;
  readonly onClose: () => void;
}

function test({ kind, id }: Alert, send: boolean): Promise<AlertPreview> {
  return requestJson<AlertPreview>(apiUrl(`alerts/${kind}/${id}/test`), {
    method: 'POST',
    body: { send },
  });
}

/** What an alert would say of the newest that it could be about; sent to oneself if one likes. */
export function PreviewDialog({ alert, onClose }: Props) {
  const preview = useQuery({
    queryKey: ['alert preview', alert],
    gcTime: 0,
    retry: false,
    queryFn: () => test(alert, false),
  });
  const send = useChange(() => test(alert, true), { leaves: true });
  const sentTo = send.data?.sentTo ?? null;
  return (
    <FormDialog
      title={`Preview of ${alert.displayName}`}
      submit={sentTo === null ? 'Send it to me' : 'Send it to me again'}
      size="lg"
      busy={send.isPending}
      disabled={preview.data === undefined}
      fault={faultsOf(send.error, []).general}
      onSubmit={() => send.mutate(undefined)}
      onClose={onClose}
    >
      {sentTo !== null && <Notice tone="good">It is sent to {sentTo}, and to nobody else.</Notice>}
      {preview.error !== null && (
        <Notice tone="fail">There is no preview: {asSentence(preview.error.message)}</Notice>
      )}
      {preview.isPending && <Skeleton height={160} />}
      {preview.data !== undefined && (
        <>
          <dl className={css.facts}>
            <dt>Subject</dt>
            <dd>{preview.data.subject}</dd>
            <dt>Goes to</dt>
            <dd>
              {preview.data.recipients.length === 0
                ? 'Nobody by e-mail'
                : preview.data.recipients.join(', ')}
            </dd>
            {preview.data.unresolved.length > 0 && (
              <>
                <dt>No address here</dt>
                <dd>{preview.data.unresolved.join(', ')}</dd>
              </>
            )}
          </dl>
          <pre className={css.command}>{preview.data.message}</pre>
        </>
      )}
    </FormDialog>
  );
}
