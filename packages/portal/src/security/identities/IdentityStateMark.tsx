import type { Identity } from '../../api/security.ts';
import { StateMark } from '../../components/Marks.tsx';
import { formatRelative } from '../../lib/time.ts';
import { useNow } from '../../lib/use-now.ts';
import { stateOf } from './identity-state.ts';

/** Whether somebody can sign in, as a shape and words. */
export function IdentityStateMark({ identity }: { readonly identity: Identity }) {
  const now = useNow();
  const state = stateOf(identity, now);
  switch (state.kind) {
    case 'active':
      return <StateMark tone="accent">Active</StateMark>;
    case 'disabled':
      return <StateMark>Disabled</StateMark>;
    case 'locked':
      return <StateMark tone="warn">Locked, opens {formatRelative(state.until, now)}</StateMark>;
  }
}
