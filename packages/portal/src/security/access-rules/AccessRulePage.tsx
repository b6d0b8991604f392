import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useParams } from '@tanstack/react-router';
import { useAdministered, useMay } from '../../api/administration.ts';
import type { AccessRule } from '../../api/security.ts';
import { TableSkeleton } from '../../components/DataTable.tsx';
import { Tag } from '../../components/Marks.tsx';
import { PageHead, Section } from '../../components/PageHead.tsx';
import { Reading } from '../../components/Reading.tsx';
import { EmptyState } from '../../components/States.tsx';
import { TimeText } from '../../components/Values.tsx';
import { useTitle } from '../../lib/title.ts';
import { RecordsLink } from '../RecordsLink.tsx';
import css from '../security.module.css';
import ruleCss from './access-rules.module.css';
import { ResetDialog } from './RuleDialogs.tsx';
import { RuleEditor } from './RuleEditor.tsx';
import { RuleWords } from './RuleWords.tsx';

/** One access rule: who may what, and the line that says so. */
export function AccessRulePage() {
  const { resource } = useParams({ from: '/shell/security/access-rules/$resource' });
  useTitle(resource);
  const rules = useAdministered<{ rules: AccessRule[] }>('security/access-rules');
  return (
    <div className="page">
      <Reading
        of={rules}
        failed="The access rule could not be read"
        skeleton={<TableSkeleton label="Loading the access rule" rows={4} />}
      >
        {(data) => {
          const rule = data.rules.find((one) => one.resource === resource);
          return rule === undefined ? <None resource={resource} /> : <Loaded rule={rule} />;
        }}
      </Reading>
    </div>
  );
}

function None({ resource }: { readonly resource: string }) {
  return (
    <EmptyState title="There is no rule of its own">
      <code>{resource}</code> is covered by the rule of a resource above it, or by none: then nobody
      may use it. A rule for it can be imported.
    </EmptyState>
  );
}

function Loaded({ rule }: { readonly rule: AccessRule }) {
  const may = useMay('certServer.acl.configuration', 'modify');
  const [resetting, reset] = useDisclosure(false);
  return (
    <>
      <PageHead
        title={<span className={ruleCss.resource}>{rule.resource}</span>}
        actions={
          <>
            <RecordsLink target={rule.resource} about="this rule" />
            {may && rule.changed && (
              <Button variant="default" size="xs" onClick={reset.open}>
                Reset to the product&apos;s
              </Button>
            )}
          </>
        }
      >
        {rule.description}
      </PageHead>
      <dl className={css.facts}>
        <dt>Operations</dt>
        <dd>{rule.operations.join(', ')}</dd>
        <dt>Who</dt>
        <dd>
          <RuleWords entries={rule.entries} />
        </dd>
        <dt>State</dt>
        <dd>
          {rule.changed ? <Tag tone="accent">Changed</Tag> : 'As the product has it'}
          {rule.updatedAt !== null && (
            <>
              {' '}
              <TimeText iso={rule.updatedAt} />
              {rule.updatedBy !== null && ` by ${rule.updatedBy}`}
            </>
          )}
        </dd>
      </dl>
      <Section
        title="The rule as a line"
        note="resource : operations : entries, separated by semicolons : description. It takes effect at once, and the change is recorded."
      >
        {may ? (
          <RuleEditor key={rule.line} rule={rule} />
        ) : (
          <pre className={ruleCss.line}>{rule.line}</pre>
        )}
      </Section>
      {resetting && <ResetDialog rule={rule} onClose={reset.close} />}
    </>
  );
}
