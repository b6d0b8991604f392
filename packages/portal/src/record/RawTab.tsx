import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core';
import { fromBase64, fromUtf8 } from '@countersign/tlog';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { RecordDetails } from '../api/types.ts';
import { download, useCopy } from '../lib/clipboard.ts';
import { formatBytes } from '../lib/format.ts';
import css from './record.module.css';

interface Props {
  readonly record: RecordDetails;
  readonly proof: string | undefined;
}

/** The bytes a base64 text stands for, and their text; a text that is no base64 is shown as it came. */
function decode(base64: string): { bytes: Uint8Array | string; text: string } {
  try {
    const bytes = fromBase64(base64);
    return { bytes, text: fromUtf8(bytes) };
  } catch {
    return { bytes: base64, text: base64 };
  }
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Envelope, content, Dogtag line and proof, exactly as they are; what is copied and saved is always exact. */
export function RawTab({ record, proof }: Props) {
  const [view, setView] = useState('indented');
  const envelope = decode(record.envelopeBytes);
  const content = record.contentBytes === null ? null : decode(record.contentBytes);
  const shown = (text: string) => (view === 'exact' ? text : indented(text));
  const name = `record-${record.index}`;
  return (
    <>
      <div style={{ paddingTop: 16 }} className="no-print">
        <SegmentedControl
          size="xs"
          aria-label="How the JSON is shown"
          value={view}
          onChange={setView}
          data={[
            { value: 'indented', label: 'Indented' },
            { value: 'exact', label: 'Exact bytes' },
          ]}
        />
      </div>
      <Raw
        title="Envelope"
        shown={shown(envelope.text)}
        exact={envelope.text}
        file={{ name: `${name}-envelope.json`, data: envelope.bytes, type: 'application/json' }}
      />
      {content === null ? (
        <p className={css.note}>The content was erased; its digest stands in the envelope.</p>
      ) : (
        <Raw
          title="Content"
          shown={shown(content.text)}
          exact={content.text}
          file={{ name: `${name}-content.json`, data: content.bytes, type: 'application/json' }}
        />
      )}
      {record.dogtagLine !== null && (
        <Raw
          title="Dogtag line"
          shown={record.dogtagLine}
          exact={record.dogtagLine}
          file={{ name: `${name}-dogtag.log`, data: `${record.dogtagLine}\n`, type: 'text/plain' }}
        />
      )}
      {proof !== undefined && (
        <Raw
          title="Proof"
          shown={proof}
          exact={proof}
          file={{ name: `${name}.tlog-proof`, data: proof, type: 'text/plain' }}
        />
      )}
    </>
  );
}

interface RawProps {
  readonly title: string;
  readonly shown: string;
  readonly exact: string;
  readonly file: {
    readonly name: string;
    readonly data: Uint8Array | string;
    readonly type: string;
  };
}

function Raw({ title, shown, exact, file }: RawProps) {
  const { copied, copy } = useCopy();
  const size = typeof file.data === 'string' ? new Blob([file.data]).size : file.data.length;
  return (
    <section className={css.raw}>
      <div className={css.rawhead}>
        <h3>
          {title}
          <small>{formatBytes(size)}</small>
        </h3>
        <Tooltip label={copied ? 'Copied' : 'Copy'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            aria-label={`Copy: ${title}`}
            onClick={() => copy(exact)}
          >
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} stroke={1.7} />}
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`Save as ${file.name}`}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            aria-label={`Save: ${title}`}
            onClick={() => download(file.name, file.data, file.type)}
          >
            <IconDownload size={15} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by key */}
      <pre tabIndex={0} aria-label={title}>
        {shown}
      </pre>
    </section>
  );
}
