import { core } from './0001-core.ts';
import { fleet } from './0002-fleet.ts';
import { idempotencyAndResourceEvents } from './0003-idempotency-and-resource-events.ts';
import { registries } from './0004-registries.ts';
import { profileVersions } from './0005-profile-versions.ts';
import { fleetConfiguration } from './0006-fleet-configuration.ts';
import { impact } from './0007-impact.ts';
import { actions } from './0008-actions.ts';
import { agentCredentials } from './0013-agent-credentials.ts';
import { agentReleases } from './0011-agent-releases.ts';
import { alerts } from './0012-alerts.ts';
import { backups } from './0009-backups.ts';
import { notifications } from './0014-notifications.ts';
import { scans } from './0010-scans.ts';
import type { Migration } from './migration.ts';

/**
 * Every step of the schema in order. The SQL is text in a module, so that the published package holds it. Each tenant
 * table calls `palette_isolate(table)`; a test looks for one that does not.
 */
export const migrations: readonly Migration[] = [
  core,
  fleet,
  idempotencyAndResourceEvents,
  registries,
  profileVersions,
  fleetConfiguration,
  impact,
  actions,
  backups,
  scans,
  agentReleases,
  alerts,
  agentCredentials,
  notifications,
];
