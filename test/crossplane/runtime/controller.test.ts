/** The controller around a reconciler of the test's own: when it calls it, with which connection, and what it keeps. */
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { IN_USE_FINALIZER } from '#crossplane/schema/groups';
import { valueAt } from '#kubernetes/object';

import {
  condition,
  CONFIG_NAME,
  done,
  eventually,
  makePlace,
  startController,
  startSite,
  type RunningController,
  type Site,
} from './support/site.ts';

jest.setTimeout(60_000);

let site: Site;
const running: RunningController[] = [];

beforeAll(async () => {
  site = await startSite();
}, 20 * 60_000);
afterAll(async () => site.stop());
afterEach(async () => {
  for (const controller of running.splice(0)) await controller.stop();
});

async function start(...args: Parameters<typeof startController> extends [unknown, ...infer R] ? R : never) {
  const controller = await startController(site, ...args);
  running.push(controller);
  return controller;
}

describe('a controller', () => {
  it('connects each managed resource as its configuration says, and keeps a configuration that is in use', async () => {
    const place = await makePlace(site, { spec: { project: 'Default' } });
    const seen: unknown[] = [];
    await start(({ providerConfigs }) => async (kind, object, options) => {
      if (object.metadata.namespace !== place.namespace) return done;
      if (object.metadata.deletionTimestamp !== undefined) {
        await providerConfigs.release(kind, object, options);
        return { ...done, requeue: { kind: 'rest' } };
      }
      const outcome = await providerConfigs.connect(kind, object, options);
      seen.push(outcome.kind === 'connected' ? outcome.connection.projectName : outcome);
      return done;
    });
    await place.make('first');
    await eventually('the first is reconciled', () => (seen.length > 0 ? true : undefined));
    expect(seen[0]).toBe('Default');
    const config = await eventually('the configuration is ready, and has a user', async () => {
      const found = await place.read('ProviderConfig', CONFIG_NAME);
      return condition(found, 'Ready')?.['status'] === 'True' && valueAt(found, 'status', 'users') === 1
        ? found
        : undefined;
    });
    expect(config.metadata.finalizers).toEqual([IN_USE_FINALIZER]);

    await place.remove('ProviderConfig', CONFIG_NAME);
    const message = await eventually('it says who uses it', async () => {
      const found = condition(await place.read('ProviderConfig', CONFIG_NAME), 'Terminating');
      return found?.['message'];
    });
    expect(message).toBe(
      `1 managed resource uses it: Project ${place.namespace}/first. It goes when the last of them is gone.`,
    );
    await place.remove('Project', 'first');
    await eventually('it is gone', async () =>
      (await place.read('ProviderConfig', CONFIG_NAME)) === undefined ? true : undefined,
    );
  });
});
