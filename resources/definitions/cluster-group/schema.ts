import * as z from 'zod';

import { tf } from '#resources/engine/index';

import { attachmentBlock } from '../shared/attachment-schema.ts';
import { contextField, tagsField } from '../shared/fields.ts';

const limit = (): z.ZodOptional<z.ZodInt> => z.int().min(0).optional();

const config = z.object({
  hostEndpointType: z
    .enum(['', 'Ingress', 'LoadBalancer'])
    .default('Ingress')
    .describe('How virtual clusters are reached: `Ingress` or `LoadBalancer`.'),
  cpuMillicore: limit().describe('Thousandths of a processor that a virtual cluster may use.'),
  memoryInMb: limit().describe('Memory in MiB that a virtual cluster may use.'),
  storageInGb: limit().describe('Storage in GiB that a virtual cluster may use.'),
  oversubscriptionPercent: limit().describe('Percent of what the host clusters have that may be promised.'),
  k8sDistribution: tf(z.enum(['k3s', 'cncf_k8s', 'vcluster-generic']).default('vcluster-generic'), {
    forceNew: true,
    equality: 'emptyIsDefault',
  }).describe('Kubernetes of the virtual clusters: `vcluster-generic`, `k3s` or `cncf_k8s`.'),
  values: z.string().default('').describe('Values of the chart that makes a virtual cluster, as YAML.'),
});

const host = z.object({
  clusterUid: tf(z.string().min(1), {
    reference: { resource: 'spectrocloud_cluster_brownfield', attribute: 'id' },
  }).describe('Identifier of the host cluster.'),
  hostDns: z
    .string()
    .optional()
    .describe('Host name pattern of the ingress of the host cluster, such as `*.dev.example.com`.'),
});

export const clusterGroupSchema = z.object({
  name: z.string().min(1).describe('Name of the group, unique in its context.'),
  context: tf(contextField('tenant'), { forceNew: true, equality: 'emptyIsDefault' }),
  description: z.string().default('').describe('What the group is for.'),
  tags: tagsField(),
  clusterProfile: tf(z.array(attachmentBlock('the group')).optional(), { set: true, identifiedBy: 'id' }).describe(
    'Add-on profiles that the virtual clusters run.',
  ),
  clusters: tf(z.array(host).optional(), { identifiedBy: 'clusterUid' }).describe(
    'Host clusters that virtual clusters are placed on.',
  ),
  config: z.array(config).min(1).max(1).describe('What holds for every virtual cluster of the group.'),
});
