import { isDeepStrictEqual } from 'node:util';
import { ServerError } from '../errors.ts';
import type { SetupFile } from './setup-file.ts';

/** A server's API, as somebody who is signed in may use it. */
export interface SetupClient {
  ask(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<unknown>;
}

/** One request that brings an installation closer to what it is to be. */
export interface SetupStep {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What it does, a line for each change. */
  readonly changes: readonly string[];
}

/** A file, and what is not in files. */
export interface Setup {
  readonly file: SetupFile;
  /** The mail server's; null: stays as it is. */
  readonly smtpPassword: string | null;
}

/** Compares what an installation is with what it is to be. Nothing that is so already is part of the plan. */
export async function planSetup(client: SetupClient, setup: Setup): Promise<SetupStep[]> {
  return [
    ...(await planAuthorities(client, setup.file)),
    ...(await planSettings(client, setup)),
    ...(await planTemplates(client, setup.file)),
    ...(await planApplications(client, setup.file)),
  ];
}

interface Named {
  readonly name: string;
}

async function planSettings(
  client: SetupClient,
  { file, smtpPassword }: Setup,
): Promise<SetupStep[]> {
  const smtp = Object.entries(file.smtp ?? {}).map(
    ([name, value]) => [`smtp.${name}`, value] as const,
  );
  const wanted = new Map<string, unknown>([...Object.entries(file.settings ?? {}), ...smtp]);
  if (wanted.size === 0 && smtpPassword === null) return [];
  const path = '/api/v1/settings';
  const { settings } = (await client.ask('GET', path)) as {
    settings: (Named & { displayName: string; value: unknown; isSet: boolean })[];
  };
  const body: Record<string, unknown> = {};
  const changes: string[] = [];
  for (const [name, value] of wanted) {
    const known = settings.find((setting) => setting.name === name);
    const same = value === null ? known?.isSet === false : isDeepStrictEqual(known?.value, value);
    if (same) continue;
    body[name] = value;
    const before = known === undefined ? '' : ` instead of ${shown(known.value)}`;
    const after = value === null ? 'its default' : shown(value);
    changes.push(`setting ${name}: ${after}${before}`);
  }
  if (smtpPassword !== null) {
    body['smtp.password'] = smtpPassword;
    changes.push('setting smtp.password: compared by the server');
  }
  if (changes.length === 0) return [];
  return [{ method: 'PATCH', path, body, changes }];
}

async function planTemplates(
  client: SetupClient,
  { templates = [] }: SetupFile,
): Promise<SetupStep[]> {
  if (templates.length === 0) return [];
  const path = '/api/v1/templates';
  const { templates: there } = (await client.ask('GET', path)) as {
    templates: (Named & Record<string, unknown> & { policy: Record<string, unknown> })[];
  };
  return templates.flatMap((wanted): SetupStep[] => {
    const { name, policy = {}, ...plain } = wanted;
    const known = there.find((template) => template.name === name);
    if (known === undefined) {
      const body = { displayName: name, description: '', ...plain, name, policy };
      return [{ method: 'POST', path, body, changes: [`template ${name}: created`] }];
    }
    const differing = different(plain, known);
    const rules = different(policy, known.policy);
    const body = { ...differing, ...(Object.keys(rules).length === 0 ? {} : { policy: rules }) };
    if (Object.keys(body).length === 0) return [];
    const changes = [
      ...described(`template ${name}`, differing, known),
      ...described(`template ${name}, policy`, rules, known.policy),
    ];
    return [{ method: 'PATCH', path: `${path}/${encodeURIComponent(name)}`, body, changes }];
  });
}

async function planApplications(
  client: SetupClient,
  { applications = [] }: SetupFile,
): Promise<SetupStep[]> {
  if (applications.length === 0) return [];
  const path = '/api/v1/security/applications';
  const { applications: there } = (await client.ask('GET', path)) as {
    applications: (Named & { roles: string[] } & Record<string, unknown>)[];
  };
  return applications.flatMap((wanted): SetupStep[] => {
    const { name, roles, disabled, description } = wanted;
    const known = there.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const one = `${path}/${encodeURIComponent(known?.name ?? name)}`;
    if (known === undefined) {
      const body = {
        name,
        roles: roles ?? [],
        ...(description === undefined ? {} : { description }),
      };
      const created = {
        method: 'POST',
        path,
        body,
        changes: [`application ${name}: created`],
      } as const;
      if (disabled !== true) return [created];
      const changes = [`application ${name}: disabled`];
      return [created, { method: 'PATCH', path: one, body: { disabled }, changes }];
    }
    const plain = different({ description, disabled }, known);
    const sameRoles =
      roles === undefined || isDeepStrictEqual(new Set(roles), new Set(known.roles));
    const body = { ...plain, ...(sameRoles ? {} : { roles }) };
    if (Object.keys(body).length === 0) return [];
    const changes = described(`application ${name}`, body, known);
    return [{ method: 'PATCH', path: one, body, changes }];
  });
}

async function planAuthorities(
  client: SetupClient,
  { authorities = [] }: SetupFile,
): Promise<SetupStep[]> {
  if (authorities.length === 0) return [];
  const path = '/api/v1/authorities';
  const { authorities: there } = (await client.ask('GET', path)) as {
    authorities: (Named & { id: string })[];
  };
  return authorities.flatMap(({ name, formerly }, i): SetupStep[] => {
    if (there.some((authority) => authority.name === name)) return [];
    const known = there.find((authority) => authority.name === formerly);
    if (known === undefined) {
      const field = `authorities.${i}.formerly`;
      const expected = 'the name of an authority';
      throw new ServerError(
        'request_invalid',
        `${field}: expected ${expected}, got "${formerly}"`,
        {
          members: { errors: [{ field, expected, got: formerly }] },
        },
      );
    }
    const changes = [`authority ${formerly}: ${name}`];
    return [{ method: 'PATCH', path: `${path}/${known.id}`, body: { name }, changes }];
  });
}

/** What is given and other than it is. */
function different(
  wanted: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(wanted).filter(
      ([name, value]) => value !== undefined && !isDeepStrictEqual(value, known[name]),
    ),
  );
}

function described(
  what: string,
  body: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(body).map(
    ([name, value]) => `${what}: ${name} ${shown(value)} instead of ${shown(known[name])}`,
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 120 ? text : `${text.slice(0, 120).toWellFormed()}…`;
}
