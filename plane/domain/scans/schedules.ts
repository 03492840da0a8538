/** From a cluster's scan settings to what its agent does in time. */
import type { components } from '#openapi/generated/types';
import type { ScanDriver, ScheduledAction } from '#protocol/actions';

type ScheduleConfig = components['schemas']['v1ClusterComplianceScheduleConfig'];

/** The schedules by driver, as they are set; empty ones left out. */
export function schedulesByDriver(config: ScheduleConfig | undefined): ReadonlyMap<ScanDriver, string> {
  const given: readonly (readonly [ScanDriver, string | undefined])[] = [
    ['kube-bench', config?.kubeBench?.schedule?.scheduledRunTime],
    ['kube-hunter', config?.kubeHunter?.schedule?.scheduledRunTime],
    ['sonobuoy', config?.sonobuoy?.schedule?.scheduledRunTime],
  ];
  return new Map(given.flatMap(([driver, cron = '']) => (cron.trim() === '' ? [] : [[driver, cron.trim()]])));
}

export function scanSchedules(config: ScheduleConfig | undefined): ScheduledAction[] {
  return [...schedulesByDriver(config)].map(([driver, cron]) => ({
    id: `scan-${driver}`,
    cron,
    action: { type: 'scan', spec: { driver, namespaces: [] } },
  }));
}
