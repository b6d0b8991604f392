import { expect, test } from 'vitest';
import { ServerError } from '../errors.ts';
import { silentLoggers } from '../logger.ts';
import type { OwnDraft } from '../recording/draft.ts';
import { TlsSessions } from './tls-sessions.ts';

const limits = {
  signInsPerMinute: 60,
  sessionsPerMinute: 3,
  denialsPerMinute: 2,
  anonymousDenialsPerMinute: 5,
};
const connection = { clientAddress: '192.0.2.7', serverAddress: '192.0.2.1', certificate: null };
const certificate = { subject: 'CN=admin', issuer: 'CN=CA', serial: '1', fingerprint: 'ab' };

/** Sessions over a log that can be switched off; what it has taken, told shortly. */
function make() {
  const taken: string[] = [];
  const log = { works: true };
  const record = async (draft: OwnDraft): Promise<number> => {
    if (!log.works) throw new ServerError('log_unavailable', 'the disk is full');
    const value = (name: string) => draft.content.attributes?.find(([key]) => key === name)?.[1];
    const parts = [draft.event, draft.outcome, value('Info'), value('Attempts')];
    return taken.push(parts.filter((part) => part !== undefined).join(' '));
  };
  const sessions = new TlsSessions({ record }, limits, silentLoggers('server:tls'));
  return { sessions, taken, log };
}

test('a flood of failed handshakes from one address is recorded as a sum', async () => {
  const { sessions, taken } = make();
  for (let i = 0; i < 10; i += 1) sessions.refuse(connection, 'connection reset', null);
  await sessions.turn();
  const line = 'ACCESS_SESSION_ESTABLISH Failure connection reset';
  expect(taken).toEqual([line, line, `${line} 8`]);
});

test('a flood of sessions without a certificate is recorded as a sum; with one, each by itself', async () => {
  const { sessions, taken } = make();
  for (let i = 0; i < 10; i += 1) {
    const session = sessions.establish({}, connection);
    sessions.terminate(session, connection, 'connection reset');
  }
  await sessions.turn();
  expect(taken.filter((line) => line === 'ACCESS_SESSION_ESTABLISH Success')).toHaveLength(3);
  expect(taken.filter((line) => line.startsWith('ACCESS_SESSION_TERMINATED'))).toHaveLength(3);
  expect(taken).toContain('ACCESS_SESSION_ESTABLISH Success 7');
  for (let i = 0; i < 5; i += 1) sessions.establish({}, { ...connection, certificate });
  await sessions.idle();
  expect(taken).toHaveLength(12);
});

test('a session that the log could not take lets nothing happen until it can be recorded', async () => {
  const { sessions, taken, log } = make();
  log.works = false;
  const session = sessions.establish({}, connection);
  await expect(session.established()).rejects.toThrow('the disk is full');
  log.works = true;
  await session.established();
  await session.established();
  expect(taken).toEqual(['ACCESS_SESSION_ESTABLISH Success']);
});

test('the end of a session and a failed handshake are recorded when the log is back', async () => {
  const { sessions, taken, log } = make();
  const session = sessions.establish({}, connection);
  await sessions.idle();
  log.works = false;
  sessions.terminate(session, connection, 'connection reset');
  sessions.refuse(connection, 'connection reset', null);
  await sessions.idle();
  log.works = true;
  await sessions.turn();
  expect(taken.slice(1).toSorted()).toEqual([
    'ACCESS_SESSION_ESTABLISH Failure connection reset',
    'ACCESS_SESSION_TERMINATED Success connection reset',
  ]);
});
