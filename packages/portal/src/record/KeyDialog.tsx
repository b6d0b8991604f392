import { Button, Modal, TextInput } from '@mantine/core';
import { parseVerifierKey } from '@countersign/tlog';
import { useState } from 'react';
import type { Session } from '../api/types.ts';
import { Notice } from '../components/States.tsx';
import { Copyable, TimeText } from '../components/Values.tsx';
import css from './key.module.css';
import { usePin } from './use-pin.ts';

interface Props {
  readonly session: Session;
  readonly onClose: () => void;
}

function faultOf(vkey: string): string | null {
  try {
    parseVerifierKey(vkey);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Says what trust the proofs rest on, and takes a key that came by another way than through this server. */
export function KeyDialog({ session, onClose }: Props) {
  const { state, repin } = usePin(session);
  const [pasted, setPasted] = useState('');
  const value = pasted.trim();
  const fault = value === '' ? null : faultOf(value);
  return (
    <Modal opened onClose={onClose} title="The key this browser trusts" size="lg">
      <div className={css.dialog}>
        <p>
          Every proof ends at this key.{' '}
          {state.pin.source === 'pasted'
            ? 'You pinned it yourself: the proofs hold as far as you trust where you had it from.'
            : 'It was taken from the server when this browser first signed in here, so the proofs show that the server has told you the same story ever since. To trust more than that, paste the key you were given by another way: from the operator, a colleague, or the file log.vkey.'}
        </p>
        <div className={css.current}>
          <span className="label">
            {state.pin.source === 'pasted' ? 'Pinned by you' : 'Pinned on first use'},{' '}
            <TimeText iso={state.pin.since} />
          </span>
          <Copyable label="Pinned key" value={state.pin.vkey} />
        </div>
        {state.kind === 'changed' && (
          <Notice tone="fail">
            The server now names another key: <Copyable label="Named now" value={state.offered} />
          </Notice>
        )}
        {state.kind === 'match' && state.pin.source === 'pasted' && (
          <Notice tone="good">The server uses the key you pinned.</Notice>
        )}
        <TextInput
          label="Pin this key instead"
          placeholder="name+0123abcd+base64"
          value={pasted}
          error={fault}
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mono)', fontSize: '0.8125rem' } }}
          onChange={(event) => setPasted(event.currentTarget.value)}
        />
        <div className={css.row}>
          <Button
            size="xs"
            disabled={value === '' || fault !== null}
            onClick={() => {
              repin(value, 'pasted');
              setPasted('');
            }}
          >
            Pin this key
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Modal>
  );
}
