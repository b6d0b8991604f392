import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** Where there is no room beside the records the facets come up as a sheet. */
export function FacetSheet(props: {
  readonly active: number;
  /** Over the whole screen, where that is narrow. */
  readonly full: boolean;
  readonly children: ReactNode;
}) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        h={36}
        px={12}
        fw={450}
        leftSection={<IconFilter size={16} stroke={1.6} />}
        onClick={open}
      >
        Filters{props.active > 0 ? ` (${props.active})` : ''}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title="Filters"
        fullScreen={props.full}
        radius={props.full ? 0 : 10}
      >
        {props.children}
        <Button fullWidth onClick={close}>
          Show the records
        </Button>
      </Modal>
    </>
  );
}
