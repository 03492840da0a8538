/** What every front needs to know of each resource: what is fixed, by what it is found again, when it is ready, who tells of it. */
import { describe, expect, it } from '@jest/globals';

import { UNKNOWN, type CtyObject, type CtyValue } from '#resources/engine/cty';
import { keysWithTrait, type AnyResource } from '#resources/engine/index';
import { modelOf } from '#resources/engine/model';
import { formatPath } from '#resources/engine/path';
import { planObject } from '#resources/engine/plan';
import { requiresReplace } from '#resources/engine/requires-replace';
import { fromTyped } from '#resources/engine/state-conversion';
import { validateConfig } from '#resources/engine/validate-config';

import { addonDeployment } from './addon-deployment.ts';
import { applicationProfile } from './application-profile.ts';
import { cloudaccountAws } from './cloudaccount-aws.ts';
import { clusterBrownfield } from './cluster-brownfield.ts';
import { clusterConfigPolicy } from './cluster-config-policy.ts';
import { clusterConfigTemplate } from './cluster-config-template.ts';
import { clusterGroup } from './cluster-group.ts';
import { clusterProfile } from './cluster-profile.ts';
import { macros } from './macros.ts';
import { project } from './project.ts';
import { registrationToken } from './registration-token.ts';

const UID = 'c'.repeat(24);

interface Row {
  readonly definition: AnyResource;
  readonly planned: object;
  readonly identity: string | undefined;
  readonly watched: { readonly type: string; readonly uid: string };
  readonly id?: string;
  readonly replaces?: readonly string[];
  readonly immutable?: readonly string[];
}

// as: a definition of any resource has forgotten its own types
const any = (definition: unknown): AnyResource => definition as AnyResource;

const rows: readonly Row[] = [
  {
    definition: any(project),
    planned: { name: 'team' },
    identity: 'team',
    watched: { type: 'project', uid: UID },
  },
  {
    definition: any(macros),
    planned: { macros: { a: 'b' }, context: 'tenant' },
    identity: undefined,
    id: 'tenant-macros-t1',
    watched: { type: 'macros', uid: 't1' },
  },
  {
    definition: any(registrationToken),
    planned: { name: 'edge', expiryDate: '2030-01-01' },
    identity: 'edge',
    watched: { type: 'edgetoken', uid: UID },
  },
  {
    definition: any(cloudaccountAws),
    planned: { name: 'aws', context: '' },
    identity: 'aws:project',
    watched: { type: 'cloudaccount', uid: UID },
    replaces: ['context'],
  },
  {
    definition: any(clusterProfile),
    planned: { name: 'base', context: 'tenant', version: '1.0.0' },
    identity: 'base:tenant:1.0.0',
    watched: { type: 'clusterprofile', uid: UID },
    replaces: ['context', 'cloud', 'type'],
  },
  {
    definition: any(clusterBrownfield),
    planned: { name: 'edge', context: 'project', cloudType: 'generic' },
    identity: 'edge:project:generic',
    watched: { type: 'spectrocluster', uid: UID },
    immutable: ['name', 'cloudType', 'context', 'importMode', 'proxy', 'noProxy', 'hostPath', 'containerMountPath'],
  },
  {
    definition: any(addonDeployment),
    planned: { clusterUid: UID, context: 'project', clusterProfile: [{ id: 'p' }] },
    identity: `${UID}_p:project`,
    watched: { type: 'spectrocluster', uid: UID },
    replaces: ['clusterUid', 'context'],
  },
  {
    definition: any(applicationProfile),
    planned: { name: 'shop', context: 'project', version: '1.0.0' },
    identity: 'shop:project:1.0.0',
    watched: { type: 'appprofile', uid: UID },
    replaces: ['name', 'context'],
  },
  {
    definition: any(clusterConfigPolicy),
    planned: { name: 'nights', context: 'tenant' },
    identity: 'nights:tenant',
    watched: { type: 'spcpolicy', uid: UID },
    replaces: ['context'],
  },
  {
    definition: any(clusterConfigTemplate),
    planned: { name: 'shops', context: 'project' },
    identity: 'shops:project',
    watched: { type: 'clustertemplate', uid: UID },
    replaces: ['context', 'cloudType'],
  },
  {
    definition: any(clusterGroup),
    planned: { name: 'development', context: 'tenant' },
    identity: 'development:tenant',
    watched: { type: 'clustergroup', uid: UID },
    replaces: ['context'],
  },
];

