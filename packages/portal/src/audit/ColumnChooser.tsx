import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import { useState } from 'react';
import { COLUMN_IDS, columnOf, inOrder, type ColumnId } from './columns.ts';

interface Props {
  readonly columns: readonly ColumnId[];
  /** False while the columns are the ones that fit. */
  readonly chosen: boolean;
  /** Null goes back to what fits. */
  readonly onChoose: (columns: readonly ColumnId[] | null) => void;
}

/** Which columns the records have; the choice stands in the URL and is remembered. */
export function ColumnChooser({ columns, chosen, onChoose }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Menu position="bottom-end" width={200} opened={opened} onChange={setOpened}>
      <Menu.Target>
        <Tooltip label="Columns" disabled={opened}>
          <ActionIcon variant="subtle" color="gray" size={28} aria-label="Columns">
            <IconColumns3 size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {COLUMN_IDS.map((id) => {
          const on = columns.includes(id);
          return (
            <Menu.CheckboxItem
              key={id}
              checked={on}
              disabled={id === 'time'}
              data-autofocus={id === 'level' || undefined}
              onChange={() =>
                onChoose(on ? columns.filter((other) => other !== id) : inOrder([...columns, id]))
              }
            >
              {columnOf(id).title}
            </Menu.CheckboxItem>
          );
        })}
        <Menu.Divider />
        <Menu.Item disabled={!chosen} onClick={() => onChoose(null)}>
          As many as fit
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
