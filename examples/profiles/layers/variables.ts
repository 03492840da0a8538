/** What a cluster says about itself. Each is a definition and a typed reference in one. */
import { variable } from 'palette-iac/profiles';

export const replicas = variable('replicas', {
  displayName: 'Replicas',
  description: 'How many pods greet',
  format: 'number',
  default: 2,
  regex: /^[1-9]$/,
});

export const greeting = variable('greeting', {
  displayName: 'Greeting',
  default: 'hello',
  required: true,
});

export const tier = variable('tier', {
  displayName: 'Tier',
  description: 'Chosen when a cluster is made, and kept',
  options: [
    { value: 'edge', label: 'At the edge' },
    { value: 'core', label: 'In a data centre' },
  ],
  default: 'edge',
  immutable: true,
});

/** A secret has no default: a profile can be read by everybody, a cluster's value cannot. */
export const uplinkToken = variable('uplink_token', {
  displayName: 'Token of the uplink',
  sensitive: true,
  regex: /^$|^[A-Za-z0-9-]{16,}$/,
});
