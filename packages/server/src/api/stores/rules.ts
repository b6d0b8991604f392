import { needs } from '../../authorization/rule.ts';

/** Seeing stores and what is in them. */
export const READ = needs('certServer.certificate.stores', 'read');
/** Setting up stores, what they are, how they are reached. */
export const MODIFY = needs('certServer.certificate.stores', 'modify');
/** Having something done at stores. */
export const SCHEDULE = needs('certServer.certificate.stores', 'schedule');

export const tags = ['Certificate stores'];
