import { NativeSelect } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useAdministered } from '../api/administration.ts';
import type {
  CertificateDetails,
  Enrolled,
  EnrollmentOptions,
  Template,
} from '../api/certificates.ts';
import { nameOf } from '../certificates/certificate-state.ts';
import { TableSkeleton } from '../components/DataTable.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { Reading } from '../components/Reading.tsx';
import { EmptyState, Notice } from '../components/States.tsx';
import { Tabs } from '../components/Tabs.tsx';
import { useTitle } from '../lib/title.ts';
import { CsrForm } from './CsrForm.tsx';
import { EnrolledResult } from './EnrolledResult.tsx';
import { WAY_NAMES, waysOf, type EnrollSearch } from './enroll-search.ts';
import css from './enroll.module.css';
import { PfxForm } from './PfxForm.tsx';
import { policyLines } from './policy-text.ts';

/** Asking for a certificate: by a template, with a key made here or by a request made elsewhere. */
export function EnrollPage() {
  useTitle('Enroll');
  const { renews } = useSearch({ from: '/shell/enroll' });
  const options = useAdministered<EnrollmentOptions>('enrollment/options');
  const old = useAdministered<CertificateDetails>(
    `certificates/${renews ?? 0}`,
    {},
    renews !== undefined,
  );
  const [done, setDone] = useState<Enrolled | null>(null);
  if (done !== null) return <EnrolledResult enrolled={done} onAnother={() => setDone(null)} />;
  const ready = renews === undefined ? options : old.data === undefined ? old : options;
  return (
    <div className="page">
      <PageHead title="Enroll">
        A template says what certificates are like and who gets them. What is asked for, by whom and
        what came of it is recorded.
      </PageHead>
      <Reading<unknown>
        of={ready}
        failed={
          ready === old
            ? `Certificate ${renews} could not be read`
            : 'The templates could not be read'
        }
        skeleton={<TableSkeleton label="Loading the templates" />}
      >
        {() =>
          options.data === undefined ? (
            <TableSkeleton label="Loading the templates" />
          ) : (
            <WithTemplates
              options={options.data}
              old={renews === undefined ? null : (old.data ?? null)}
              onDone={setDone}
            />
          )
        }
      </Reading>
    </div>
  );
}

interface WithTemplatesProps {
  readonly options: EnrollmentOptions;
  /** What the new one is to replace. */
  readonly old: CertificateDetails | null;
  readonly onDone: (enrolled: Enrolled) => void;
}

function WithTemplates({ options, old, onDone }: WithTemplatesProps) {
  const search = useSearch({ from: '/shell/enroll' });
  const navigate = useNavigate({ from: '/enroll' });
  const go = (next: EnrollSearch) => void navigate({ search: next, replace: true });
  const wanted = search.template ?? old?.template;
  const usable = options.templates.filter((one) => waysOf(one).length > 0);
  const template = usable.find(({ name }) => name === wanted) ?? usable[0];
  if (template === undefined) {
    return (
      <EmptyState title="There is no template for you">
        No template that is enabled lets your roles ask for a certificate. Those who manage
        templates can change that.
      </EmptyState>
    );
  }
  const ways = waysOf(template);
  const way = ways.find((one) => one === search.way) ?? ways[0] ?? 'csr';
  const form = { template, options, old, onDone };
  return (
    <div className={css.columns}>
      <div className={css.form}>
        {old !== null && (
          <Notice>
            It replaces <b>{nameOf(old)}</b>, serial number <code>{old.serial}</code>.
          </Notice>
        )}
        <NativeSelect
          label="Template"
          description={template.description === '' ? undefined : template.description}
          value={template.name}
          data={usable.map(({ name, displayName }) => ({ value: name, label: displayName }))}
          onChange={(event) => go({ ...search, template: event.currentTarget.value })}
        />
        <Tabs
          label="How"
          tabs={ways.map((id) => ({ id, title: WAY_NAMES[id] }))}
          tab={way}
          onTab={(next) => go({ ...search, way: next })}
        >
          {way === 'pfx' ? (
            <PfxForm key={template.name} {...form} />
          ) : (
            <CsrForm key={template.name} {...form} />
          )}
        </Tabs>
      </div>
      <PolicyHelp template={template} />
    </div>
  );
}

function PolicyHelp({ template }: { readonly template: Template }) {
  return (
    <aside className={css.policy} aria-label={`Policy of ${template.displayName}`}>
      <h2>{template.displayName}</h2>
      <dl>
        {policyLines(template).map(({ about, says }) => (
          <div key={`${about} ${says}`}>
            <dt>{about}</dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </aside>
  );
}
