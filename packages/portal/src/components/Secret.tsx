import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useCopy } from '../lib/clipboard.ts';
import css from './form-dialog.module.css';

/** A password, key or secret to take along: whole, selectable, with a button that copies it. */
export function Secret({ label, value }: { readonly label: string; readonly value: string }) {
  const { copied, copy } = useCopy();
  return (
    <div className={css.secret}>
      <span className="label">{label}</span>
      <output aria-label={label}>
        <code>{value}</code>
      </output>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
        onClick={() => copy(value)}
      >
        {copied ? 'Copied' : 'Copy'}
        <span className="hidden-visually"> {label}</span>
      </Button>
    </div>
  );
}
