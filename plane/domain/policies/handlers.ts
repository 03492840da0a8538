import type { components } from '#openapi/generated/types';
import { conflict } from '#plane/api/error';
import type { Scope, SomeHandlers } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { appendResourceEvent } from '../events/resource-event.ts';
import { groupBy } from '../group-by.ts';
import { readMetadata } from '../metadata.ts';
import { matchesName, matchesTags, sortNamed } from '../named-filter.ts';
import { listOwned, lockOwned, ownedMetadata, refuseTakenName, requireOwned } from '../owned.ts';
import { ownAnnotations } from '../own-annotations.ts';
import { page } from '../page.ts';
import { followPolicy } from '../templates/reconcile.ts';
import { checkSchedules, POLICY, POLICY_KIND, schedulesOf, type PolicyRow } from './policy.ts';

type Schemas = components['schemas'];

interface TemplateRef {
  readonly uid: string;
  readonly name: string;
}

/** Templates that name each of the policies. */
async function templatesOf(tx: Transaction, uids: readonly string[]): Promise<Map<string, TemplateRef[]>> {
  const rows = await tx.query<TemplateRef & { policy_uid: string }>(
    `SELECT r.policy_uid, t.uid, t.name FROM cluster_template_policies r JOIN cluster_templates t ON t.uid = r.template_uid
     WHERE r.policy_uid = ANY ($1::text[]) ORDER BY t.name, t.uid`,
    [uids],
  );
  return groupBy(rows, (row) => row.policy_uid);
}

function entity(row: PolicyRow, tenantUid: string): Schemas['v1SpcPolicyEntity'] {
  return { metadata: ownedMetadata(row, tenantUid), spec: { schedules: schedulesOf(row) } };
}

async function policies(tx: Transaction, scope: Scope): Promise<PolicyRow[]> {
  return listOwned<PolicyRow>(tx, POLICY, scope);
}

export const policyHandlers = {
  V1SpcPoliciesMaintenanceCreate: async ({ body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body?.metadata);
    const annotations = JSON.stringify(ownAnnotations(body?.metadata?.annotations));
    const schedules = checkSchedules(body?.spec?.schedules ?? []);
    const projectUid = scope.projectUid ?? null;
    const uid = newUid();
    await db.transaction(async (tx) => {
      await refuseTakenName(tx, POLICY, { uid, name, projectUid });
      await tx.execute(
        'INSERT INTO maintenance_policies (uid, project_uid, name, labels, annotations, schedules) VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6::jsonb)',
        [uid, projectUid, name, labels, annotations, JSON.stringify(schedules)],
      );
      await appendResourceEvent(tx, services, scope.tenantUid, {
        type: 'spcpolicy',
        uid,
        change: 'created',
        projectUid,
      });
    });
    return { status: 201, body: { uid } };
  },

  V1SpcPoliciesMaintenanceUidGet: async ({ path }, { db, scope }) => {
    const row = await db.transaction(async (tx) => requireOwned<PolicyRow>(tx, POLICY, scope, path.uid), {
      readOnly: true,
    });
    return { status: 200, body: entity(row, scope.tenantUid) };
  },

  V1SpcPoliciesMaintenanceUidUpdate: async ({ path, body }, { db, scope, services }) => {
    const { name, labels } = readMetadata(body?.metadata);
    const annotations = JSON.stringify(ownAnnotations(body?.metadata?.annotations));
    const schedules = checkSchedules(body?.spec?.schedules ?? []);
    await db.transaction(async (tx) => {
      const before = await lockOwned<PolicyRow>(tx, POLICY, scope, path.uid);
      await refuseTakenName(tx, POLICY, { uid: before.uid, name, projectUid: before.project_uid });
      await tx.execute(
        'UPDATE maintenance_policies SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, schedules = $5::jsonb, updated_at = now() WHERE uid = $1',
        [before.uid, name, labels, annotations, JSON.stringify(schedules)],
      );
      // What waits for a window may have one now.
      await followPolicy(tx, services, scope.tenantUid, before.uid);
      await appendResourceEvent(tx, services, scope.tenantUid, {
        type: 'spcpolicy',
        uid: before.uid,
        change: 'updated',
        projectUid: before.project_uid,
      });
    });
    return { status: 204 };
  },

  V1SpcPoliciesUidDelete: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<PolicyRow>(tx, POLICY, scope, path.uid);
      const templates = (await templatesOf(tx, [row.uid])).get(row.uid) ?? [];
      if (templates.length > 0) {
        throw conflict(
          'PolicyInUse',
          `maintenance policy ${row.name} is in use by the cluster templates ${templates.map(({ name }) => name).join(', ')}; take it off them first`,
        );
      }
      await tx.execute('DELETE FROM maintenance_policies WHERE uid = $1', [row.uid]);
      await appendResourceEvent(tx, services, scope.tenantUid, {
        type: 'spcpolicy',
        uid: row.uid,
        change: 'deleted',
        projectUid: row.project_uid,
      });
    });
    return { status: 204 };
  },

  v1SpcPoliciesFilterSummary: async ({ body, query }, { db, scope }) => {
    const { filter = {}, sort } = body ?? {};
    return db.transaction(
      async (tx) => {
        const types = filter.policyType ?? [];
        const found = (await policies(tx, scope)).filter(
          ({ name, labels }) =>
            matchesName(name, filter.policyName) &&
            matchesTags(labels, filter.tags) &&
            (types.length === 0 || types.includes(POLICY_KIND)),
        );
        const { items, listmeta } = page(sortNamed(found, sort), query);
        const uses = await templatesOf(
          tx,
          items.map(({ uid }) => uid),
        );
        return {
          status: 200 as const,
          body: {
            items: items.map((row) => ({
              metadata: ownedMetadata(row, scope.tenantUid),
              spec: { kind: POLICY_KIND },
              status: { inUseClusterTemplates: (uses.get(row.uid) ?? []).map(({ uid, name }) => ({ uid, name })) },
            })),
            listmeta,
          },
        };
      },
      { readOnly: true },
    );
  },

  v1SpcPoliciesMetadataGet: async (_request, { db, scope }) => {
    const rows = await db.transaction(async (tx) => policies(tx, scope), { readOnly: true });
    return {
      status: 200,
      body: {
        items: rows.map(({ uid, name, project_uid: projectUid }) => ({
          uid,
          name,
          kind: POLICY_KIND,
          ...(projectUid === null ? {} : { projectUid }),
        })),
      },
    };
  },
} satisfies SomeHandlers;
