import type { components } from '#openapi/generated/types';
import { publicKeyId, readPublicKey, SignatureError } from '#packs/signature/index';
import { invalidRequest, PlaneError } from '#plane/api/error';
import type { Scope, SomeHandlers } from '#plane/api/handler';
import { versionSkew } from '#protocol/version-skew';

import { issueAction } from '../actions/issue.ts';
import { changeSettings, requireCluster } from '../clusters/cluster.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { refuseSkewed, refuseUpgrade } from './check-release.ts';
import { publishRelease } from './publish.ts';
import {
  chooseVersion,
  chosenVersion,
  deleteRelease,
  listReleases,
  releaseKeys,
  releaseOf,
  replaceReleaseKeys,
  requireRelease,
  type StoredRelease,
} from './release-store.ts';

export const agentReleaseHandlers = {
  v1AgentReleasesList: async (_request, { db }) => {
    const body = await db.transaction(
      async (tx) => {
        const chosen = await chosenVersion(tx);
        return {
          items: (await listReleases(tx)).map((stored) => view(stored, chosen)),
        };
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1AgentReleasesPublish: async ({ body, headers }, { db, scope, services }) => {
    tenantOnly(scope);
    if (body.length === 0) throw invalidRequest('the body is empty; send the release as a tar.gz archive');
    const { version, content, image } = await publishRelease(db, {
      bytes: body,
      signature: headers.get('palette-signature') ?? undefined,
      planeVersion: services.fleet.version,
    });
    return { status: 201, body: { version, digest: content, ...(image === undefined ? {} : { image }) } };
  },

  v1AgentReleasesDelete: async ({ path }, { db, scope }) => {
    tenantOnly(scope);
    await db.transaction(async (tx) => deleteRelease(tx, path.version));
    return { status: 204 };
  },

  v1AgentReleaseSettingsGet: async (_request, { db, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const version = await chosenVersion(tx);
        return {
          planeVersion: services.fleet.version,
          publicKeys: await releaseKeys(tx),
          ...(version === undefined ? {} : { version }),
        };
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1AgentReleaseSettingsUpdate: async ({ body }, { db, scope, services }) => {
    tenantOnly(scope);
    const keys = new Map(body.publicKeys?.map((pem, index) => [keyId(pem, index), pem] as const));
    await db.transaction(async (tx) => {
      if (body.publicKeys !== undefined) await replaceReleaseKeys(tx, keys);
      if (body.version === undefined) return;
      const version = body.version === '' ? undefined : body.version;
      if (version !== undefined) {
        await requireRelease(tx, version);
        refuseSkewed(version, services.fleet.version);
      }
      if (version === (await chosenVersion(tx))) return;
      await chooseVersion(tx, version);
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'tenant' }, { unfit: 'keep' });
    });
    return { status: 204 };
  },

  v1SpectroClustersUidAgentReleaseGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => {
        const { settings, agentVersion } = await requireCluster(tx, scope, path.uid);
        const release = await releaseOf(tx, settings);
        return {
          agentVersion,
          planeVersion: services.fleet.version,
          skew: versionSkew(agentVersion, services.fleet.version).kind,
          paused: settings.agentUpgrades === 'lock',
          ...(settings.agentRelease === undefined ? {} : { version: settings.agentRelease }),
          ...(release === undefined ? {} : { effectiveVersion: release.version }),
        };
      },
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1SpectroClustersUidAgentReleaseUpdate: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const version = body.version === undefined || body.version === '' ? undefined : body.version;
      if (version !== undefined) {
        await requireRelease(tx, version);
        refuseSkewed(version, services.fleet.version);
      }
      await changeSettings(tx, services, scope, path.uid, { agentRelease: version });
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: path.uid }, { unfit: 'keep' });
    });
    return { status: 204 };
  },

  v1SpectroClustersUidAgentReleaseUpgrade: async ({ path, body }, { db, scope, services, principal }) => {
    const uid = await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      const { release } = await requireRelease(tx, body.version);
      refuseUpgrade(cluster, {
        version: release.version,
        chosen: (await releaseOf(tx, cluster.settings))?.version,
        planeVersion: services.fleet.version,
      });
      return issueAction(
        tx,
        services,
        cluster,
        { type: 'upgrade-agent', spec: { release } },
        { tenantUid: scope.tenantUid, requestedBy: principal.email },
      );
    });
    return { status: 201, body: { uid } };
  },
} satisfies SomeHandlers;

function view(
  { release: { version, content, image }, size, createdAt }: StoredRelease,
  chosen: string | undefined,
): components['schemas']['AgentReleaseView'] {
  return {
    version,
    digest: content,
    size,
    createdAt: createdAt.toISOString(),
    chosen: version === chosen,
    ...(image === undefined ? {} : { image }),
  };
}

/** @throws PlaneError 403: a release runs in every project's clusters */
function tenantOnly({ projectUid }: Scope): void {
  if (projectUid !== undefined)
    throw new PlaneError(
      403,
      'TenantOnly',
      'releases of the agent belong to the tenant itself; send the request without a project',
    );
}

function keyId(pem: string, index: number): string {
  try {
    return publicKeyId(readPublicKey(pem));
  } catch (error) {
    if (error instanceof SignatureError) throw invalidRequest(`body.publicKeys[${index}]: ${error.message}`);
    throw error;
  }
}
