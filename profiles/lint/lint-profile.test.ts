import { describe, expect, it } from '@jest/globals';

import { openPackFiles } from '#packs/index';
import { packJson, textFiles } from '#packs/testing/files';
import type { ProfileDocument } from '#profiles/document';
import { addon, defineProfile, k8s, manifests, variable } from '#profiles/index';
import { formatProfileProblem } from '#profiles/problem';
import { sourcedPack } from '#profiles/render/sourced-pack';
import type { PackSource } from '#profiles/render/pack-source';

import { lintProfile } from './lint-profile.ts';

const signal = new AbortController().signal;

interface PackText {
  readonly json?: object;
  readonly files?: Readonly<Record<string, string>>;
}

function sourceOf(packs: Readonly<Record<string, PackText>>): PackSource {
  return {
    description: 'the test',
    versions: async ({ name }) => (name in packs ? ['1.0.0'] : []),
    open: async ({ name, version }) => {
      const { json = {}, files = {} } = packs[name] ?? {};
      return sourcedPack(
        await openPackFiles(
          textFiles({ 'values.yaml': '', ...files, 'pack.json': packJson({ name, version, ...json }) }),
        ),
      );
    },
  };
}

async function lint(
  document: ProfileDocument,
  packs: Readonly<Record<string, PackText>>,
  more: { readonly agentVersion?: string; readonly kubeVersion?: string } = {},
): Promise<string[]> {
  return (await lintProfile(document, { source: sourceOf(packs), signal, ...more })).map(formatProfileProblem);
}

const PRESETS = 'presets:\n  - {name: "on", group: Ingress, add: "a: 1"}\n';

describe('what a profile is told about its packs', () => {
  it.each([
    {
      name: 'a pack that is not there',
      layer: addon({ pack: 'gone', version: '1.0.0' }),
      packs: {},
      want: [/layer gone: error: the pack gone is not in the test \(pack-missing\)/],
    },
    {
      name: 'a range that nothing pins',
      layer: addon({ pack: 'a', version: '^1.0.0' }),
      packs: { a: {} },
      want: [/layer a: warning: no lock file .*"\^1\.0\.0".*not-locked/],
    },
    {
      name: 'a preset that there is not',
      layer: addon({ pack: 'a', version: '1.0.0', presets: { Ingress: 'off' } }),
      packs: { a: { files: { 'presets.yaml': PRESETS } } },
      want: [/layer a, values:1: error: the pack has no preset Ingress:off; there are Ingress:on/],
    },
    {
      name: 'a preset that there is',
      layer: addon({ pack: 'a', version: '1.0.0', presets: { Ingress: 'on' } }),
      packs: { a: { files: { 'presets.yaml': PRESETS } } },
      want: [],
    },
    {
      name: 'a pack of another layer',
      layer: addon({ pack: 'a', version: '1.0.0' }),
      packs: { a: { json: { layer: 'csi' } } },
      want: [/error: the pack is of layer csi, and stands in the profile as addon/],
    },
    {
      name: 'values against the schema',
      layer: addon({ pack: 'a', version: '1.0.0', values: 'x: 1\ncount: many\n' }),
      packs: { a: { files: { 'schema.yaml': 'count:\n  schema: \'{{ required | format "${number}" }}\'\n' } } },
      want: [/layer a, values:2:1: error: count: .*number/],
    },
    {
      name: 'a reference in place of a number',
      layer: addon({ pack: 'a', version: '1.0.0', values: 'count: {{.spectro.macro.n}}\n' }),
      packs: { a: { files: { 'schema.yaml': 'count:\n  schema: \'{{ required | format "${number}" }}\'\n' } } },
      want: [],
    },
    {
      name: 'a variable that the pack reads',
      layer: addon({ pack: 'a', version: '1.0.0' }),
      packs: { a: { files: { 'values.yaml': "x: 1\ny: '{{.spectro.var.team}}'\n" } } },
      want: [/layer a, a-1\.0\.0\/values\.yaml:2:5: warning: the pack reads the variable team/],
    },
    {
      name: 'a pack that is required',
      layer: addon({ pack: 'a', version: '1.0.0' }),
      packs: {
        a: {
          json: {
            constraints: {
              dependencies: [
                { packName: 'base', layer: 'addon', minVersion: '1.0.0', maxVersion: '', type: 'required' },
              ],
            },
          },
        },
      },
      want: [/layer a: error: .*base.*\(dependency-missing\)/],
    },
    {
      name: 'a pack that is broken',
      layer: addon({ pack: 'a', version: '1.0.0' }),
      packs: { a: { json: { kubeManifests: ['manifests/gone.yaml'] } } },
      want: [/layer a, a-1\.0\.0\/pack\.json:\d+:\d+: error: .*gone\.yaml/],
    },
  ])('$name', async ({ layer, packs, want }) => {
    const found = await lint(defineProfile({ name: 'x', layers: [layer] }), packs);
    expect(found).toEqual(want.map((pattern) => expect.stringMatching(pattern)));
  });

  it('holds the Kubernetes of the profile, and the agent that is said, against what packs ask for', async () => {
    const document = defineProfile({
      name: 'x',
      layers: [k8s({ pack: 'edge-k8s', version: '1.0.0' }), addon({ pack: 'a', version: '1.0.0' })],
    });
    const packs = { 'edge-k8s': { json: { layer: 'k8s' } }, a: { json: { kubeVersion: '>=1.26.0-0' } } };
    expect(await lint(document, packs)).toEqual([
      expect.stringMatching(/layer a: error: .*1\.26\.0.*kube-version-unsupported/),
    ]);
    const gated: ProfileDocument = {
      ...document,
      layers: [{ ...document.layers[0]!, version: '1.33.4' }],
    };
    const source: PackSource = { ...sourceOf(packs), versions: async () => ['1.33.4'] };
    const found = await lintProfile(gated, { source, signal, agentVersion: '4.7.6' });
    expect(found).toMatchObject([
      { severity: 'error', layer: 'edge-k8s', rule: 'agent-too-old', message: expect.stringContaining('4.7.7') },
    ]);
    expect(await lintProfile(gated, { source, signal, agentVersion: '4.7.7' })).toEqual([]);
  });

  it('says of a variable that it is unused only when no pack reads it either', async () => {
    const team = variable('team');
    const document = defineProfile({
      name: 'x',
      variables: [team, variable('idle')],
      layers: [addon({ pack: 'a', version: '1.0.0' })],
    });
    expect(await lint(document, { a: { files: { 'values.yaml': "y: '{{.spectro.var.team}}'\n" } } })).toEqual([
      expect.stringMatching(/variable idle: no layer/),
    ]);
  });

  it('goes on after what it cannot find, and tells everything in the order of the layers', async () => {
    const document: ProfileDocument = {
      ...defineProfile({
        name: 'x',
        layers: [manifests({ name: 'm', manifests: { a: 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n' } })],
      }),
      layers: [
        { ...addon({ pack: 'gone', version: '1.0.0' }) },
        { ...addon({ pack: 'a', version: '1.0.0', presets: { X: 'y' } }) },
        { ...manifests({ name: 'm', manifests: { a: 'x: 1' } }) },
      ],
    };
    expect((await lint(document, { a: {} })).map((line) => /layer (\w+)/.exec(line)?.[1])).toEqual(['m', 'gone', 'a']);
  });
});
