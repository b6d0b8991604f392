import type { Command } from 'commander';
import { checkProof, type Step } from '../check-proof.ts';
import { EXIT_NOT_VERIFIED, EXIT_OK } from '../errors.ts';
import { readInput } from '../files.ts';
import { readVerifierKeys } from '../keys.ts';
import { jsonOption } from '../options.ts';
import { createOutput, printable, type Output, type Style } from '../output.ts';

const HELP = `
Needs no server, no data folder and no network: the proof and the record as \`prove\` or the portal saved them,
and the log's public key as you got it from a source other than the log.

  countersign prove 7 -o 7.tlog-proof --record 7.json
  countersign check 7.tlog-proof --record 7.json --key log.vkey

Exit codes: 0 proved, 1 a file or the key cannot be read, 2 not proved.`;

interface CheckOptions {
  readonly record: string;
  readonly key: string;
  readonly origin?: string;
  readonly json?: boolean;
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('check offline that a record is in a log')
    .argument('<proof>', 'proof file (.tlog-proof)')
    .requiredOption(
      '--record <file>',
      'the record: exact bytes of envelope and content, and the salt',
    )
    .requiredOption('--key <vkey|file>', "the log's public key, or a file that holds it")
    .option('--origin <name>', "the log's name in its checkpoints (default: the key's name)")
    .addOption(jsonOption())
    .addHelpText('after', HELP)
    .action(runCheck);
}

async function runCheck(proofPath: string, options: CheckOptions): Promise<void> {
  const output = createOutput(options);
  const keys = await readVerifierKeys('--key', options.key);
  const proof = Buffer.from(await readInput('PROOF', proofPath)).toString('utf8');
  const record = Buffer.from(await readInput('--record', options.record)).toString('utf8');
  const check = checkProof({
    proof,
    record,
    verifiers: keys.verifiers,
    origin: options.origin ?? keys.name,
  });
  process.exitCode = check.ok ? EXIT_OK : EXIT_NOT_VERIFIED;
  if (output.json) {
    output.printJson(check);
    return;
  }
  for (const step of check.steps) output.print(stepLine(output, step));
  if (check.proved === null) {
    output.print(output.style('red', 'verdict: not proved'));
    return;
  }
  const { index, sentence, content, checkpoint } = check.proved;
  const what = content === null ? `the envelope of record ${index}` : `record ${index}`;
  output.print(`record ${index}: ${printable(sentence)}`);
  output.print(
    output.style(
      'green',
      `verdict: ${what} is in the log ${checkpoint.origin} of ${checkpoint.size} records`,
    ),
  );
}

const MARKS: Record<Step['state'], { word: string; style: Style }> = {
  passed: { word: 'ok', style: 'green' },
  failed: { word: 'FAILED', style: 'red' },
  erased: { word: 'erased', style: 'yellow' },
  'not reached': { word: '-', style: 'dim' },
};

function stepLine(output: Output, step: Step): string {
  const mark = MARKS[step.state];
  const detail = step.detail === '' ? '' : `: ${printable(step.detail)}`;
  return `${output.style(mark.style, mark.word.padEnd(6))}  ${step.name}${detail}`;
}
