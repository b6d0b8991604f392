import { Button } from '@mantine/core';
import { IconMapPinOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTitle } from '../lib/title.ts';
import { EmptyState } from './States.tsx';

export function NotFoundPage() {
  useTitle('Not found');
  return (
    <EmptyState
      title="There is no such page"
      icon={<IconMapPinOff size={20} stroke={1.6} />}
      actions={
        <Button component={Link} to="/" size="xs" variant="default">
          To the start
        </Button>
      }
    >
      <code>{window.location.pathname}</code> leads nowhere in this portal. It may have been cut
      short when it was copied.
    </EmptyState>
  );
}
