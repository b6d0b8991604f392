import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { signIn } from '../api/session.ts';
import { Notice } from '../components/States.tsx';
import { TimeText } from '../components/Values.tsx';
import { formatRelative } from '../lib/time.ts';
import { useTitle } from '../lib/title.ts';
import { describeFailure, describeReturn } from './failure.ts';
import { nextPath } from './next-path.ts';
import { OtherWays } from './OtherWays.tsx';
import css from './sign-in.module.css';

export function SignInPage() {
  useTitle('Sign in');
  const { next, failed } = useSearch({ from: '/sign-in' });
  const client = useQueryClient();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onSuccess: () => {
      client.clear();
      // The page is asked of the server, which decides whether this person may open it.
      window.location.assign(nextPath(next));
    },
    onError: () => setPassword(''),
  });
  // The page is this form and nothing else: typing may begin at once.
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => name.current?.focus(), []);
  const [refusal, setRefusal] = useState(failed === undefined ? null : describeReturn(failed));
  const failure = attempt.isError ? describeFailure(attempt.error) : refusal;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (username.trim() === '' || password === '') return;
    setRefusal(null);
    attempt.mutate();
  };
  return (
    <main className={css.page}>
      <div className={css.panel}>
        <div className={css.brand}>
          <img src="/portal/mark.svg" alt="" />
          <div>
            <h1>Countersign</h1>
            <p>The audit log anyone can verify</p>
          </div>
        </div>
        <form className={css.form} onSubmit={submit}>
          {failure !== null && (
            <Notice tone={failure.tone}>
              <b>{failure.title}.</b> {failure.advice}
              {failure.until !== undefined && (
                <>
                  {' '}
                  It opens again at <TimeText iso={failure.until} />,{' '}
                  {formatRelative(failure.until, new Date(attempt.submittedAt))}.
                </>
              )}
            </Notice>
          )}
          <TextInput
            label="Name"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            ref={name}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button
            type="submit"
            loading={attempt.isPending || attempt.isSuccess}
            disabled={username.trim() === '' || password === ''}
          >
            Sign in
          </Button>
        </form>
        <OtherWays
          next={nextPath(next)}
          onFailure={(error) => {
            attempt.reset();
            setRefusal(describeFailure(error));
          }}
        />
        <p className={css.recorded}>Your attempt is recorded.</p>
      </div>
    </main>
  );
}
