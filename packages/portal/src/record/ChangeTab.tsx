import type { Content } from '@countersign/records';
import type { JsonValue } from '@countersign/tlog';
import { Fragment } from 'react';
import { plural, splitCapitals } from '../lib/format.ts';
import { changedFields, countFields, showValue } from './diff.ts';
import css from './record.module.css';

/** Before and after, field by field, side by side; only what changed. */
export function ChangeTab({ content }: { readonly content: Content | null }) {
  if (content === null)
    return <p className={css.note}>What changed was erased with the content.</p>;
  const { before, after } = content;
  if (before === undefined && after === undefined) {
    return (
      <p className={css.note}>
        Nothing was changed by this operation, or its system does not say what. Where a record
        carries the object before and after, the fields that differ stand here.
      </p>
    );
  }
  const changes = changedFields(before, after);
  const same = Math.max(0, countFields(after ?? before) - changes.length);
  return (
    <>
      <table className={css.change}>
        <colgroup>
          <col style={{ width: '30%' }} />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.path.join('\u0000')}>
              <th scope="row">
                {change.path.length > 1 && <small>{change.path.slice(0, -1).join(' › ')}</small>}
                <FieldName name={change.path.at(-1) ?? ''} />
              </th>
              <td>
                <Side value={change.before} side="before" />
              </td>
              <td>
                <Side value={change.after} side="after" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={css.note}>
        {changes.length === 0 ? 'The object is the same before and after. ' : ''}
        {same > 0 && changes.length > 0 && `${plural(same, 'field')} unchanged, not shown.`}
        {before === undefined && ' The object did not exist before.'}
        {after === undefined && ' The object does not exist afterwards.'}
      </p>
    </>
  );
}

/** A name that may break where its words begin. */
function FieldName({ name }: { readonly name: string }) {
  return splitCapitals(name)
    .split(' ')
    .map((word, n) => (
      <Fragment
        // oxlint-disable-next-line react/no-array-index-key -- they repeat and never move: their place is their identity
        key={n}
      >
        {n > 0 && <wbr />}
        {word}
      </Fragment>
    ));
}

function Side(props: { readonly value: JsonValue | undefined; readonly side: 'before' | 'after' }) {
  if (props.value === undefined) return <span className={css.absent}>not there</span>;
  return (
    <span className={css.value} data-side={props.side}>
      {showValue(props.value)}
    </span>
  );
}
