import { Notice } from '../components/States.tsx';
import { formatCount } from '../lib/format.ts';
import type { Progress } from './chosen.ts';

/** How far work on many is; it goes on without this page. */
export function ProgressNotice({ progress }: { readonly progress: Progress | null }) {
  if (progress === null) return null;
  return (
    <Notice>
      {formatCount(progress.done)} of {formatCount(progress.total)} done. It goes on if you leave
      this page.
    </Notice>
  );
}
