import { describe, expect, it } from '@jest/globals';
import { Testing, type IResolvable, type TerraformStack } from 'cdktf';
import { expectTypeOf } from 'expect-type';

import type { DataClusterProfile, DataPack } from './index.ts';
import { ClusterBrownfield, ClusterProfile, Project, SpectrocloudProvider, type Config } from './index.ts';
import type { clusterProfile } from '#resources/definitions/cluster-profile';

/** Compiled, never run: each line that is marked must be an error of the compiler. */
function refused(stack: TerraformStack): void {
  // @ts-expect-error a misspelt argument
  new Project(stack, 'a', { nam: 'x' });
  // @ts-expect-error an argument is missing
  new Project(stack, 'b', { description: 'x' });
  // @ts-expect-error an argument of the wrong type
  new Project(stack, 'c', { name: 1 });
  // @ts-expect-error Terraform's own names are not the arguments' names
  new ClusterBrownfield(stack, 'd', { name: 'x', cloud_type: 'generic' });
  // @ts-expect-error the provider sets it
  new ClusterBrownfield(stack, 'e', { name: 'x', cloudType: 'generic', manifestUrl: 'x' });
  // @ts-expect-error a misspelt argument in a block
  new ClusterProfile(stack, 'f', { name: 'x', pack: [{ name: 'nginx', tagg: '1' }] });
  const uid = '1';
  // @ts-expect-error the provider sets it in a block
  new ClusterProfile(stack, 'g', { name: 'x', pack: [{ name: 'n', manifest: [{ name: 'm', content: '', uid }] }] });
  // @ts-expect-error an argument is missing in a block
  new ClusterProfile(stack, 'h', { name: 'x', pack: [{ tag: '1.0.0' }] });
  // @ts-expect-error there is no such attribute
  void new Project(stack, 'i', { name: 'x' }).nope;
  // @ts-expect-error an attribute of another type
  const count: number = new Project(stack, 'j', { name: 'x' }).name;
  // @ts-expect-error there is no such operation to limit
  new Project(stack, 'k', { name: 'x', timeouts: { read: '1m' } });
  // @ts-expect-error a provider has no such setting
  new SpectrocloudProvider(stack, 'l', { apikey: 'x' });
  void count;
}

describe('types of constructs', () => {
  it('refuse what the schema refuses', () => {
    expectTypeOf(refused).toBeFunction();
    expect(refused).toBeDefined();
  });

  it('take tokens everywhere and give attributes of their types', () => {
    const stack = Testing.app().node.root; // a construct to hang others on
    expect(stack).toBeDefined();
    type Profile = InstanceType<typeof ClusterProfile>;
    expectTypeOf<Profile['id']>().toEqualTypeOf<string>();
    expectTypeOf<Profile['tags']>().toEqualTypeOf<string[]>();
    expectTypeOf<Profile['skipDestroy']>().toEqualTypeOf<IResolvable>();
    expectTypeOf<ReturnType<Profile['pack']['get']>['uid']>().toEqualTypeOf<string>();
    expectTypeOf<
      ReturnType<ReturnType<Profile['profileVariables']['get']>['variable']['get']>['isSensitive']
    >().toEqualTypeOf<IResolvable>();
    expectTypeOf<InstanceType<typeof ClusterBrownfield>['forceDeleteDelay']>().toEqualTypeOf<number>();
    expectTypeOf<
      ReturnType<InstanceType<typeof ClusterBrownfield>['locationConfig']['get']>['latitude']
    >().toEqualTypeOf<number>();
    expectTypeOf<InstanceType<typeof DataClusterProfile>['version']>().toEqualTypeOf<string>();
    expectTypeOf<InstanceType<typeof DataPack>['cloud']>().toEqualTypeOf<string[]>();
    type ProfileConfig = Config<typeof clusterProfile>;
    expectTypeOf<ProfileConfig['name']>().toEqualTypeOf<string | IResolvable>();
    expectTypeOf<{ name: string; cloud: IResolvable; type: 'add-on'; pack: IResolvable }>().toExtend<ProfileConfig>();
    expectTypeOf<{ name: string; type: string }>().toExtend<ProfileConfig>();
  });
});
