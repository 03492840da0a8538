/** Operations on alerts of projects. */
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import { appendResourceEvent } from '#plane/domain/events/resource-event';
import { findProject, lockProject } from '#plane/domain/projects/project-store';
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import { selectChannels, storeChannel, toApi, type Channel, type ChannelInput } from './channel.ts';
import { ALERT_COMPONENTS, CHANNEL_TYPES, isAlertComponent, type AlertComponent } from './components.ts';
import type { AlertMessage } from './message.ts';
import { readChannel } from './read-channel.ts';
import { noteOutcome, recipientsOf, sendOver } from './send.ts';

type Schemas = components['schemas'];

/** Of one component of a project. */
const MAX_CHANNELS = 50;

export const alertHandlers = {
  v1ProjectsAlerts: async () => ({
    status: 200,
    body: {
      components: Object.entries(ALERT_COMPONENTS).map(([name, description]) => ({
        name,
        description,
        supportedChannels: [...CHANNEL_TYPES],
      })),
    },
  }),

  v1ProjectsUidAlertUpdate: async ({ path, body }, context) => {
    const inputs = (body?.channels ?? []).map((channel, index) => ({
      uid: channel.uid,
      input: readChannel(channel, `channels[${index}]`, context.services.fleet.alerts.guard),
    }));
    if (inputs.length > MAX_CHANNELS)
      throw invalidRequest(`channels: ${inputs.length} channels; at most ${MAX_CHANNELS}`);
    await change(path, context, async (tx, component, known) => {
      const free = [...known];
      const take = (matches: (channel: Channel) => boolean): Channel | undefined => {
        const at = free.findIndex((channel) => matches(channel));
        return at < 0 ? undefined : free.splice(at, 1)[0];
      };
      // Those that are named by uid are taken before others of the same content are.
      const named = inputs.map(({ uid }) => (uid ? take((channel) => channel.uid === uid) : undefined));
      const kept = inputs.map(({ input }, index) => named[index] ?? take((channel) => sameContent(channel, input)));
      await remove(tx, free);
      for (const [index, { input }] of inputs.entries())
        await store(
          tx,
          context,
          { ...input, uid: kept[index]?.uid ?? newUid(), projectUid: path.uid, component },
          index,
        );
    });
    return { status: 204 };
  },

  v1ProjectsUidAlertCreate: async ({ path, body }, context) => {
    const input = readChannel(body, '', context.services.fleet.alerts.guard);
    const uid = newUid();
    await change(path, context, async (tx, component, known) => {
      if (known.length >= MAX_CHANNELS)
        throw conflict('TooManyChannels', `there are ${MAX_CHANNELS} channels already; remove one first`);
      await store(tx, context, { ...input, uid, projectUid: path.uid, component }, known.length);
    });
    return { status: 201, body: { uid } };
  },

  v1ProjectsUidAlertDelete: async ({ path }, context) => {
    await change(path, context, async (tx, _component, known) => remove(tx, known));
    return { status: 204 };
  },

  v1ProjectsUidAlertsUidGet: async ({ path }, { db, services }) => {
    const component = componentOf(path.component);
    const [channel] = await db.transaction(
      async (tx) =>
        selectChannels(tx, services.secrets, 'uid = $1 AND project_uid = $2 AND component = $3', [
          path.alertUid,
          path.uid,
          component,
        ]),
      { readOnly: true },
    );
    if (!channel) throw notFound('alert', path.alertUid);
    return { status: 200, body: toApi(channel) };
  },

  v1ProjectsUidAlertsUidUpdate: async ({ path, body }, context) => {
    const input = readChannel(body, '', context.services.fleet.alerts.guard);
    await change(path, context, async (tx, component, known) => {
      const position = known.findIndex(({ uid }) => uid === path.alertUid);
      if (position < 0) throw notFound('alert', path.alertUid);
      await store(tx, context, { ...input, uid: path.alertUid, projectUid: path.uid, component }, position);
    });
    return { status: 204 };
  },

  v1ProjectsUidAlertsUidDelete: async ({ path }, context) => {
    await change(path, context, async (tx, _component, known) => {
      const gone = known.filter(({ uid }) => uid === path.alertUid);
      if (gone.length === 0) throw notFound('alert', path.alertUid);
      await remove(tx, gone);
    });
    return { status: 204 };
  },

  v1ProjectsUidAlertTest: async ({ path }, context) => {
    const { db, services, log, signal, scope } = context;
    const component = componentOf(path.component);
    const { alerts, now } = services.fleet;
    const found = await db.transaction(
      async (tx) => {
        const project = await findProject(tx, path.uid);
        if (!project) throw notFound('project', path.uid);
        const active = (await channelsOf(tx, context, path.uid, component)).filter(({ isActive }) => isActive);
        const targets = await Promise.all(
          active.map(async (channel) => ({ channel, recipients: await recipientsOf(tx, channel, scope.tenantUid) })),
        );
        return { project, targets };
      },
      { readOnly: true },
    );
    const alert: AlertMessage = {
      uid: newUid(),
      component,
      severity: 'info',
      reason: 'Test',
      message: 'This is a test: alerts of this project reach you here.',
      clusterUid: '',
      clusterName: '',
      projectUid: path.uid,
      projectName: found.project.name,
      time: now().toISOString(),
    };
    const items = await Promise.all(
      found.targets.map(async ({ channel, recipients }) => {
        const outcome = await sendOver(channel, recipients, alert, alerts.senders, { log, signal });
        await db.transaction(async (tx) => noteOutcome(tx, channel.uid, outcome, now()));
        return {
          uid: channel.uid,
          type: channel.type,
          target: targetOf(channel, recipients),
          isSucceeded: outcome.kind === 'sent',
          message: outcome.message,
        };
      }),
    );
    return { status: 200, body: { items } };
  },

  v1ProjectsUidAlertHistory: async ({ path, query }, { db }) => {
    const limit = Math.min(query.limit !== undefined && query.limit > 0 ? query.limit : 50, 500);
    const rows = await db.transaction(
      async (tx) => {
        if (!(await findProject(tx, path.uid))) throw notFound('project', path.uid);
        return tx.query<AlertRow>(
          `SELECT a.uid, a.component, a.severity, a.reason, a.message, a.cluster_uid, a.cluster_name, a.raised_at,
             (SELECT count(*) FROM alert_deliveries d WHERE d.alert_uid = a.uid) AS pending
           FROM alerts a WHERE a.project_uid = $1 ORDER BY a.raised_at DESC, a.uid LIMIT $2`,
          [path.uid, limit],
        );
      },
      { readOnly: true },
    );
    return { status: 200, body: { items: rows.map(raisedAlert) } };
  },
} satisfies SomeHandlers;

