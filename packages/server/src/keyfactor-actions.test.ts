import { KEYFACTOR_ACTIONS } from '@countersign/records';
import { expect, test } from 'vitest';
import { certificateActions } from './testing/actions/of-certificates.ts';
import { configurationActions } from './testing/actions/of-configuration.ts';
import { storeActions } from './testing/actions/of-stores.ts';
import { missingActions, testActions, type Performed } from './testing/actions/perform.ts';
import { openScene } from './testing/actions/scene.ts';

/** The areas of certificate management. */
const AREAS = [
  'certificate',
  'certificate request',
  'collection',
  'csr',
  'certificate store',
  'template',
  'application settings',
  'api application',
  'alerts',
];

const scene = await openScene();
const TABLE: readonly Performed[] = [
  ...(await certificateActions(scene)),
  ...storeActions(scene),
  ...configurationActions(scene),
];

/** What the first start does by itself, before anybody can ask for it. */
const INSTALLED = [106, 109] as const;

testActions(scene.system, scene.people, TABLE);

test.each(INSTALLED)(
  'action %i is what the first start does, with a record of each',
  async (id) => {
    const action = KEYFACTOR_ACTIONS.find((known) => known.id === id);
    const { db } = scene.system.server.platform.state;
    const names =
      id === 106
        ? (await db.selectFrom('templates').select('name').execute()).map(({ name }) => name)
        : (await db.selectFrom('application_settings').select('name').execute()).map(
            ({ name }) => name,
          );
    const created = (await scene.system.records()).filter(
      ({ envelope, content }) =>
        envelope.category === action?.category &&
        envelope.operation === 'Created' &&
        content.actor.id === '$System$',
    );
    expect(created.length).toBeGreaterThan(4);
    for (const { envelope, content } of created) {
      expect(envelope.level).toBe('Information');
      expect(content.before).toBeUndefined();
      expect(content.after).toBeDefined();
      expect(names).toContain(content.target?.id);
    }
    expect(new Set(created.map(({ content }) => content.target?.id)).size).toBe(created.length);
  },
);

test('every action of the areas is in the table', () => {
  expect(missingActions(AREAS, TABLE)).toEqual([...INSTALLED]);
});
