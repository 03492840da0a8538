/** Notifications in the API's shape. */
import type { components } from '#openapi/generated/types';
import { notFound } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';

import { page } from '../page.ts';
import { loadNotifications, markNotification, type MarkedNotification } from './load.ts';

type ApiNotification = components['schemas']['v1Notification'];

export const notificationHandlers = {
  v1NotificationsList: async ({ query }, { db, scope }) => {
    const all = await db.transaction(async (tx) => loadNotifications(tx, scope), { readOnly: true });
    return { status: 200, body: page(all.map(toApi), query) };
  },

  v1NotificationsObjTypeUidList: async ({ path, query }, { db, scope }) => {
    const all = await db.transaction(async (tx) => loadNotifications(tx, scope), { readOnly: true });
    const wanted = all.filter(
      ({ related, isDone }) =>
        related.kind === path.objectKind &&
        related.uid === path.objectUid &&
        (query.isDone === undefined || String(isDone) === query.isDone),
    );
    return { status: 200, body: page(wanted.map(toApi), query) };
  },

  v1NotificationsUidAck: async ({ path }, context) => mark(path.uid, 'acknowledged', context),

  v1NotificationsUidDone: async ({ path }, context) => mark(path.uid, 'done', context),
} satisfies SomeHandlers;

async function mark(
  uid: string,
  what: 'acknowledged' | 'done',
  { db, scope }: UserContext,
): Promise<{ readonly status: 204 }> {
  if (!(await db.transaction(async (tx) => markNotification(tx, scope, uid, what))))
    throw notFound('notification', uid);
  return { status: 204 };
}

const TYPES = {
  'pack update': { type: 'NotificationPackUpdate', actionType: 'NotifyActionPacksUpdate' },
  'cluster waits': { type: 'NotificationNone', actionType: 'NotifyActionClusterUpdate' },
} as const satisfies Record<MarkedNotification['kind'], unknown>;

function toApi(one: MarkedNotification): ApiNotification {
  const { type, actionType } = TYPES[one.kind];
  return {
    metadata: {
      uid: one.uid,
      name: one.kind,
      ...(one.since === undefined ? {} : { creationTimestamp: one.since.toISOString() }),
    },
    type,
    relatedObject: one.related,
    source: { component: 'palette-plane' },
    action: {
      actionType,
      actionMessage: one.message,
      ack: one.isAcknowledged,
      isDone: one.isDone,
      isInfo: true,
      events: Object.fromEntries(Object.entries(one.events).map(([name, details]) => [name, { ...details }])),
      link: '',
    },
  };
}
