import * as z from 'zod';

import { tf } from '#resources/engine/index';

const ADDRESS = /^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$/;

const http = z.object({
  method: z.enum(['POST', 'GET', 'PUT']).describe('Method of the request.'),
  url: z
    .string()
    .regex(/^https?:\/\/\S+$/, 'must be an address that begins with https:// or http://')
    .describe('Where the request goes. Addresses of the plane itself and of services of its cloud are refused.'),
  body: z
    .string()
    .describe(
      'Body of the request. `{{message}}`, `{{clusterName}}`, `{{severity}}`, `{{reason}}`, `{{time}}` and other fields of the alert give way to their values; empty: the whole alert as JSON.',
    ),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe('Headers of the request. They are sealed in the plane.'),
});

const status = z.object({
  isSucceeded: z.boolean().optional().describe('Not used.'),
  message: z.string().optional().describe('Not used.'),
  time: z.string().optional().describe('Not used.'),
});

export const alertSchema = z.object({
  project: tf(z.string().min(1), { forceNew: true }).describe('Name of the project whose clusters the alert is about.'),
  component: tf(z.enum(['ClusterHealth', 'ClusterEvents']), { forceNew: true }).describe(
    'What the alert is about: `ClusterHealth` tells of clusters that become unhealthy and are well again, `ClusterEvents` of errors that agents tell.',
  ),
  isActive: z.boolean().describe('Whether alerts go out.'),
  type: z
    .enum(['', 'email', 'http'])
    .default('')
    .describe('Channel of the alert; empty: whichever the other settings ask for.'),
  alertAllUsers: z.boolean().default(false).describe('Whether every user of the tenant gets a mail.'),
  createdBy: z.string().optional().describe('Who made the alert. Default: the user of the API key.'),
  identifiers: tf(z.array(z.string().regex(ADDRESS, 'must be an address of electronic mail')).optional(), {
    set: true,
  }).describe('Addresses that get a mail.'),
  http: z.array(http).optional().describe('Requests that are made.'),
  status: z.array(status).optional().describe('Kept as it is written; how deliveries went is told by the plane.'),
});
