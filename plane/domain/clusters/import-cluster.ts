import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest } from '#plane/api/error';
import type { UserContext } from '#plane/api/handler';
import { newUid } from '#plane/store/uid';

import { recomposeClusters } from '../desired-state/recompose.ts';
import { tellCluster } from './cluster-event.ts';
import { joinTemplate } from '../templates/assign.ts';
import { ownAnnotations } from '../own-annotations.ts';
import type { ClusterSettings } from './cluster.ts';
import { newImportToken } from './import-link.ts';

/** The parts that the import requests of all clouds share. */
interface ImportEntity {
  readonly metadata?: components['schemas']['v1ObjectMetaInputEntity'];
  readonly spec?: {
    readonly clusterConfig?: components['schemas']['v1ImportClusterConfig'];
    readonly clusterTemplate?: components['schemas']['v1SpectroClusterTemplateRef'];
  };
}

/** Registers an existing cluster: it waits for its agent from then on. @throws PlaneError 422, 409 */
export async function importCluster(
  context: UserContext,
  cloudType: string,
  body: ImportEntity | undefined,
): Promise<{ status: 201; body: { uid: string } }> {
  const { db, scope, services, principal } = context;
  const { metadata = {}, spec = {} } = body ?? {};
  const { projectUid } = scope;
  if (projectUid === undefined)
    throw invalidRequest('a cluster belongs to a project: name it in the header ProjectUid (context "project")');
  const { name } = metadata;
  if (!name) throw invalidRequest('metadata.name: expected the name of the cluster');
  const settings: ClusterSettings = spec.clusterConfig?.proxy === undefined ? {} : { proxy: spec.clusterConfig.proxy };
  const uid = newUid();
  await db.transaction(async (tx) => {
    const added = await tx.execute(
      `INSERT INTO clusters (uid, project_uid, name, cloud_type, import_mode, labels, annotations, settings, created_by, import_token, state)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8::jsonb, $9, $10, 'Pending') ON CONFLICT (tenant_uid, project_uid, name) DO NOTHING`,
      [
        uid,
        projectUid,
        name,
        cloudType,
        spec.clusterConfig?.importMode ?? 'full',
        JSON.stringify(metadata.labels ?? {}),
        JSON.stringify(ownAnnotations(metadata.annotations)),
        JSON.stringify(settings),
        principal.userUid,
        newImportToken(services, uid),
      ],
    );
    if (added === 0)
      throw conflict(
        'ClusterExists',
        `the project has a cluster of the name ${name} already; choose another name, or delete that one`,
      );
    const templateUid = spec.clusterTemplate?.uid ?? '';
    if (templateUid !== '') {
      const importMode = spec.clusterConfig?.importMode === 'read-only' ? 'read-only' : 'full';
      const cluster = { uid, name, cloudType, importMode, projectUid, templateUid: undefined } as const;
      await joinTemplate(tx, services, scope, cluster, templateUid, []);
    }
    // A cluster without profiles has a desired state too: its agent learns at once that there is nothing to do.
    await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid });
    await tellCluster(tx, services, scope.tenantUid, { uid, projectUid }, 'created');
  });
  return { status: 201, body: { uid } };
}
