import { Checkbox, NativeSelect, NumberInput, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAdministered, useMay } from '../api/administration.ts';
import {
  KEY_ALGORITHMS,
  SAN_TYPES,
  type EnrollmentWay,
  type KeyAlgorithm,
  type MetadataField,
  type SanType,
  type TemplatePolicy,
} from '../api/certificates.ts';
import type { Role } from '../api/security.ts';
import { SAN_NAMES } from '../certificates/alternative-names.ts';
import { CheckList } from '../components/CheckList.tsx';
import { Section } from '../components/PageHead.tsx';
import { PART_NAMES } from '../enroll/subject.ts';
import { linesOf } from '../lib/lines.ts';
import { PartValues, RegexRules } from './RuleRows.tsx';
import type { TemplateDraft } from './template-draft.ts';
import css from './templates.module.css';
import { EXTENDED_USAGES, KEY_USAGES, RETENTIONS, WAYS } from './usages.ts';

interface Props {
  readonly draft: TemplateDraft;
  readonly may: boolean;
  readonly onChange: (draft: TemplateDraft) => void;
}

/** All that a template says; whoever may not change it sees the same, fixed. */
export function PolicyForm({ draft, may, onChange }: Props) {
  const { policy } = draft;
  const set = (change: Partial<TemplatePolicy>) =>
    onChange({ ...draft, policy: { ...policy, ...change } });
  return (
    <>
      <Part title="Template" may={may}>
        <TextInput
          label="Shown as"
          value={draft.displayName}
          onChange={(event) => onChange({ ...draft, displayName: event.currentTarget.value })}
        />
        <Textarea
          label="What it is for"
          rows={2}
          value={draft.description}
          onChange={(event) => onChange({ ...draft, description: event.currentTarget.value })}
        />
        <Checkbox
          size="xs"
          label="Enabled"
          description="Certificates can be asked for by it."
          checked={draft.enabled}
          onChange={(event) => onChange({ ...draft, enabled: event.currentTarget.checked })}
        />
      </Part>
      <CertificatePart policy={policy} may={may} set={set} />
      <KeyPart policy={policy} may={may} set={set} />
      <Part title="Subject" may={may}>
        <PartValues
          legend="Added where they lack"
          values={policy.subjectDefaults}
          onChange={(subjectDefaults) => set({ subjectDefaults })}
        />
        <RegexRules
          legend="Rules"
          subjects={PART_NAMES}
          rules={policy.subjectRegexes.map(({ part, ...rule }) => ({ about: part, ...rule }))}
          onChange={(rules) =>
            set({ subjectRegexes: rules.map(({ about, ...rule }) => ({ part: about, ...rule })) })
          }
        />
      </Part>
      <NamesPart policy={policy} may={may} set={set} />
      <EnrollmentPart policy={policy} may={may} set={set} />
      <MetadataPart policy={policy} may={may} set={set} />
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly note?: string;
  readonly may: boolean;
  readonly children: ReactNode;
}

function Part({ title, note, may, children }: PartProps) {
  return (
    <Section title={title} {...(note === undefined ? {} : { note })}>
      <fieldset className={css.part} disabled={!may} aria-label={title}>
        {children}
      </fieldset>
    </Section>
  );
}

interface PolicyProps {
  readonly policy: TemplatePolicy;
  readonly may: boolean;
  readonly set: (change: Partial<TemplatePolicy>) => void;
}

interface DaysProps {
  readonly label: string;
  readonly description?: string;
  readonly value: number;
  readonly minimum?: number;
  readonly onChange: (days: number) => void;
}

function Days({ label, description, value, minimum = 0, onChange }: DaysProps) {
  return (
    <NumberInput
      className={css.number ?? ''}
      label={label}
      description={description}
      hideControls
      allowDecimal={false}
      allowNegative={false}
      min={minimum}
      value={value}
      onChange={(next) => {
        if (typeof next === 'number') onChange(next);
      }}
    />
  );
}

function CertificatePart({ policy, may, set }: PolicyProps) {
  const known = new Set(EXTENDED_USAGES.map(({ value }) => value));
  const chosen = policy.extendedKeyUsage.filter((one) => known.has(one));
  const others = policy.extendedKeyUsage.filter((one) => !known.has(one));
  return (
    <Part title="Certificate" may={may}>
      <Days
        label="Valid for days"
        minimum={1}
        value={policy.validityDays}
        onChange={(validityDays) => set({ validityDays })}
      />
      <CheckList
        legend="Key usage"
        options={KEY_USAGES}
        value={policy.keyUsage}
        onChange={(keyUsage) => set({ keyUsage })}
      />
      <CheckList
        legend="Extended key usage"
        options={EXTENDED_USAGES}
        value={chosen}
        onChange={(next) => set({ extendedKeyUsage: [...next, ...others] })}
      />
      <TextInput
        className={css.mono ?? ''}
        label="Further extended key usage"
        description="Object identifiers, with blanks between."
        spellCheck={false}
        defaultValue={others.join(' ')}
        onBlur={(event) =>
          set({
            extendedKeyUsage: [
              ...chosen,
              ...linesOf(event.currentTarget.value.replaceAll(/[\s,;]+/g, '\n')),
            ],
          })
        }
      />
    </Part>
  );
}

function KeyPart({ policy, may, set }: PolicyProps) {
  return (
    <Part title="Key" may={may}>
      <CheckList
        legend="Keys that are allowed"
        options={KEY_ALGORITHMS.map((value) => ({ value, label: value }))}
        value={policy.keyAlgorithms}
        onChange={(names) => set({ keyAlgorithms: names as KeyAlgorithm[] })}
      />
      <NativeSelect
        label="Made here, unless another is asked for"
        value={policy.defaultKeyAlgorithm}
        data={[...new Set([...policy.keyAlgorithms, policy.defaultKeyAlgorithm])]}
        onChange={(event) =>
          set({ defaultKeyAlgorithm: event.currentTarget.value as KeyAlgorithm })
        }
      />
      <Checkbox
        size="xs"
        label="A key may be in more than one certificate"
        checked={policy.allowKeyReuse}
        onChange={(event) => set({ allowKeyReuse: event.currentTarget.checked })}
      />
      <NativeSelect
        label="Keys made here are kept"
        value={policy.keyRetention}
        data={RETENTIONS}
        onChange={(event) =>
          set({ keyRetention: event.currentTarget.value as TemplatePolicy['keyRetention'] })
        }
      />
      {(policy.keyRetention === 'after-expiration' || policy.keyRetention === 'from-issuance') && (
        <Days
          label="Days"
          value={policy.keyRetentionDays}
          onChange={(keyRetentionDays) => set({ keyRetentionDays })}
        />
      )}
    </Part>
  );
}

function NamesPart({ policy, may, set }: PolicyProps) {
  const { sans } = policy;
  const setSans = (change: Partial<TemplatePolicy['sans']>) =>
    set({ sans: { ...sans, ...change } });
  return (
    <Part title="Alternative names" may={may}>
      <CheckList
        legend="Kinds that are allowed"
        options={SAN_TYPES.map((value) => ({ value, label: SAN_NAMES[value] }))}
        value={sans.allowed}
        onChange={(allowed) => setSans({ allowed: allowed as SanType[] })}
      />
      <Checkbox
        size="xs"
        label="At least one is needed"
        checked={sans.required}
        onChange={(event) => setSans({ required: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label="The common name is a host name or an address, and is one of them"
        checked={sans.commonNameAsDns}
        onChange={(event) => setSans({ commonNameAsDns: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label="Wildcards, such as *.example.com"
        checked={policy.allowWildcards}
        onChange={(event) => set({ allowWildcards: event.currentTarget.checked })}
      />
      <RegexRules
        legend="Rules"
        subjects={SAN_NAMES}
        rules={sans.regexes.map(({ type, ...rule }) => ({ about: type, ...rule }))}
        onChange={(rules) =>
          setSans({
            regexes: rules.map(({ about, ...rule }) => ({ type: about as SanType, ...rule })),
          })
        }
      />
    </Part>
  );
}

function EnrollmentPart({ policy, may, set }: PolicyProps) {
  const seesRoles = useMay('certServer.usrgrp.administration', 'read');
  const { data } = useAdministered<{ roles: Role[] }>('security/roles', {}, seesRoles);
  const names = [
    ...new Set([...(data?.roles ?? []).map(({ name }) => name), ...policy.allowedRequesters]),
  ];
  return (
    <Part title="Enrollment" may={may}>
      <CheckList
        legend="Ways"
        options={WAYS}
        value={policy.enrollment}
        onChange={(enrollment) => set({ enrollment: enrollment as EnrollmentWay[] })}
      />
      <Checkbox
        size="xs"
        label="Somebody else has to approve"
        checked={policy.requiresApproval}
        onChange={(event) => set({ requiresApproval: event.currentTarget.checked })}
      />
      <CheckList
        legend="Only these roles"
        description="None chosen: everybody who may enroll."
        options={names.map((value) => ({ value, label: value }))}
        value={policy.allowedRequesters}
        onChange={(allowedRequesters) => set({ allowedRequesters })}
      />
      <Days
        label="Renewal is offered so many days before the end"
        value={policy.renewalDays}
        onChange={(renewalDays) => set({ renewalDays })}
      />
    </Part>
  );
}

const DEMANDS = [
  { value: '', label: 'As the field says' },
  { value: 'optional', label: 'Optional' },
  { value: 'required', label: 'Required' },
  { value: 'hidden', label: 'Not asked for' },
];

function MetadataPart({ policy, may, set }: PolicyProps) {
  const reads = useMay('certServer.metadata.types', 'read');
  const { data } = useAdministered<{ metadataFields: MetadataField[] }>(
    'metadata-fields',
    {},
    reads,
  );
  const names = [
    ...new Set([
      ...(data?.metadataFields ?? []).map(({ name }) => name),
      ...Object.keys(policy.metadataFields),
    ]),
  ];
  if (names.length === 0) return null;
  return (
    <Part title="Metadata" note="What is asked for at enrollment." may={may}>
      {names.map((name) => (
        <NativeSelect
          key={name}
          label={name}
          value={policy.metadataFields[name] ?? ''}
          data={DEMANDS}
          onChange={(event) => {
            const { [name]: _gone, ...rest } = policy.metadataFields;
            const demand = event.currentTarget.value;
            set({
              metadataFields:
                demand === ''
                  ? rest
                  : { ...rest, [name]: demand as 'optional' | 'required' | 'hidden' },
            });
          }}
        />
      ))}
    </Part>
  );
}
