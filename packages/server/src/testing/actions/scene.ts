import { startMailServer } from '../../alerts/testing/receivers.ts';
import { temporaryFolder, startTestServer, type TestServer } from '../harness.ts';
import type { ActionRequest, Person } from './perform.ts';

/** A server with people of every kind and what actions need; `count` makes names that nobody has yet. */
export class Scene {
  readonly system: TestServer;
  /** The folder in which stores may be. */
  readonly stores: string;
  readonly #cookies: ReadonlyMap<string, string>;
  #count = 0;

  constructor(system: TestServer, stores: string, cookies: ReadonlyMap<string, string>) {
    this.system = system;
    this.stores = stores;
    this.#cookies = cookies;
  }

  readonly people = (username: string): Person => ({
    username,
    cookie: this.#cookies.get(username) ?? '',
  });

  /** A name that is not taken. */
  name(beginning: string): string {
    this.#count += 1;
    return `${beginning} ${this.#count}`;
  }

  /** Asks as somebody who may, for what an action needs; throws when that is refused. */
  async made<T>(username: string, { method, path, body }: ActionRequest): Promise<T> {
    const answer = await this.system.request(path, {
      method,
      cookie: this.people(username).cookie,
      ...(body === undefined ? {} : { body }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }
}

/** Starts the scene. */
export async function openScene(): Promise<Scene> {
  const stores = await temporaryFolder();
  const system = await startTestServer({
    withoutTimers: true,
    settings: { COUNTERSIGN_STORE_ROOTS: stores },
  });
  const cookies = new Map([['admin', await system.signIn('admin')]]);
  for (const [username, role] of [
    ['operator', 'CA Operations'],
    ['colleague', 'CA Operations'],
    ['ra', 'RA'],
  ] as const)
    cookies.set(username, await system.signInAs(username, [role]));
  const scene = new Scene(system, stores, cookies);
  const mail = await startMailServer();
  await scene.made('admin', {
    method: 'PATCH',
    path: '/api/v1/settings',
    body: {
      'smtp.host': '127.0.0.1',
      'smtp.port': mail.port,
      'smtp.sender': 'countersign@example.com',
      'smtp.security': 'opportunistic',
    },
  });
  await scene.made('admin', {
    method: 'PATCH',
    path: '/api/v1/security/identities/admin',
    body: { email: 'admin@example.com' },
  });
  await scene.made('admin', {
    method: 'POST',
    path: '/api/v1/metadata-fields',
    body: { name: 'Place', type: 'string' },
  });
  return scene;
}
