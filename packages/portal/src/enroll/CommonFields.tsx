import { NativeSelect } from '@mantine/core';
import { MetadataInputs } from '../certificates/MetadataInputs.tsx';
import css from './enroll.module.css';
import type { useEnroll } from './use-enroll.ts';

type Props = ReturnType<typeof useEnroll>['common'];

/** What is asked for whichever way: who issues, and what is kept beside the certificate. */
export function CommonFields(props: Props) {
  const { asked, metadata, setMetadata, authorities, authority, setAuthority, fields } = props;
  return (
    <>
      {authorities.length > 1 && (
        <NativeSelect
          label="Authority"
          value={authority}
          error={fields['authority']}
          data={[
            { value: '', label: 'Whichever fits' },
            ...authorities.map(({ id, name, keyAlgorithm }) => ({
              value: id,
              label: `${name} (${keyAlgorithm})`,
            })),
          ]}
          onChange={(event) => setAuthority(event.currentTarget.value)}
        />
      )}
      {asked.length > 0 && (
        <fieldset className={css.fieldset}>
          <legend>Metadata</legend>
          <MetadataInputs
            fields={asked}
            draft={metadata}
            faults={Object.fromEntries(
              asked.flatMap(({ name }) => {
                const said = fields[`metadata.${name}`];
                return said === undefined ? [] : [[name, said]];
              }),
            )}
            onChange={setMetadata}
          />
        </fieldset>
      )}
    </>
  );
}
