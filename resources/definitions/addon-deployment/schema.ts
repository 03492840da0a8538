import * as z from 'zod';

import { optionalComputed, tf } from '#resources/engine/index';

import { attachmentBlock } from '../shared/attachment-schema.ts';
import { contextField } from '../shared/fields.ts';

export const addonDeploymentSchema = z.object({
  id: optionalComputed(z.string()).describe('Identifiers of cluster and profile, joined by an underscore.'),
  clusterUid: tf(z.string().min(1), {
    forceNew: true,
    reference: { resource: 'spectrocloud_cluster_brownfield', attribute: 'id' },
  }).describe('Identifier of the cluster.'),
  context: tf(contextField('project'), { forceNew: true, equality: 'emptyIsDefault' }),
  clusterProfile: tf(z.array(attachmentBlock('the cluster')).optional(), { set: true, identifiedBy: 'id' }).describe(
    'The one profile that is attached. Another version of it takes the place of the one before.',
  ),
  applySetting: z
    .enum(['DownloadAndInstall', 'DownloadAndInstallLater'])
    .default('DownloadAndInstall')
    .describe('When the profile takes effect: `DownloadAndInstall` at once, `DownloadAndInstallLater` when asked for.'),
});
