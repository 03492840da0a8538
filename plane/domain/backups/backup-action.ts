/** From Palette's form of a backup's configuration to the action that an agent carries out. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import type { ActionOf, ScheduledAction } from '#protocol/actions';

type Config = components['schemas']['v1ClusterBackupConfig'];
type Mode = 'always' | 'never' | 'auto';

const DEFAULT_HOURS = 720;
const MOST_HOURS = 24 * 366 * 5;
const MODES = { Always: 'always', Never: 'never', Auto: 'auto' } as const;

/** The schedule of a cluster's backups, where it has one and a place to keep them. */
export function backupSchedules(config: Config | undefined): ScheduledAction[] {
  const cron = config?.schedule?.scheduledRunTime?.trim() ?? '';
  if (config === undefined || cron === '' || (config.backupLocationUid ?? '') === '') return [];
  return [{ id: 'backup', cron, action: backupAction(config) }];
}

/** @throws PlaneError 422 that names the field */
export function backupAction(config: Config): ActionOf<'backup'> {
  const locationUid = config.backupLocationUid ?? '';
  if (locationUid === '') throw invalidRequest('backupLocationUid: say where the backup is to be kept');
  const hours = config.durationInHours ?? DEFAULT_HOURS;
  if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS)
    throw invalidRequest(`durationInHours: must be a whole number from 1 to ${MOST_HOURS}`);
  return {
    type: 'backup',
    spec: {
      namePrefix: prefixOf(config.backupPrefix ?? ''),
      ...(config.backupName ? { name: wholeName(config.backupName) } : {}),
      locationUid,
      expiryHours: hours,
      namespaces: [...(config.namespaces ?? [])].sort(),
      includeDisks: config.includeAllDisks ?? true,
      includeClusterResources: resourceMode(config),
    },
  };
}

/** `includeClusterResources` is the older form of the mode. */
export function resourceMode({
  includeClusterResourceMode: mode,
  includeClusterResources: include,
}: Pick<Config, 'includeClusterResourceMode' | 'includeClusterResources'>): Mode {
  if (mode !== undefined) return MODES[mode];
  return include === undefined ? 'auto' : include ? 'always' : 'never';
}

/** Names of backups are names of Kubernetes objects. @throws PlaneError 422 */
function prefixOf(text: string): string {
  const prefix = text.trim().toLowerCase();
  if (prefix === '') return 'backup';
  if (!/^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/.test(prefix))
    throw invalidRequest(
      `backupPrefix: '${text}' cannot begin the name of a backup; use up to 40 small letters, digits and hyphens`,
    );
  return prefix;
}

function wholeName(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9.]{0,80}[a-z0-9])?$/.test(text))
    throw invalidRequest(`backupName: '${text}' is no name; use small letters, digits, hyphens and dots`);
  return text;
}
