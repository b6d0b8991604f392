import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconDownload, IconFileTypeCsv, IconJson, IconLink } from '@tabler/icons-react';
import { apiUrl } from '../api/client.ts';
import { useCopy } from '../lib/clipboard.ts';

interface Props {
  readonly query: string;
  /** "12,481 records", or null while it is not known. */
  readonly amount: string | null;
  /** Records of reading the log are left out, of the file as of what is shown. */
  readonly without: boolean;
  readonly enabled: boolean;
}

/** All records of the search as a file; the export is itself a record of the log. */
export function ExportMenu({ query, amount, without, enabled }: Props) {
  const { copied, copy } = useCopy();
  const href = (format: string) => apiUrl('audit/export', { query, format });
  return (
    <>
      <Tooltip label={copied ? 'Copied' : 'Copy a link to this view'}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label="Copy a link to this view"
          onClick={() => copy(window.location.href)}
        >
          <IconLink size={17} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="Export" disabled={!enabled}>
            <IconDownload size={17} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            Export {amount ?? 'these records'}
            {without && ', without reading of this log'}. The export is recorded.
          </Menu.Label>
          <Menu.Item
            component="a"
            data-autofocus
            href={href('ndjson')}
            download
            leftSection={<IconJson size={17} stroke={1.6} />}
          >
            NDJSON, whole records
          </Menu.Item>
          <Menu.Item
            component="a"
            href={href('csv')}
            download
            leftSection={<IconFileTypeCsv size={17} stroke={1.6} />}
          >
            CSV, for spreadsheets
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
