import type { Content } from '@countersign/records';
import type { JsonValue } from '@countersign/tlog';
import { Fragment } from 'react';
import { plural, splitCapitals } from '../lib/format.ts';
import { changedFields, countFields, listChange, showValue, type FieldChange } from './diff.ts';
import css from './record.module.css';

/** Text longer than this may have to scroll within its field, in characters. */
const LONG = 400;

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
              <Sides {...change} />
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

/** Both sides of one field: of lists only the items that differ, of anything else all. */
function Sides({ before, after }: FieldChange) {
  const items = listChange(before, after);
  if (items === null) {
    return (
      <>
        <td>
          <Side value={before} side="before" />
        </td>
        <td>
          <Side value={after} side="after" />
        </td>
      </>
    );
  }
  const same =
    items.same === 0 ? null : (
      <small className={css.same}>{plural(items.same, 'item')} on both sides</small>
    );
  return (
    <>
      <td>
        {items.removed.length > 0 && <Side value={marked('− ', items.removed)} side="before" />}
        {same}
      </td>
      <td>
        {items.added.length > 0 && <Side value={marked('+ ', items.added)} side="after" />}
        {same}
      </td>
    </>
  );
}

function marked(sign: string, items: readonly JsonValue[]): string {
  return items.map((item) => sign + showValue(item)).join('\n');
}

function Side(props: { readonly value: JsonValue | undefined; readonly side: 'before' | 'after' }) {
  if (props.value === undefined) return <span className={css.absent}>not there</span>;
  const text = showValue(props.value);
  return (
    <span
      className={css.value}
      data-side={props.side}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key
      tabIndex={text.length > LONG ? 0 : undefined}
    >
      {text}
    </span>
  );
}
