import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconPlus, IconUpload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useAdministered, useMay } from '../api/administration.ts';
import type { Template } from '../api/certificates.ts';
import { DataTable, TableSkeleton, type Column } from '../components/DataTable.tsx';
import { StateMark, Tag, Tags } from '../components/Marks.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState } from '../components/States.tsx';
import { download } from '../lib/clipboard.ts';
import { plural } from '../lib/format.ts';
import { useTitle } from '../lib/title.ts';
import css from '../security/security.module.css';
import { GlobalPolicySection } from './GlobalPolicySection.tsx';
import { CreateTemplateDialog, ImportTemplatesDialog } from './TemplateDialogs.tsx';

/** By what rules certificates are issued. */
export function TemplatesPage() {
  useTitle('Templates');
  const templates = useAdministered<{ templates: Template[] }>('templates');
  const may = useMay('certServer.profile.configuration', 'modify');
  const [creating, create] = useDisclosure(false);
  const [importing, importer] = useDisclosure(false);
  const exported = templates.data;
  return (
    <div className="page">
      <PageHead
        title="Templates"
        actions={
          <>
            {exported !== undefined && exported.templates.length > 0 && (
              <Button
                variant="default"
                leftSection={<IconDownload size={16} stroke={1.7} />}
                onClick={() =>
                  download('templates.json', JSON.stringify(exported, null, 2), 'application/json')
                }
              >
                Export
              </Button>
            )}
            {may && (
              <>
                <Button
                  variant="default"
                  leftSection={<IconUpload size={16} stroke={1.7} />}
                  onClick={importer.open}
                >
                  Import…
                </Button>
                <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={create.open}>
                  Create a template
                </Button>
              </>
            )}
          </>
        }
      >
        A template says what certificates are like, who gets them, and whether somebody has to
        approve. Certificates that were issued stay as they are.
      </PageHead>
      <Reading
        of={templates}
        failed="The templates could not be read"
        skeleton={<TableSkeleton label="Loading the templates" />}
      >
        {(data) =>
          data.templates.length === 0 ? (
            <EmptyState title="There are no templates">
              Without one nobody can enroll. Create one, or import those of another installation.
            </EmptyState>
          ) : (
            <DataTable
              label="Templates"
              columns={COLUMNS}
              rows={data.templates}
              keyOf={({ name }) => name}
              dim={({ enabled }) => !enabled}
            />
          )
        }
      </Reading>
      <GlobalPolicySection may={may} />
      {creating && (
        <CreateTemplateDialog templates={exported?.templates ?? []} onClose={create.close} />
      )}
      {importing && <ImportTemplatesDialog onClose={importer.close} />}
    </div>
  );
}

const COLUMNS: readonly Column<Template>[] = [
  {
    title: 'Name',
    width: '26%',
    cell: ({ name, displayName }) => (
      <Link className={css.name} to="/templates/$name" params={{ name }}>
        <b>{displayName}</b>
        {displayName !== name && <span>{name}</span>}
      </Link>
    ),
  },
  { title: 'What it is for', cell: ({ description }) => description },
  {
    title: 'Valid',
    width: '96px',
    cell: ({ policy }) => plural(policy.validityDays, 'day'),
  },
  {
    title: 'Asks for',
    width: '150px',
    cell: ({ policy }) =>
      (policy.requiresApproval || policy.allowedRequesters.length > 0) && (
        <Tags>
          {policy.requiresApproval && <Tag tone="warn">Approval</Tag>}
          {policy.allowedRequesters.length > 0 && <Tag>Certain roles</Tag>}
        </Tags>
      ),
  },
  {
    title: 'State',
    width: '100px',
    cell: ({ enabled }) =>
      enabled ? <StateMark tone="accent">Enabled</StateMark> : <StateMark>Disabled</StateMark>,
  },
];
