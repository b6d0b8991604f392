import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDownload, IconSearch, IconUpload } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useAdministered, useMay } from '../../api/administration.ts';
import { apiUrl } from '../../api/client.ts';
import type { AccessRule } from '../../api/security.ts';
import { DataTable, TableSkeleton, type Column } from '../../components/DataTable.tsx';
import { Tag } from '../../components/Marks.tsx';
import { PageHead } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { EmptyState } from '../../components/States.tsx';
import { plural } from '../../lib/format.ts';
import { useTitle } from '../../lib/title.ts';
import css from '../security.module.css';
import { ImportDialog } from './ImportDialog.tsx';
import { RuleWords } from './RuleWords.tsx';

/** Who may do what with each resource. */
export function AccessRulesPage() {
  useTitle('Access rules');
  const { q = '' } = useSearch({ from: '/shell/security/access-rules' });
  const navigate = useNavigate({ from: '/security/access-rules' });
  const rules = useAdministered<{ rules: AccessRule[] }>('security/access-rules');
  const [importing, importer] = useDisclosure(false);
  const may = useMay('certServer.acl.configuration', 'modify');
  const found = (rules.data?.rules ?? []).filter((rule) => matches(rule, q));
  const changed = found.filter((rule) => rule.changed).length;
  return (
    <div className="page">
      <PageHead
        title="Access rules"
        actions={
          <>
            <Button
              component="a"
              href={apiUrl('security/access-rules/export')}
              download="access-rules.ldif"
              variant="default"
              leftSection={<IconDownload size={16} stroke={1.7} />}
            >
              Export
            </Button>
            {may && (
              <Button
                variant="default"
                leftSection={<IconUpload size={16} stroke={1.7} />}
                onClick={importer.open}
              >
                Import…
              </Button>
            )}
          </>
        }
      >
        What a rule denies is refused, whatever allows it; what no rule allows is refused as well. A
        rule covers what lies below its resource. The lines are Dogtag&apos;s.
      </PageHead>
      <div className={css.tools}>
        <TextInput
          className={css.search ?? ''}
          aria-label="Search access rules"
          placeholder="Resource, group, operation, words"
          leftSection={<IconSearch size={16} stroke={1.7} />}
          value={q}
          onChange={(event) => {
            const text = event.currentTarget.value;
            void navigate({ search: text === '' ? {} : { q: text }, replace: true });
          }}
        />
        <output className={css.count}>
          {rules.data !== undefined && plural(found.length, 'rule')}
          {changed > 0 && `, ${changed} changed`}
        </output>
      </div>
      <Reading
        of={rules}
        failed="The access rules could not be read"
        skeleton={<TableSkeleton label="Loading the access rules" rows={10} />}
      >
        {() =>
          found.length === 0 ? (
            <EmptyState title="No rule by these words">
              Try a part of the resource, such as <code>signedAudit</code>, or a group.
            </EmptyState>
          ) : (
            <DataTable
              label="Access rules"
              columns={COLUMNS}
              rows={found}
              keyOf={({ resource }) => resource}
            />
          )
        }
      </Reading>
      {importing && <ImportDialog onClose={importer.close} />}
    </div>
  );
}

function matches({ line }: AccessRule, search: string): boolean {
  const text = line.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const COLUMNS: readonly Column<AccessRule>[] = [
  {
    title: 'Resource',
    width: '34%',
    cell: ({ resource, description, changed }) => (
      <>
        <Link
          to="/security/access-rules/$resource"
          params={{ resource }}
          className={css.mono ?? ''}
        >
          {resource}
        </Link>{' '}
        {changed && <Tag tone="accent">Changed</Tag>}
        <span className={css.small}>{description}</span>
      </>
    ),
  },
  { title: 'Operations', width: '16%', cell: ({ operations }) => operations.join(', ') },
  { title: 'Who', cell: ({ entries }) => <RuleWords entries={entries} /> },
];
