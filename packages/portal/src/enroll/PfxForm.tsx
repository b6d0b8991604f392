import { Button, NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type {
  CertificateDetails,
  Enrolled,
  EnrollmentOptions,
  Template,
} from '../api/certificates.ts';
import { formatAltNames, parseAltNames } from '../certificates/alternative-names.ts';
import { Notice } from '../components/States.tsx';
import { CommonFields } from './CommonFields.tsx';
import css from './enroll.module.css';
import { PART_NAMES, partsOf, SUBJECT_PARTS, subjectOf, type SubjectDraft } from './subject.ts';
import { useEnroll } from './use-enroll.ts';

export interface FormProps {
  readonly template: Template;
  readonly options: EnrollmentOptions;
  /** What the new one is to replace. */
  readonly old: CertificateDetails | null;
  readonly onDone: (enrolled: Enrolled) => void;
}

const MIN_PASSWORD = 8;

/** A certificate with a key that is made here. */
export function PfxForm({ template, options, old, onDone }: FormProps) {
  const { policy } = template;
  const [subject, setSubject] = useState<SubjectDraft>(() => partsOf(old?.subject ?? '') ?? {});
  const [names, setNames] = useState(formatAltNames(old?.sans ?? []));
  const [keyAlgorithm, setKeyAlgorithm] = useState<string>(policy.defaultKeyAlgorithm);
  const [friendlyName, setFriendlyName] = useState('');
  const [password, setPassword] = useState('');
  const { send, general, fields, common, complete } = useEnroll(
    'pfx',
    template,
    options,
    old?.metadata ?? {},
    onDone,
  );
  const written = subjectOf({ ...policy.subjectDefaults, ...withoutEmpty(subject) });
  const sans = parseAltNames(names);
  const short = password !== '' && password.length < MIN_PASSWORD;
  const ready = complete && !short && (written !== '' || sans.length > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready || send.isPending) return;
    send.mutate({
      subject: written,
      sans,
      keyAlgorithm,
      ...(password === '' ? {} : { password }),
      ...(friendlyName.trim() === '' ? {} : { friendlyName: friendlyName.trim() }),
      ...(old === null ? {} : { renews: old.id }),
    });
  };
  return (
    <form className={css.fields} onSubmit={submit} noValidate>
      {general !== null && <Notice tone="fail">{general}</Notice>}
      <fieldset className={css.fieldset}>
        <legend>Subject</legend>
        <div className={css.pair}>
          {SUBJECT_PARTS.map((part) => (
            <TextInput
              key={part}
              label={PART_NAMES[part]}
              placeholder={policy.subjectDefaults[part]}
              autoComplete="off"
              spellCheck={false}
              value={subject[part] ?? ''}
              onChange={(event) => setSubject({ ...subject, [part]: event.currentTarget.value })}
            />
          ))}
        </div>
        <output className={css.dn} aria-label="Subject as it is written">
          {written === '' ? <span className="quiet">No subject</span> : written}
        </output>
        {fields['subject'] !== undefined && <Notice tone="fail">{fields['subject']}</Notice>}
      </fieldset>
      {policy.sans.allowed.length > 0 && (
        <AltNames value={names} policy={policy} error={fields['sans']} onChange={setNames} />
      )}
      <div className={css.pair}>
        <NativeSelect
          label="Key"
          value={keyAlgorithm}
          error={fields['keyAlgorithm']}
          data={[...policy.keyAlgorithms]}
          onChange={(event) => setKeyAlgorithm(event.currentTarget.value)}
        />
        <TextInput
          label="Friendly name"
          description="Optional: what the file calls it."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autoComplete="off"
          value={friendlyName}
          error={fields['friendlyName']}
          onChange={(event) => setFriendlyName(event.currentTarget.value)}
        />
      </div>
      <PasswordInput
        label="Password of the file"
        description="Optional: without one it is made up and shown once."
        autoComplete="new-password"
        value={password}
        error={
          fields['password'] ?? (short ? `Use ${MIN_PASSWORD} characters or more.` : undefined)
        }
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <CommonFields {...common} />
      <div className={css.submit}>
        <Button type="submit" loading={send.isPending} disabled={!ready}>
          {policy.requiresApproval ? 'Ask for approval' : 'Enroll'}
        </Button>
      </div>
    </form>
  );
}

function withoutEmpty(draft: SubjectDraft): SubjectDraft {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value.trim() !== ''));
}

interface AltNamesProps {
  readonly value: string;
  readonly policy: Template['policy'];
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}

/** Alternative names, one a line; of which kind each is can be seen from it. */
export function AltNames({ value, policy, error, onChange }: AltNamesProps) {
  return (
    <Textarea
      className={css.drop ?? ''}
      label="Alternative names"
      description={`One a line; ${policy.sans.commonNameAsDns ? 'the common name is one by itself. ' : ''}With a kind before it where it is not plain: upn:jdoe@example.com.`}
      required={policy.sans.required && !policy.sans.commonNameAsDns}
      rows={3}
      spellCheck={false}
      autoComplete="off"
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
