import type { ActionRequest, Performed } from './perform.ts';
import type { Scene } from './scene.ts';

/** Somebody creates, changes and deletes a thing of a kind, each by an administrator. */
interface Kind {
  /** The actions, in this order; null: there is none of Keyfactor's. */
  readonly ids: readonly [created: number | null, updated: number | null, deleted: number | null];
  readonly path: string;
  /** A new one's body, and the name by which its records are found. */
  readonly body: (name: string) => object;
  readonly change: object;
  /** Its number or name in paths, by what creating it answered. */
  readonly key: (answer: Readonly<Record<string, unknown>>) => string;
  readonly as?: string;
  readonly not?: string;
}

/** The three actions of a kind of thing. */
export function lifeOf(scene: Scene, kind: Kind): Performed[] {
  const { ids, path, body, change, key, as = 'admin', not = 'ra' } = kind;
  const created = async (name: string): Promise<string> => {
    const request = { method: 'POST', path, body: body(name) } as const;
    return `${path}/${encodeURIComponent(key(await scene.made(as, request)))}`;
  };
  const rows: [number | null, (name: string) => Promise<ActionRequest>][] = [
    [ids[0], async (name) => ({ method: 'POST', path, body: body(name) })],
    [ids[1], async (name) => ({ method: 'PATCH', path: await created(name), body: change })],
    [ids[2], async (name) => ({ method: 'DELETE', path: await created(name) })],
  ];
  return rows.flatMap(([id, requested]) =>
    id === null
      ? []
      : [
          {
            id,
            as,
            not,
            prepare: async () => {
              const name = scene.name('Thing').replace(' ', '-');
              return { request: await requested(name), name };
            },
          },
        ],
  );
}

const ALERTS = '/api/v1/alerts';
const COLLECTIONS = '/api/v1/collections';

/** What administrators set up: Keyfactor's actions 21 to 24 and 104 to 129, but for what the first start does. */
export function configurationActions(scene: Scene): readonly Performed[] {
  const byId = ({ id }: Readonly<Record<string, unknown>>) => String(id);
  const byName = ({ name }: Readonly<Record<string, unknown>>) => String(name);
  const alert = (kind: string, ids: Kind['ids']) =>
    lifeOf(scene, {
      ids,
      path: `${ALERTS}/${kind}`,
      key: byId,
      body: (displayName) => ({
        displayName,
        subject: 'About {cn}',
        message: '{dn}',
        recipients: ['pki@example.com'],
        ...(kind === 'expiration' ? { daysBefore: 30 } : {}),
      }),
      change: { subject: 'About {dn}' },
    });
  const schedule = (id: number, kind: string): Performed => ({
    id,
    as: 'admin',
    not: 'ra',
    prepare: async () => ({
      request: {
        method: 'PUT',
        path: `${ALERTS}/${kind}/schedule`,
        body: { schedule: { daily: { time: timeOf(id) } } },
      },
      name: new RegExp(timeOf(id)),
    }),
  });
  /** A message to whoever asks, which is how an alert is tried out. */
  const sent = (id: number, kind: string): Performed => ({
    id,
    as: 'admin',
    not: 'ra',
    prepare: async () => {
      const displayName = scene.name('Alert');
      const body = {
        displayName,
        subject: 'About {cn}',
        message: '{dn}',
        recipients: ['pki@example.com'],
        ...(kind === 'expiration' ? { daysBefore: 30 } : {}),
      };
      const path = `${ALERTS}/${kind}`;
      const alert = await scene.made<{ id: number }>('admin', { method: 'POST', path, body });
      return {
        request: { method: 'POST', path: `${path}/${alert.id}/test`, body: { send: true } },
        name: displayName,
      };
    },
  });
  return [
    ...lifeOf(scene, {
      ids: [21, 22, 23],
      path: COLLECTIONS,
      key: byId,
      body: (name) => ({ name, description: '', query: 'CN -contains "www"', onDashboard: false }),
      change: { query: 'CN -contains "mail"' },
    }),
    {
      id: 24,
      as: 'admin',
      not: 'ra',
      prepare: async () => {
        const name = scene.name('Collection');
        const body = { name, description: '', query: '', onDashboard: false };
        const request = { method: 'POST', path: COLLECTIONS, body } as const;
        const { id } = await scene.made<{ id: number }>('admin', request);
        const role = scene.name('Team');
        await scene.made('admin', {
          method: 'POST',
          path: '/api/v1/security/roles',
          body: { name: role, description: '', permissions: [] },
        });
        const permissions = [{ role, operations: ['revoke'] }];
        return {
          request: {
            method: 'PUT',
            path: `${COLLECTIONS}/${id}/permissions`,
            body: { permissions },
          },
          name,
        };
      },
    },
    ...lifeOf(scene, {
      ids: [null, 104, null],
      path: '/api/v1/templates',
      key: byName,
      body: (name) => ({ name, displayName: name }),
      change: { description: 'changed' },
    }),
    {
      id: 105,
      as: 'admin',
      not: 'ra',
      prepare: async () => {
        const name = scene.name('Imported').replace(' ', '-');
        const body = { name, displayName: name };
        const path = '/api/v1/templates';
        const template = await scene.made<object>('admin', { method: 'POST', path, body });
        await scene.made('admin', { method: 'DELETE', path: `${path}/${name}` });
        return {
          request: { method: 'POST', path: `${path}/import`, body: { templates: [template] } },
          name,
        };
      },
    },
    {
      id: 107,
      as: 'admin',
      not: 'ra',
      prepare: async () => {
        const path = '/api/v1/templates-settings';
        const policy = await scene.made<{ allowWildcards?: boolean }>('admin', {
          method: 'GET',
          path,
        });
        const body = { ...policy, allowWildcards: policy.allowWildcards !== true };
        return { request: { method: 'PUT', path, body }, name: /./ };
      },
    },
    {
      id: 108,
      as: 'admin',
      not: 'ra',
      prepare: async () => ({
        request: {
          method: 'PATCH',
          path: '/api/v1/settings',
          body: { 'enrollment.pkcs12PasswordLength': 14 },
        },
        name: 'Shortest password of a PKCS#12 file',
      }),
    },
    ...lifeOf(scene, {
      ids: [110, 111, 112],
      path: '/api/v1/security/applications',
      key: ({ application }) => (application as { name: string }).name,
      body: (name) => ({ name, roles: [] }),
      change: { description: 'changed' },
    }),
    ...alert('expiration', [113, 114, 115]),
    schedule(116, 'expiration'),
    ...alert('pending', [118, 119, 120]),
    schedule(121, 'pending'),
    ...alert('issued', [123, 124, 125]),
    schedule(126, 'issued'),
    ...alert('denied', [127, 128, 129]),
    sent(117, 'expiration'),
    sent(122, 'pending'),
  ];
}

/** A time of day that no other action uses. */
function timeOf(id: number): string {
  return `04:${String(id % 60).padStart(2, '0')}`;
}
