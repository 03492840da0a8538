/** From a cluster's patch settings to what its agent does in time. */
import type { components } from '#openapi/generated/types';
import type { ScheduledAction } from '#protocol/actions';

/** On boot, again and again, and once at a time of its own: each as it is set. */
export function osPatchSchedules(config: components['schemas']['v1OsPatchConfig'] | undefined): ScheduledAction[] {
  if (config === undefined) return [];
  const rebootIfRequired = config.rebootIfRequired ?? false;
  const once = timeOf(config.onDemandPatchAfter);
  const cron = config.schedule?.trim() ?? '';
  return [
    ...(config.patchOnBoot === true
      ? [{ id: 'patch-os-boot', action: patch({ rebootIfRequired, unpatchedOnly: true }) }]
      : []),
    ...(cron === '' ? [] : [{ id: 'patch-os', cron, action: patch({ rebootIfRequired }) }]),
    ...(once === undefined ? [] : [{ id: `patch-os-${once}`, at: once, action: patch({ rebootIfRequired }) }]),
  ];
}

function patch(spec: {
  readonly rebootIfRequired: boolean;
  readonly unpatchedOnly?: true;
}): Extract<ScheduledAction['action'], { readonly type: 'patch-os' }> {
  return { type: 'patch-os', spec };
}

/** The official provider writes the zero time for none. */
function timeOf(text: string | undefined): string | undefined {
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) || time.getTime() <= 0 ? undefined : time.toISOString();
}
