import { Command } from 'commander';
import { registerCheck } from './commands/check.ts';
import { registerDemo } from './commands/demo.ts';
import { registerEvents } from './commands/events.ts';
import { registerIndexRebuild } from './commands/index/rebuild.ts';
import { registerLogCheckpoint } from './commands/log/checkpoint.ts';
import { registerCertificateCommands } from './commands/pki/certificates/register.ts';
import { registerPkiCommands } from './commands/pki/register.ts';
import { registerProducerCreate } from './commands/producer/create.ts';
import { registerProducerList } from './commands/producer/list.ts';
import { registerProve } from './commands/prove.ts';
import { registerReconcile } from './commands/reconcile.ts';
import { registerSearch } from './commands/search.ts';
import { registerSetup } from './commands/setup.ts';
import { registerShow } from './commands/show.ts';
import { registerStart } from './commands/start.ts';
import { registerVerify } from './commands/verify.ts';
import { registerDogtag } from './dogtag/register.ts';
import { registerGlobalOptions } from './pki/global-options.ts';

const EXIT_CODES = `
Exit codes:
  0  done, and the answer is yes
  1  wrong usage, or a file, folder or server could not be read or written
  2  verification failed: something is not what it is said to be

Results go to stdout, talk and progress to stderr. With --json results are JSON, one document a line,
and an error is {"error":{"code","message"}} on stderr.`;

/** Puts the whole command line together: nouns, then verbs, one file each under commands/. */
export function createProgram(): Command {
  const program = new Command('countersign')
    .description('the audit log of a PKI that anyone can verify')
    .version('0.1.0')
    .addHelpText('after', EXIT_CODES);
  registerGlobalOptions(program);

  program.commandsGroup('Server:');
  registerStart(program);
  registerDemo(program);
  registerSetup(program);

  const producer = program.command('producer').description('who may append records');
  registerProducerCreate(producer);
  registerProducerList(producer);
  registerDogtag(program);

  program.commandsGroup('Records:');
  registerSearch(program);
  registerShow(program);
  registerProve(program);
  registerCheck(program);
  registerVerify(program);
  registerReconcile(program);

  program.commandsGroup('Log:');
  registerLogCheckpoint(program.command('log').description('the log itself'));
  registerIndexRebuild(
    program.command('index').description('the search index, derived from the log'),
  );
  registerEvents(program);

  registerCertificateCommands(program);
  registerPkiCommands(program);
  return program;
}