interface AlertRow {
  uid: string;
  component: string;
  severity: Schemas['RaisedAlert']['severity'];
  reason: string;
  message: string;
  cluster_uid: string | null;
  cluster_name: string;
  raised_at: Date;
  pending: number;
}

function raisedAlert(row: AlertRow): Schemas['RaisedAlert'] {
  return {
    uid: row.uid,
    component: row.component,
    severity: row.severity,
    reason: row.reason,
    message: row.message,
    ...(row.cluster_uid === null ? {} : { clusterUid: row.cluster_uid, clusterName: row.cluster_name }),
    time: row.raised_at.toISOString(),
    pending: row.pending,
  };
}

/** Alerts of a project in the form that the project itself shows. */
export async function alertsOfProject(
  tx: Transaction,
  { services }: Pick<UserContext, 'services'>,
  projectUid: string,
): Promise<Schemas['v1Alert'][]> {
  const channels = await selectChannels(tx, services.secrets, 'project_uid = $1', [projectUid]);
  const names = [...new Set(channels.map(({ component }) => component))];
  return names.map((component) => ({
    component,
    channels: channels.filter((channel) => channel.component === component).map(toApi),
  }));
}

function componentOf(name: string): AlertComponent {
  if (isAlertComponent(name)) return name;
  throw invalidRequest(`component: '${name}' is none; expected ${Object.keys(ALERT_COMPONENTS).join(' or ')}`);
}

async function channelsOf(
  tx: Transaction,
  { services }: Pick<UserContext, 'services'>,
  projectUid: string,
  component: AlertComponent,
): Promise<Channel[]> {
  return selectChannels(tx, services.secrets, 'project_uid = $1 AND component = $2', [projectUid, component]);
}

/** One change of a component's channels; changes of one project go one after the other. */
async function change(
  path: { readonly uid: string; readonly component: string },
  context: UserContext,
  work: (tx: Transaction, component: AlertComponent, known: readonly Channel[]) => Promise<void>,
): Promise<void> {
  const { db, services, scope } = context;
  const component = componentOf(path.component);
  await db.transaction(async (tx) => {
    if (!(await lockProject(tx, path.uid))) throw notFound('project', path.uid);
    await work(tx, component, await channelsOf(tx, context, path.uid, component));
    const updated = { type: 'project', uid: path.uid, change: 'updated', projectUid: path.uid } as const;
    await appendResourceEvent(tx, services, scope.tenantUid, updated);
  });
}

async function store(
  tx: Transaction,
  { services, principal }: UserContext,
  channel: Omit<Channel, 'last'>,
  position: number,
): Promise<void> {
  await storeChannel(tx, services.secrets, { ...channel, createdBy: channel.createdBy || principal.email }, position);
}

async function remove(tx: Transaction, channels: readonly Channel[]): Promise<void> {
  if (channels.length === 0) return;
  await tx.execute('DELETE FROM alert_channels WHERE uid = ANY ($1::text[])', [channels.map(({ uid }) => uid)]);
}

function sameContent(channel: Channel, { type, identifiers, http }: ChannelInput): boolean {
  if (channel.type !== type) return false;
  return type === 'http'
    ? channel.http?.url === http?.url && channel.http?.method === http?.method
    : JSON.stringify([...channel.identifiers].toSorted()) === JSON.stringify([...identifiers].toSorted());
}

function targetOf({ type, http }: Channel, recipients: readonly string[]): string {
  switch (type) {
    case 'email':
      return recipients.join(', ');
    case 'http':
      return http === undefined ? '' : new URL(http.url).host;
    case 'app':
      return 'list of alerts';
  }
}
