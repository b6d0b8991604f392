import { TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSession } from '../api/session.ts';
import type { AuditConfiguration } from '../api/security.ts';
import { StateMark } from '../components/Marks.tsx';
import { Section } from '../components/PageHead.tsx';
import { allowedPages } from '../shell/pages.ts';
import css from '../security/security.module.css';
import { SETTINGS, type Draft, type SettingName } from './configuration-draft.ts';
import configurationCss from './configuration.module.css';

interface Props {
  readonly files: AuditConfiguration['files'];
  readonly draft: Draft;
  /** What the server said of a setting, by name. */
  readonly faults: Readonly<Record<string, string>>;
  /** Null where it is only shown. */
  readonly onType: ((name: SettingName, text: string) => void) | null;
}

/** The signed audit files: where they are, who signs them, and when a new one begins. */
export function FilesSection({ files, draft, faults, onType }: Props) {
  const session = useSession();
  const reads = allowedPages(session?.navigation ?? []).some(({ id }) => id === 'audit-files');
  return (
    <Section
      title="Signed audit files"
      note="The log in Dogtag's format, for tools that read it. The log itself is not affected by these settings."
    >
      <dl className={css.facts}>
        <dt>State</dt>
        <dd>
          {files.enabled ? (
            <StateMark tone="accent">Written</StateMark>
          ) : (
            <StateMark>Switched off</StateMark>
          )}
        </dd>
        <dt>Present file</dt>
        <dd>
          <code>{files.current}</code> {reads && <Link to="/audit-files">All files</Link>}
        </dd>
        <dt>Signed by</dt>
        <dd>{files.signingCertificate}</dd>
        <dt>Names of events</dt>
        <dd>{files.eventNames === 'current' ? "Dogtag's present ones" : 'Those of Dogtag 10.4'}</dd>
        {onType === null &&
          SETTINGS.map(({ name, title, unit }) => (
            <Setting key={name} title={title} value={`${files[name]} ${unit}`} />
          ))}
      </dl>
      {onType !== null && (
        <div className={configurationCss.settings}>
          {SETTINGS.map(({ name, title, unit, about }) => (
            <TextInput
              key={name}
              label={`${title} (${unit})`}
              description={about}
              inputMode="numeric"
              autoComplete="off"
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={draft.files[name] ?? String(files[name])}
              error={faults[`files.${name}`]}
              onChange={(event) => onType(name, event.currentTarget.value)}
            />
          ))}
        </div>
      )}
    </Section>
  );
}

function Setting({ title, value }: { readonly title: string; readonly value: string }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </>
  );
}
