import { Button } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { Notice } from './States.tsx';
import css from './file-picker.module.css';

/** Longest file that is read as text, in bytes. */
const MAX_BYTES = 1_000_000;

interface Props {
  readonly label: string;
  /** File name endings, as `<input accept>` has them. */
  readonly accept: string;
  readonly onText: (text: string) => void;
}

/** Takes the text of a file of this machine; it goes into the field it belongs to, nowhere else. */
export function FilePicker({ label, accept, onText }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const take = async (file: File) => {
    if (file.size > MAX_BYTES) {
      setSaid({ ok: false, text: `${file.name} is larger than 1 MB.` });
      return;
    }
    onText(await file.text());
    setSaid({ ok: true, text: file.name });
  };
  return (
    <div className={css.picker}>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconFileUpload size={15} stroke={1.7} />}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file !== undefined) {
            take(file).catch(() => setSaid({ ok: false, text: `${file.name} cannot be read.` }));
          }
        }}
      />
      {said?.ok === true && <span className="quiet">{said.text}</span>}
      {said?.ok === false && <Notice tone="fail">{said.text}</Notice>}
    </div>
  );
}
