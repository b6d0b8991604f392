import { Button } from '@mantine/core';
import { pathTo, useChange } from '../../api/administration.ts';
import { apiUrl, requestJson } from '../../api/client.ts';
import { faultsOf } from '../../api/faults.ts';
import type { Identity } from '../../api/security.ts';
import { Notice } from '../../components/States.tsx';
import { TimeText } from '../../components/Values.tsx';
import { useNow } from '../../lib/use-now.ts';
import css from '../security.module.css';
import { stateOf } from './identity-state.ts';

interface Props {
  readonly identity: Identity;
  readonly may: boolean;
}

/** What keeps this identity from signing in, with the way out of it. */
export function IdentityNotices({ identity, may }: Props) {
  const unlock = useChange(() =>
    requestJson<void>(apiUrl(`security/identities/${pathTo(identity.username)}/unlock`), {
      method: 'POST',
    }),
  );
  const state = stateOf(identity, useNow());
  const { general } = faultsOf(unlock.error, []);
  if (state.kind === 'active') return null;
  return (
    <div className={css.notices}>
      {state.kind === 'disabled' && (
        <Notice>
          {identity.username} is disabled and cannot sign in, in no way. Roles and certificates are
          kept.
        </Notice>
      )}
      {state.kind === 'locked' && (
        <Notice tone="warn">
          <div className={css.noticeRow}>
            <span>
              Locked after too many wrong passwords until <TimeText iso={state.until} />.
            </span>
            {may && (
              <Button
                size="xs"
                variant="default"
                loading={unlock.isPending}
                onClick={() => unlock.mutate(undefined)}
              >
                Unlock now
              </Button>
            )}
          </div>
        </Notice>
      )}
      {general !== null && <Notice tone="fail">{general}</Notice>}
    </div>
  );
}
