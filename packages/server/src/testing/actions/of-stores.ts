import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lifeOf } from './of-configuration.ts';
import type { ActionRequest, Performed } from './perform.ts';
import type { Scene } from './scene.ts';

const STORES = '/api/v1/stores';
/** So far away that nothing of it is done while somebody looks. */
const LATER = { exactlyOnce: { time: '2030-01-01T00:00:00Z' } };
const HOST_KEY = `SHA256:${'A'.repeat(43)}`;

interface Issued {
  readonly id: number;
  readonly subject: string;
  readonly fingerprint: string;
  readonly pem: string;
}

interface Store {
  readonly id: string;
  readonly path: string;
}

/** What is done with certificate stores, their containers and types: Keyfactor's actions 17 and 28 to 44. */
export function storeActions(scene: Scene): readonly Performed[] {
  const wanted = () => ({
    displayName: scene.name('Store'),
    clientMachine: 'localhost',
    path: join(scene.stores, `${scene.name('file').replace(' ', '-')}.pem`),
    type: 'PEM file',
    createIfMissing: true,
  });
  const created = async (): Promise<Store> =>
    await scene.made('operator', { method: 'POST', path: STORES, body: wanted() });
  const certificate = async (): Promise<Issued> => {
    const subject = `CN=${scene.name('stored')}`;
    const body = { template: 'Kept', subject };
    const request = { method: 'POST', path: '/api/v1/enrollment/pfx', body } as const;
    return (await scene.made<{ certificate: Issued }>('operator', request)).certificate;
  };
  const { storeJobs } = scene.system.server.platform;
  /** A store whose file holds a certificate, as an inventory has found it. */
  const holding = async (): Promise<{ store: Store; certificate: Issued }> => {
    const [store, held] = [await created(), await certificate()];
    await writeFile(store.path, held.pem);
    await scene.made('operator', { method: 'POST', path: `${STORES}/${store.id}/inventory` });
    await storeJobs.idle();
    return { store, certificate: held };
  };
  const nameOf = ({ path }: Store) => `localhost ${path}`;

  /** An action on a store that is there. */
  const on = (
    id: number,
    request: (store: Store) => Promise<ActionRequest>,
    name: (store: Store) => string | RegExp = nameOf,
  ): Performed => ({
    id,
    as: 'operator',
    not: 'ra',
    prepare: async () => {
      const store = await created();
      return { request: await request(store), name: name(store) };
    },
  });

  return [
    on(28, async (store) => ({
      method: 'POST',
      path: `${STORES}/add`,
      body: {
        certificate: (await certificate()).id,
        stores: [{ store: store.id }],
        schedule: LATER,
      },
    })),
    {
      id: 29,
      as: 'operator',
      not: 'ra',
      prepare: async () => {
        const { store, certificate: held } = await holding();
        const stores = [{ store: store.id, alias: held.fingerprint }];
        return {
          request: { method: 'POST', path: `${STORES}/remove`, body: { stores, schedule: LATER } },
          name: nameOf(store),
        };
      },
    },
    {
      id: 17,
      as: 'operator',
      not: 'admin',
      prepare: async () => {
        const { certificate: held } = await holding();
        const path = `/api/v1/certificates/${held.id}/renew`;
        return { request: { method: 'POST', path, body: {} }, name: held.subject };
      },
      // The replacement is due at once: it is done while we look.
      follow: async () => await storeJobs.idle(),
      along: ['CERT_REQUEST_PROCESSED', 'CERT_STORE_JOB_ENDED'],
    },
    {
      id: 33,
      as: 'operator',
      not: 'ra',
      prepare: async () => {
        const path = join(scene.stores, `${scene.name('found').replace(' ', '-')}.pem`);
        await writeFile(path, (await certificate()).pem);
        const where = { clientMachine: 'localhost', path: scene.stores, types: ['PEM file'] };
        const body = { ...where, schedule: { immediate: true } };
        await scene.made('operator', { method: 'POST', path: `${STORES}/discover`, body });
        await storeJobs.idle();
        const found = { method: 'GET', path: `${STORES}?approved=false` } as const;
        const { stores } = await scene.made<{ stores: Store[] }>('operator', found);
        const ids = stores.filter((store) => store.path === path).map(({ id }) => id);
        return {
          request: { method: 'POST', path: `${STORES}/approve`, body: { ids } },
          name: `localhost ${path}`,
        };
      },
    },
    {
      id: 30,
      as: 'operator',
      not: 'ra',
      prepare: async () => {
        const body = wanted();
        return { request: { method: 'POST', path: STORES, body }, name: `localhost ${body.path}` };
      },
    },
    on(31, async ({ id }) => ({
      method: 'PATCH',
      path: `${STORES}/${id}`,
      body: { displayName: scene.name('Renamed') },
    })),
    on(32, async ({ id }) => ({ method: 'DELETE', path: `${STORES}/${id}` })),
    on(34, async ({ id }) => ({
      method: 'PUT',
      path: `${STORES}/${id}/schedule`,
      body: { schedule: { daily: { time: '03:00' } } },
    })),
    // Its certificate is issued at once, so that it can be placed when the time comes.
    {
      ...on(35, async ({ id }) => ({
        method: 'POST',
        path: `${STORES}/${id}/reenroll`,
        body: {
          subject: `CN=${scene.name('again')}`,
          template: 'Kept',
          schedule: LATER,
        },
      })),
      along: ['CERT_REQUEST_PROCESSED'],
    },
    on(36, async ({ id }) => ({
      method: 'PUT',
      path: `${STORES}/${id}/password`,
      body: { password: 'a password of a store' },
    })),
    {
      id: 37,
      as: 'operator',
      not: 'ra',
      prepare: async () => {
        const machine = `${scene.name('host').replace(' ', '-')}.example.com`;
        const path = `/api/v1/store-servers/${machine}`;
        const body = { username: 'deploy', hostKey: HOST_KEY, password: 'a password of a machine' };
        await scene.made('operator', { method: 'PUT', path, body });
        return {
          request: { method: 'PUT', path, body: { ...body, username: 'other' } },
          name: machine,
        };
      },
    },
    {
      id: 38,
      as: 'operator',
      not: 'ra',
      prepare: async () => {
        const where = { clientMachine: 'localhost', path: scene.stores, types: ['PEM file'] };
        const body = { ...where, schedule: LATER };
        return { request: { method: 'POST', path: `${STORES}/discover`, body }, name: 'localhost' };
      },
    },
    ...lifeOf(scene, {
      ids: [39, 41, 43],
      path: '/api/v1/store-containers',
      as: 'operator',
      key: ({ id }) => String(id),
      body: (name) => ({ name, description: '' }),
      change: { description: 'changed' },
    }),
    ...lifeOf(scene, {
      ids: [40, 42, 44],
      path: '/api/v1/store-types',
      as: 'operator',
      key: ({ name }) => String(name),
      body: (name) => ({ name, kind: 'pem-file', description: '', filePattern: '*.pem' }),
      change: { description: 'changed' },
    }),
  ];
}
