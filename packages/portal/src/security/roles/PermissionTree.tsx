import { Checkbox } from '@mantine/core';
import { IconCheck, IconMinus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Resource } from '../../api/security.ts';
import { Tag } from '../../components/Marks.tsx';
import { plural } from '../../lib/format.ts';
import { rightOf, type Area } from './permission-tree.ts';
import css from './permission-tree.module.css';

interface Held {
  readonly own: ReadonlySet<string>;
  readonly byRule: ReadonlySet<string>;
  /** The role stands alone, so that reserved rights can be granted to it. */
  readonly exclusive: boolean;
  /** Grants or takes away; null where it is only shown. */
  readonly onToggle: ((right: string) => void) | null;
}

interface Props extends Held {
  readonly areas: readonly Area[];
}

/** Rights by area and resource, with Keyfactor's names beside ours. */
export function PermissionTree({ areas, ...held }: Props) {
  return areas.map(({ name, resources }) => (
    <section key={name} className={css.area} aria-label={name}>
      <h3>
        {name}
        <small>{plural(resources.length, 'resource')}</small>
      </h3>
      {resources.map((resource) => (
        <div key={resource.resource} className={css.resource}>
          <div className={css.what}>
            <code>{resource.resource}</code>
            {resource.reserved && <Tag>Kept for auditors</Tag>}
            <p>{resource.description}</p>
          </div>
          <ul className={css.operations} aria-label={`Operations on ${resource.resource}`}>
            {resource.operations.map(({ operation, names }) => (
              <li key={operation}>
                <Right resource={resource} operation={operation} {...held} />
                {names.length > 0 && <span className={css.names}>{names.join(' · ')}</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  ));
}

interface RightProps extends Held {
  readonly resource: Resource;
  readonly operation: string;
}

function Right({ resource, operation, own, byRule, exclusive, onToggle }: RightProps) {
  const right = rightOf({ resource: resource.resource, operation });
  const checked = own.has(right);
  const rule = byRule.has(right) && (
    <Link
      className={css.byRule}
      to="/security/access-rules/$resource"
      params={{ resource: resource.resource }}
    >
      by access rule
    </Link>
  );
  if (onToggle === null) {
    return (
      <span className={css.right} data-held={checked || byRule.has(right) ? 'yes' : 'no'}>
        {checked || byRule.has(right) ? (
          <IconCheck size={14} stroke={2.2} aria-label="may" />
        ) : (
          <IconMinus size={14} stroke={1.6} aria-label="may not" />
        )}
        {operation} {rule}
      </span>
    );
  }
  return (
    <span className={css.right}>
      <Checkbox
        size="xs"
        label={operation}
        aria-label={`${operation} on ${resource.resource}`}
        checked={checked}
        disabled={resource.reserved && !exclusive && !checked}
        onChange={() => onToggle(right)}
      />
      {rule}
    </span>
  );
}
