/** The matchers' types, for `expect` of @jest/globals and for the global one of @types/jest. */
// oxlint-disable-next-line unicorn/require-module-specifiers, import/no-empty-named-blocks -- the module must be found to be added to
import type {} from 'expect';

import type { Policy, PolicyRule } from '../policy/policy.ts';
import type { ObjectQuery } from './find-objects.ts';
import type { ToPassPolicyOptions } from './matchers.ts';
import type { TestRenderOptions } from './render.ts';

export interface ProfileMatchers<R> {
  /** The profile renders an object that the query names, such as `Deployment shop/web`, with these fields. */
  toRenderObject(query: string | ObjectQuery, expected?: object, options?: TestRenderOptions): R;
  /** No rule finds an error; without rules those that the profile's program attached count. */
  toPassPolicy(policy?: Policy | PolicyRule | readonly (Policy | PolicyRule)[], options?: ToPassPolicyOptions): R;
}

declare module 'expect' {
  // The parameters are those of the interface that is extended. A profile is rendered first: the matcher is awaited.
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ProfileMatchers<
    T extends { readonly digest: string } ? R : Promise<void>
  > {}
}
