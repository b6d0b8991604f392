import { useState } from 'react';
import type { Session } from '../api/types.ts';
import { Copyable } from '../components/Values.tsx';
import { Notice } from '../components/States.tsx';
import { KeyDialog } from './KeyDialog.tsx';
import { usePin } from './use-pin.ts';
import css from './key.module.css';

/** Loud, on every page, when the server names another key than the one this browser pinned. */
export function KeyBanner({ session }: { readonly session: Session }) {
  const { state } = usePin(session);
  const [dialog, setDialog] = useState(false);
  if (state.kind !== 'changed') return null;
  return (
    <div className={css.banner}>
      <Notice tone="fail">
        <b>The log's key has changed.</b> The server names another key than the one this browser
        holds it to. Unless the change was announced to you by another way, do not trust what is
        shown.
        <dl className={css.keys}>
          <dt>Pinned</dt>
          <dd>
            <Copyable label="Pinned key" value={state.pin.vkey} />
          </dd>
          <dt>Named now</dt>
          <dd>
            <Copyable label="Key the server names now" value={state.offered} />
          </dd>
        </dl>
        <button type="button" className={`plain ${css.act}`} onClick={() => setDialog(true)}>
          Review the pinned key…
        </button>
      </Notice>
      {dialog && <KeyDialog session={session} onClose={() => setDialog(false)} />}
    </div>
  );
}
