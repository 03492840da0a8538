import { describe, expect, it } from '@jest/globals';
import type { App } from 'cdktf';
import { Op, TerraformIterator, TerraformOutput, TerraformStack, Testing, conditional } from 'cdktf';

import {
  ClusterBrownfield,
  ClusterProfile,
  DataPack,
  DataRegistry,
  Macros,
  Project,
  SpectrocloudProvider,
} from './index.ts';

/** What a program with this stack synthesises to. */
function synth(build: (stack: TerraformStack) => void): { readonly [section: string]: unknown } {
  const app: App = Testing.app();
  const stack = new TerraformStack(app, 'test');
  build(stack);
  return JSON.parse(Testing.synth(stack)) as Record<string, unknown>; // as: an object, as Terraform's JSON is
}

describe('constructs', () => {
  it('write camelCase arguments in snake_case, and leave the keys of maps alone', () => {
    const { resource } = synth((stack) => {
      new ClusterBrownfield(stack, 'edge', {
        name: 'edge',
        cloudType: 'generic',
        renewK8sCertificatesNow: '2026-01-31T12:00:00Z',
        namespaces: [{ name: 'shop', resourceAllocation: { cpu_cores: '2', memory_MiB: '512' } }],
        clusterProfile: [{ id: 'p', variables: { camelCase: 'kept', 'with-dash': 'kept' } }],
        timeouts: { create: '20m' },
      });
    });
    expect(resource).toEqual({
      spectrocloud_cluster_brownfield: {
        edge: {
          name: 'edge',
          cloud_type: 'generic',
          renew_k8s_certificates_now: '2026-01-31T12:00:00Z',
          namespaces: [{ name: 'shop', resource_allocation: { cpu_cores: '2', memory_MiB: '512' } }],
          cluster_profile: [{ id: 'p', variables: { camelCase: 'kept', 'with-dash': 'kept' } }],
          timeouts: { create: '20m' },
        },
      },
    });
  });

  it('hand attributes on as references, at every depth', () => {
    const { resource, output, data } = synth((stack) => {
      const registry = new DataRegistry(stack, 'registry', { name: 'Public' });
      const pack = new DataPack(stack, 'pack', { name: 'nginx', registryUid: registry.id });
      const profile = new ClusterProfile(stack, 'profile', {
        name: 'base',
        pack: [{ name: pack.name, tag: pack.version, uid: pack.id, values: pack.values }],
      });
      const cluster = new ClusterBrownfield(stack, 'edge', {
        name: 'edge',
        cloudType: 'generic',
        clusterProfile: [{ id: profile.id }],
      });
      const outputs = {
        manifest: profile.pack.get(0).manifest.get(1).uid,
        attached: cluster.clusterProfile.get(0).id,
        variable: cluster.clusterProfile.get(0).variables.get('greeting'),
        all: cluster.locationConfig.all,
        latitude: cluster.locationConfig.get(0).latitude,
        tags: cluster.tags,
        skip: cluster.skipCompletion,
        delay: cluster.forceDeleteDelay,
      };
      for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
    });
    expect(data).toMatchObject({
      spectrocloud_pack: { pack: { registry_uid: '${data.spectrocloud_registry.registry.id}' } },
    });
    expect(resource).toMatchObject({
      spectrocloud_cluster_profile: {
        profile: {
          pack: [
            {
              name: '${data.spectrocloud_pack.pack.name}',
              tag: '${data.spectrocloud_pack.pack.version}',
              uid: '${data.spectrocloud_pack.pack.id}',
              values: '${data.spectrocloud_pack.pack.values}',
            },
          ],
        },
      },
      spectrocloud_cluster_brownfield: {
        edge: { cluster_profile: [{ id: '${spectrocloud_cluster_profile.profile.id}' }] },
      },
    });
    expect(output).toEqual({
      manifest: { value: '${spectrocloud_cluster_profile.profile.pack[0].manifest[1].uid}' },
      attached: { value: '${tolist(spectrocloud_cluster_brownfield.edge.cluster_profile)[0].id}' },
      variable: { value: '${tolist(spectrocloud_cluster_brownfield.edge.cluster_profile)[0].variables["greeting"]}' },
      all: { value: '${spectrocloud_cluster_brownfield.edge.location_config}' },
      latitude: { value: '${spectrocloud_cluster_brownfield.edge.location_config[0].latitude}' },
      tags: { value: '${spectrocloud_cluster_brownfield.edge.tags}' },
      skip: { value: '${spectrocloud_cluster_brownfield.edge.skip_completion}' },
      delay: { value: '${spectrocloud_cluster_brownfield.edge.force_delete_delay}' },
    });
  });

  it('take an expression in the place of any value', () => {
    const { resource } = synth((stack) => {
      const team = new Project(stack, 'team', { name: 'team' });
      new Macros(stack, 'macros', {
        context: conditional(Op.eq(team.id, 'x'), 'tenant', 'project'),
        macros: { region: team.name, [team.name]: 'x' },
      });
    });
    expect(resource).toMatchObject({
      spectrocloud_macros: {
        macros: {
          context: '${(spectrocloud_project.team.id == "x") ? "tenant" : "project"}',
          macros: { region: '${spectrocloud_project.team.name}', '${spectrocloud_project.team.name}': 'x' },
        },
      },
    });
  });

  it('know meta-arguments, several providers and iterators', () => {
    const { resource, provider } = synth((stack) => {
      new SpectrocloudProvider(stack, 'tenant', { host: 'palette.example.com', retryAttempts: 3 });
      const inProject = new SpectrocloudProvider(stack, 'in-project', { alias: 'in_project', projectName: 'team' });
      const first = new Project(stack, 'first', { name: 'first', lifecycle: { preventDestroy: true } });
      new Project(stack, 'second', { name: 'second', dependsOn: [first], provider: inProject, count: 2 });
      const packs = TerraformIterator.fromList(['a', 'b']);
      new ClusterProfile(stack, 'many', { name: 'many', pack: packs.dynamic({ name: packs.value, registryUid: 'r' }) });
    });
    expect(provider).toEqual({
      spectrocloud: [
        { host: 'palette.example.com', retry_attempts: 3 },
        { alias: 'in_project', project_name: 'team' },
      ],
    });
    expect(resource).toMatchObject({
      spectrocloud_project: {
        first: { name: 'first', lifecycle: { prevent_destroy: true } },
        second: {
          name: 'second',
          depends_on: ['spectrocloud_project.first'],
          provider: 'spectrocloud.in_project',
          count: 2,
        },
      },
      spectrocloud_cluster_profile: {
        many: {
          dynamic: {
            pack: {
              for_each: '${toset(["a", "b"])}',
              iterator: 'each',
              content: { name: '${each.value}', registry_uid: 'r' },
            },
          },
        },
      },
    });
  });

  it.each([
    {
      name: 'an unknown argument',
      config: { nam: 'x' },
      message: /spectrocloud_project "p" has no argument "nam"; it has name, description, tags/,
    },
    {
      name: 'what the provider sets',
      config: { name: 'x', cloudType: 'generic', status: 'Running' },
      message: /"p"\.status is set by the provider/,
    },
  ])('tell a program without types about $name', ({ config, message }) => {
    const untyped = config as unknown as { name: string; cloudType: string }; // as: what JavaScript would hand over
    expect(() =>
      synth(
        (stack) =>
          void ('cloudType' in config ? new ClusterBrownfield(stack, 'p', untyped) : new Project(stack, 'p', untyped)),
      ),
    ).toThrow(message);
  });
});
