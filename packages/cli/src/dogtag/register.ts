import type { Command } from 'commander';
import { registerDogtagImport } from './import.ts';
import { registerDogtagVerify } from './verify.ts';

/** Adds `dogtag verify` and `dogtag import`. */
export function registerDogtag(program: Command): void {
  const dogtag = program.command('dogtag').description("Dogtag's signed audit log");
  registerDogtagVerify(dogtag);
  registerDogtagImport(dogtag);
}
