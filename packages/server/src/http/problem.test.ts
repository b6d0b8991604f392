import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { silentLoggers } from '../logger.ts';
import { toServerError } from './problem.ts';

const logger = silentLoggers('server:http');

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('what SQLite throws', () => {
  test('is the refusal of a log that takes no records when the disk is full', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('pragma max_page_count = 2; create table t (x)');
    const full = thrownBy(() => database.exec('insert into t values (zeroblob(100000))'));
    expect(toServerError(full, logger, 'id')).toMatchObject({
      code: 'log_unavailable',
      message: 'nothing can be done without its record: database or disk is full',
      headers: { 'retry-after': '1' },
    });
    database.close();
  });

  test('is a fault of ours otherwise, and is told to nobody', () => {
    const database = new DatabaseSync(':memory:');
    const syntax = thrownBy(() => database.exec('select secret from nowhere'));
    const error = toServerError(syntax, logger, 'id');
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('nowhere');
    database.close();
  });
});