describe.each(rows.map((row) => ({ ...row, type: row.definition.type })))('$type', (row) => {
  const { definition, planned, id = UID } = row;

  it('says by what it is found when the answer to its creation was lost', () => {
    expect(definition.identity?.({ planned: planned as never })).toBe(row.identity); // as: a part of what is planned
  });

  it('says what the event stream calls it', () => {
    expect(definition.watched?.({ state: { ...planned, id } as never })).toEqual(row.watched); // as: a part of a state
  });

  it('says what is fixed', () => {
    expect(keysWithTrait(definition.schema, 'forceNew')).toEqual(row.replaces ?? []);
    expect(keysWithTrait(definition.schema, 'immutable')).toEqual(row.immutable ?? []);
  });
});

it('a name with a colon in it is no identity where more follows it', () => {
  expect(clusterProfile.identity?.({ planned: { name: 'a:b', context: 'tenant', version: '1' } as never })).toBe(
    undefined,
  ); // as: a part of what is planned
});

describe('a cluster', () => {
  it.each([
    { status: 'Running', healthStatus: 'Healthy', want: { kind: 'ready' } },
    {
      status: 'Running',
      healthStatus: 'UnHealthy',
      want: { kind: 'notReady', message: 'Cluster "edge" is Running and UnHealthy.' },
    },
    {
      status: 'Pending',
      healthStatus: '',
      want: {
        kind: 'notReady',
        message:
          'Cluster "edge" is Pending and Unknown: no agent has connected yet. Run the command in kubectl_command against the cluster.',
      },
    },
    {
      status: undefined,
      healthStatus: undefined,
      want: { kind: 'notReady', message: expect.stringContaining('Unknown and Unknown: no agent') },
    },
    {
      status: 'Deleting',
      healthStatus: 'Healthy',
      want: { kind: 'notReady', message: 'Cluster "edge" is Deleting and Healthy.' },
    },
  ])('that is $status and $healthStatus is $want.kind', ({ want, ...stand }) => {
    expect(clusterBrownfield.readiness?.({ state: { id: UID, name: 'edge', ...stand } as never })).toEqual(want); // as: a part of a state
  });

  const backup = { prefix: 'p', backupLocationId: 'l', schedule: '', expiryInHour: 1 };
  it.each([
    { name: 'the mode alone', policy: { includeClusterResourcesMode: 'auto' }, want: [] },
    { name: 'the older form alone', policy: { includeClusterResources: false }, want: [] },
    {
      name: 'both',
      policy: { includeClusterResources: false, includeClusterResourcesMode: 'auto' },
      want: ['backup_policy[0].include_cluster_resources'],
    },
  ])('may be told which cluster resources to back up by $name: problems $want', ({ policy, want }) => {
    const definition = any(clusterBrownfield);
    const config = fromTyped(modelOf(definition), {
      name: 'edge',
      cloudType: 'generic',
      backupPolicy: [{ ...backup, ...policy }],
    });
    expect(validateConfig(definition, config).map(({ path }) => formatPath(path ?? []))).toEqual(want);
  });
});

describe('moving to another context', () => {
  const replaced = (definition: AnyResource, before: CtyValue, after: CtyValue): string[] => {
    const model = modelOf(definition);
    const empty = fromTyped(model, { name: 'n', id: UID });
    const prior: CtyObject = { ...planObject(model, undefined, { ...empty, context: before }), context: before };
    return requiresReplace(model, prior, planObject(model, prior, { ...empty, context: after })).map(formatPath);
  };

  it.each<{ before: CtyValue; after: CtyValue; want: string[] }>([
    { before: 'project', after: 'tenant', want: ['context'] },
    { before: 'tenant', after: null, want: ['context'] },
    { before: '', after: 'tenant', want: ['context'] },
    { before: 'project', after: '', want: [] },
    { before: '', after: 'project', want: [] },
    { before: null, after: 'project', want: [] },
    { before: 'project', after: null, want: [] },
    { before: 'project', after: UNKNOWN, want: ['context'] },
  ])('from $before to $after makes an account and a profile anew: $want', ({ before, after, want }) => {
    expect(replaced(any(cloudaccountAws), before, after)).toEqual(want);
    expect(replaced(any(clusterProfile), before, after)).toEqual(want);
    expect(replaced(any(clusterConfigTemplate), before, after)).toEqual(want);
  });
});
