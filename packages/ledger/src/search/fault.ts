/** Errors between threads: a LedgerError stays one, anything else becomes `index_failed`. */
import { LedgerError, messageOf } from '../errors.ts';
import type { Fault } from './messages.ts';
import { isDamage } from './schema.ts';

export function faultOf(error: unknown): Fault {
  if (error instanceof LedgerError) {
    const { code, message, index } = error;
    const damage = code === 'index_damaged';
    return { code, message, damage, ...(index === undefined ? {} : { index }) };
  }
  const damage = isDamage(error);
  return {
    code: damage ? 'index_damaged' : 'index_failed',
    message: `index: ${messageOf(error)}`,
    damage,
  };
}

export function errorOf({ code, message, index }: Fault): LedgerError {
  return new LedgerError(code, message, index === undefined ? {} : { index });
}
