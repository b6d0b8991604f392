import { Button, Modal, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { changePassword, sessionQuery } from '../api/session.ts';
import { Notice } from '../components/States.tsx';
import css from './account.module.css';
import { describePasswordFailure } from './password-failure.ts';

interface Props {
  readonly username: string;
  readonly onClose: () => void;
}

/** Changes the password of whoever is signed in. */
export function PasswordDialog({ username, onClose }: Props) {
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const change = useMutation({
    mutationFn: () => changePassword(current, next),
    onSuccess: () => client.refetchQueries({ queryKey: sessionQuery.queryKey }),
  });
  const failure = change.isError ? describePasswordFailure(change.error) : null;
  const differs = again !== '' && !next.startsWith(again) && again !== next;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (current !== '' && next !== '' && next === again) change.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Change password" size="sm">
      {change.isSuccess ? (
        <div className={css.form}>
          <Notice tone="good">
            Your password is changed. Other sessions of yours have ended; this one goes on.
          </Notice>
          <Button onClick={onClose} data-autofocus>
            Close
          </Button>
        </div>
      ) : (
        <form className={css.form} onSubmit={submit}>
          {failure?.field === null && <Notice tone="fail">{failure.text}</Notice>}
          <input type="hidden" name="username" autoComplete="username" value={username} readOnly />
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            data-autofocus
            value={current}
            error={failure?.field === 'current' ? failure.text : undefined}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description="8 characters or more; a few words in a row are easy to keep and hard to guess."
            autoComplete="new-password"
            value={next}
            error={failure?.field === 'next' ? failure.text : undefined}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            value={again}
            error={differs ? 'This is not the same.' : undefined}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <Button
            type="submit"
            loading={change.isPending}
            disabled={current === '' || next === '' || next !== again}
          >
            Change password
          </Button>
          <p className={css.recorded}>The change is recorded, the passwords are not.</p>
        </form>
      )}
    </Modal>
  );
}
