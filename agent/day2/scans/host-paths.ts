/** Folders of a node in a Pod, for reading. */
export function readOnlyHostPaths(paths: Readonly<Record<string, string>>): {
  readonly volumes: readonly object[];
  readonly volumeMounts: readonly object[];
} {
  const entries = Object.entries(paths).map(([host, mount], index) => ({ host, mount, name: `host-${index}` }));
  return {
    volumes: entries.map(({ name, host }) => ({ name, hostPath: { path: host } })),
    volumeMounts: entries.map(({ name, mount }) => ({ name, mountPath: mount, readOnly: true })),
  };
}
