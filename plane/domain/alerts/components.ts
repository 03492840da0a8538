/** What alerts can be about. */
export const ALERT_COMPONENTS = {
  ClusterHealth: 'A cluster of the project became unhealthy, or is well again',
  ClusterEvents:
    'The agent of a cluster tells an error: an action that failed, a desired state that it refused, a pack that cannot be applied',
} as const;

export type AlertComponent = keyof typeof ALERT_COMPONENTS;

export function isAlertComponent(name: string): name is AlertComponent {
  return Object.hasOwn(ALERT_COMPONENTS, name);
}

export const CHANNEL_TYPES = ['email', 'http', 'app'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];
