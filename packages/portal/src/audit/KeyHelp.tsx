import { Kbd, Modal } from '@mantine/core';
import css from './audit.module.css';

const KEYS = [
  ['/', 'Go to the query'],
  ['j', 'Next record'],
  ['k', 'Previous record'],
  ['Enter', 'Open the record'],
  ['Esc', 'Close the record, or leave the query'],
  ['?', 'These keys'],
  ['Ctrl K', 'Go to a page, a record, or search'],
] as const;

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys" size="sm">
      <dl className={css.keys}>
        {KEYS.map(([key, meaning]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>
              <Kbd>{key}</Kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
