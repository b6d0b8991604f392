import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { pathTo, useAdministered, useChange, useMay } from '../api/administration.ts';
import type { Template } from '../api/certificates.ts';
import { apiUrl, requestJson } from '../api/client.ts';
import { faultsOf } from '../api/faults.ts';
import { useSession } from '../api/session.ts';
import { ChangeBar } from '../components/ChangeBar.tsx';
import { TableSkeleton } from '../components/DataTable.tsx';
import { StateMark } from '../components/Marks.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { waysOf } from '../enroll/enroll-search.ts';
import { useTitle } from '../lib/title.ts';
import { RecordsLink } from '../security/RecordsLink.tsx';
import { allowedPages } from '../shell/pages.ts';
import { PolicyForm } from './PolicyForm.tsx';
import { changesOf, diffOf, type TemplateDraft } from './template-draft.ts';
import { DeleteTemplateDialog } from './TemplateDialogs.tsx';

/** One template: what it says, section by section, changed where that is allowed. */
export function TemplatePage() {
  const { name } = useParams({ from: '/shell/templates/$name' });
  useTitle(name);
  const template = useAdministered<Template>(`templates/${pathTo(name)}`);
  return (
    <div className="page">
      <Reading
        of={template}
        failed={`The template ${name} could not be read`}
        skeleton={<TableSkeleton label={`Loading the template ${name}`} rows={10} />}
      >
        {(found) => <Loaded key={found.updatedAt} template={found} />}
      </Reading>
    </div>
  );
}

function Loaded({ template }: { readonly template: Template }) {
  const [draft, setDraft] = useState<TemplateDraft>(template);
  const [deleting, setDeleting] = useState(false);
  const may = useMay('certServer.profile.configuration', 'modify');
  const session = useSession();
  const enrolls = allowedPages(session?.navigation ?? []).some(({ id }) => id === 'enroll');
  const changes = changesOf(template, draft);
  const save = useChange(() =>
    requestJson<Template>(apiUrl(`templates/${pathTo(template.name)}`), {
      method: 'PATCH',
      body: changes,
    }),
  );
  const rows = diffOf(template, draft);
  const { general, fields } = faultsOf(save.error, ['displayName', 'description', 'policy']);
  return (
    <>
      <PageHead
        title={template.displayName}
        actions={
          <>
            <RecordsLink target={template.name} about="this template" />
            {enrolls && template.enabled && waysOf(template).length > 0 && (
              <Button
                component={Link}
                to={`/enroll?template=${encodeURIComponent(template.name)}`}
                variant="default"
                size="xs"
              >
                Enroll by it
              </Button>
            )}
            {may && (
              <Button variant="default" size="xs" onClick={() => setDeleting(true)}>
                Delete…
              </Button>
            )}
          </>
        }
      >
        {template.enabled ? (
          <StateMark tone="accent">Enabled</StateMark>
        ) : (
          <StateMark>Disabled: nobody enrolls by it</StateMark>
        )}
      </PageHead>
      <PolicyForm draft={draft} may={may} onChange={setDraft} />
      {rows.length > 0 && (
        <ChangeBar
          count={new Set(rows.map(({ text }) => text.split(':', 1)[0])).size}
          rows={rows}
          fault={
            general ?? fields['policy'] ?? fields['displayName'] ?? fields['description'] ?? null
          }
          busy={save.isPending}
          submit="Save the template"
          onSave={() => save.mutate(undefined)}
          onDiscard={() => {
            save.reset();
            setDraft(template);
          }}
        />
      )}
      {deleting && <DeleteTemplateDialog template={template} onClose={() => setDeleting(false)} />}
    </>
  );
}
