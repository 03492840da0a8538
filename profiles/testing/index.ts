/**
 * Tests of cluster profiles with Jest, published as `palette-iac/profiles/testing`. `palette profile test` runs them; in a
 * Jest of one's own, importing this adds the matchers to the global `expect`.
 *
 * @example
 * import { render, snapshotOf } from 'palette-iac/profiles/testing';
 * import { shop } from './profile.ts';
 *
 * test('the shop runs twice', async () => {
 *   await expect(shop).toRenderObject('Deployment shop/web', { spec: { replicas: 2 } });
 *   await expect(shop).toPassPolicy();
 *   expect(snapshotOf(await render(shop))).toMatchSnapshot();
 * });
 */
import './matcher-types.ts';
import { matchers } from './matchers.ts';

export { findObjects, snapshotOf, type ObjectQuery } from './find-objects.ts';
export { matchers, type ToPassPolicyOptions } from './matchers.ts';
export { render, type TestRenderOptions } from './render.ts';
export { configure, type TestSettings } from './settings.ts';

const { expect } = globalThis as { readonly expect?: { readonly extend?: (given: typeof matchers) => void } }; // as: Jest's global, when there is one
expect?.extend?.(matchers);
