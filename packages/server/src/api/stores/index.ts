import type { Api } from '../api.ts';
import { containerRoutes } from './containers.ts';
import { storeJobRoutes } from './jobs.ts';
import { storeOrderRoutes } from './orders.ts';
import { storeServerRoutes } from './servers.ts';
import { storeTypeRoutes } from './store-types.ts';
import { storeRoutes } from './stores.ts';

/** Certificate stores: what they are, what is in them, what is done there. */
export function storesRoutes(api: Api): void {
  storeRoutes(api);
  storeOrderRoutes(api);
  storeServerRoutes(api);
  containerRoutes(api);
  storeTypeRoutes(api);
  storeJobRoutes(api);
}
