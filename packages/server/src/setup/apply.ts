import type { SetupClient, SetupStep } from './plan.ts';

/** What carrying out a plan has come to. */
export interface SetupResult {
  /** What was changed, a line for each. */
  readonly changes: readonly string[];
  /** Secrets of applications that were created, to be shown once. */
  readonly secrets: readonly {
    readonly application: string;
    readonly key: string;
    readonly secret: string;
  }[];
}

/** Carries out a plan, step by step; each step is one audited request. A step that is refused ends it. */
export async function applySetup(
  client: SetupClient,
  steps: readonly SetupStep[],
): Promise<SetupResult> {
  const changes: string[] = [];
  const secrets: { application: string; key: string; secret: string }[] = [];
  for (const step of steps) {
    const answer = (await client.ask(step.method, step.path, step.body)) as {
      readonly changed?: readonly string[];
      readonly secret?: string;
      readonly application?: { readonly name: string; readonly key: string };
    };
    // The server says what was other than before: of a secret only it knows.
    const { changed } = answer;
    const same = (line: string) =>
      changed !== undefined &&
      line.startsWith('setting ') &&
      !changed.some((name) => line.startsWith(`setting ${name}: `));
    changes.push(
      ...step.changes
        .filter((line) => !same(line))
        .map((line) => line.replace(/: compared by the server$/, ': another')),
    );
    if (answer.secret !== undefined && answer.application !== undefined) {
      const { name, key } = answer.application;
      secrets.push({ application: name, key, secret: answer.secret });
    }
  }
  return { changes, secrets };
}
