import { createInterface, type Interface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Setup, SetupFile } from '@countersign/server';
import type { ServerClient } from '../client.ts';

interface SettingNow {
  readonly name: string;
  readonly displayName: string;
  readonly type: string;
  readonly value: string | number | boolean | null;
  readonly options?: readonly string[];
}

/** What is asked, in this order; the mail server only when there is to be one. */
const FIRST_SETTINGS = [
  'console.expiringSoonDays',
  'certificates.pageSize',
  'certificates.reconciliationTime',
  'enrollment.pkcs12PasswordLength',
  'enrollment.separateApprover',
] as const;
const MAIL_SETTINGS = ['smtp.port', 'smtp.security', 'smtp.user', 'smtp.sender'] as const;

/** Where questions go and answers come from. */
export interface Dialogue {
  readonly input: Readable;
  readonly output: Writable;
  /** Asks for a secret without showing it; empty: there is none, or it stays. */
  secret(question: string): Promise<string>;
}

/** Asks what the installation is to be like. Enter keeps what is shown in brackets. */
export async function askSetup(
  client: Pick<ServerClient, 'ask'>,
  dialogue: Dialogue,
): Promise<Setup> {
  const { settings } = (await client.ask('GET', '/api/v1/settings')) as {
    settings: readonly SettingNow[];
  };
  const { authorities } = (await client.ask('GET', '/api/v1/authorities')) as {
    authorities: readonly { readonly name: string; readonly subject: string }[];
  };
  const lines = createInterface({ input: dialogue.input, output: dialogue.output });
  const wanted: Record<string, string | number | boolean> = {};
  const renamed: { name: string; formerly: string }[] = [];
  try {
    for (const { name, subject } of authorities) {
      const answer = await ask(lines, `Name of the authority ${subject}`, name);
      if (answer !== name) renamed.push({ name: answer, formerly: name });
    }
    const askFor = async (name: string): Promise<string> => {
      const setting = settings.find((one) => one.name === name);
      if (setting === undefined) return '';
      const answer = await askValue(lines, setting);
      wanted[name] = answer;
      return String(answer);
    };
    for (const name of FIRST_SETTINGS) await askFor(name);
    const host = await askFor('smtp.host');
    if (host !== '') for (const name of MAIL_SETTINGS) await askFor(name);
  } finally {
    lines.close();
  }
  const user = wanted['smtp.user'];
  const isKnown = typeof user === 'string' && user !== '';
  const password = isKnown ? await dialogue.secret(`Password of ${user} (Enter: as it is): `) : '';
  const file: SetupFile = {
    settings: wanted,
    ...(renamed.length === 0 ? {} : { authorities: renamed }),
  };
  return { file, smtpPassword: password === '' ? null : password };
}

/** Asks whether to go on. */
export async function confirm(question: string, dialogue: Dialogue): Promise<boolean> {
  const lines = createInterface({ input: dialogue.input, output: dialogue.output });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

async function ask(lines: Interface, question: string, now: string): Promise<string> {
  const answer = (await lines.question(`${question} [${now}]: `)).trim();
  return answer === '' ? now : answer;
}

/** Asks until the answer has the type of the setting; whether it may be one is for the server to say. */
async function askValue(
  lines: Interface,
  { displayName, type, value, options }: SettingNow,
): Promise<string | number | boolean> {
  const choices = type === 'boolean' ? ['true', 'false'] : (options ?? []);
  const question = choices.length === 0 ? displayName : `${displayName} (${choices.join(', ')})`;
  for (;;) {
    const answer = await ask(lines, question, String(value ?? ''));
    if (type === 'integer' && /^\d{1,9}$/.test(answer)) return Number(answer);
    if (type === 'boolean' && choices.includes(answer)) return answer === 'true';
    if (type === 'choice' && choices.includes(answer)) return answer;
    if (type === 'string') return answer;
  }
}
