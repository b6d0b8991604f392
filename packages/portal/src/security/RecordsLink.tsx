import { Button } from '@mantine/core';
import { quoteQueryValue } from '@countersign/records';
import { Link } from '@tanstack/react-router';
import { useSession } from '../api/session.ts';
import { allowedPages } from '../shell/pages.ts';

interface Props {
  /** Id or name of the thing, as its records have it. */
  readonly target: string;
  /** "this identity". */
  readonly about: string;
}

/** Records whose target it is, and those that name it beside another: a role that somebody was given. */
function queryAbout(target: string): string {
  const value = quoteQueryValue(target);
  return `Target -eq ${value} OR Related -eq ${value}`;
}

/** The way to the audit log, for those who may read it: every record about one thing. */
export function RecordsLink({ target, about }: Props) {
  const session = useSession();
  const reads = allowedPages(session?.navigation ?? []).some(({ id }) => id === 'audit');
  if (!reads) return null;
  return (
    <Button
      component={Link}
      to={`/audit?q=${encodeURIComponent(queryAbout(target))}`}
      variant="default"
      size="xs"
    >
      Records about {about}
    </Button>
  );
}
