/** What pods may ask of the node they run on. */
import { z } from 'zod';

import { isMap, valueAt } from '#kubernetes/object';

import { containersOf, listOf, podSpecOf, textOf } from '../pod-spec.ts';
import type { Violation } from '../policy.ts';
import { glob } from '../select.ts';
import { builtin, NoParams, type Look } from './builtin.ts';

export const noPrivilegedPods = builtin({
  name: 'no-privileged-pods',
  description: 'No container runs privileged.',
  params: NoParams,
  look: () => (object) =>
    containersOf(object).flatMap(({ path, name, container }) =>
      valueAt(container, 'securityContext', 'privileged') === true
        ? [
            {
              field: `${path}.securityContext.privileged`,
              message: `container ${name} runs privileged, which gives it the node`,
            },
          ]
        : [],
    ),
});

export const noPrivilegeEscalation = builtin({
  name: 'no-privilege-escalation',
  description: 'Every container says that it gains no privileges: allowPrivilegeEscalation is false.',
  params: NoParams,
  look: () => (object) =>
    containersOf(object).flatMap(({ path, name, container }) =>
      valueAt(container, 'securityContext', 'allowPrivilegeEscalation') === false
        ? []
        : [
            {
              field: `${path}.securityContext.allowPrivilegeEscalation`,
              message: `container ${name} may gain privileges; expected false`,
            },
          ],
    ),
});

export const runAsNonRoot = builtin({
  name: 'run-as-non-root',
  description:
    'Every container runs as another user than root: runAsNonRoot or a runAsUser above 0, of pod or container.',
  params: NoParams,
  look: () => (object) => {
    const pod = podSpecOf(object);
    if (!pod) return [];
    const setting = (holder: unknown, field: string): unknown => valueAt(holder, 'securityContext', field);
    return containersOf(object).flatMap(({ path, name, container }): Violation[] => {
      const user = setting(container, 'runAsUser') ?? setting(pod.spec, 'runAsUser');
      const nonRoot = setting(container, 'runAsNonRoot') ?? setting(pod.spec, 'runAsNonRoot');
      if (user === 0)
        return [
          { field: `${path}.securityContext.runAsUser`, message: `container ${name} runs as user 0, which is root` },
        ];
      if (nonRoot === true || (typeof user === 'number' && user > 0)) return [];
      return [
        { field: `${path}.securityContext.runAsNonRoot`, message: `container ${name} may run as root; expected true` },
      ];
    });
  },
});

export const readOnlyRootFilesystem = builtin({
  name: 'read-only-root-filesystem',
  description: 'No container writes into its image: readOnlyRootFilesystem is true.',
  params: NoParams,
  look: () => (object) =>
    containersOf(object).flatMap(({ path, name, container }) =>
      valueAt(container, 'securityContext', 'readOnlyRootFilesystem') === true
        ? []
        : [
            {
              field: `${path}.securityContext.readOnlyRootFilesystem`,
              message: `container ${name} may write to its root file system; expected true`,
            },
          ],
    ),
});

export const allowedCapabilities = builtin({
  name: 'allowed-capabilities',
  description: 'Containers add only the capabilities listed; with `dropAll` each drops ALL first.',
  params: z.strictObject({ add: z.array(z.string()).default([]), dropAll: z.boolean().default(false) }),
  look: ({ add, dropAll }) => {
    const allowed = new Set(add.map(capability));
    return (object) =>
      containersOf(object).flatMap(({ path, name, container }): Violation[] => {
        const at = (field: string): readonly unknown[] =>
          listOf(valueAt(container, 'securityContext', 'capabilities', field));
        const added = at('add').flatMap((one, index) =>
          allowed.has(capability(textOf(one)))
            ? []
            : [
                {
                  field: `${path}.securityContext.capabilities.add[${index}]`,
                  message: `container ${name} adds the capability ${String(one)}; allowed: ${add.join(', ') || 'none'}`,
                },
              ],
        );
        if (!dropAll || at('drop').includes('ALL')) return added;
        return [
          ...added,
          {
            field: `${path}.securityContext.capabilities.drop`,
            message: `container ${name} keeps capabilities; expected ["ALL"]`,
          },
        ];
      });
  },
});

function capability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '');
}

export const noHostPath = builtin({
  name: 'no-host-path',
  description: 'No pod mounts a folder of its node, but those allowed (`*` stands for any text).',
  params: z.strictObject({ allow: z.array(z.string()).default([]) }),
  look: ({ allow }) => {
    const allowed = allow.map(glob);
    return (object) => {
      const pod = podSpecOf(object);
      return listOf(pod?.spec['volumes']).flatMap((volume, at) => {
        if (!isMap(volume) || !isMap(volume['hostPath'])) return [];
        const path = textOf(volume['hostPath']['path']);
        if (allowed.some((fits) => fits(path))) return [];
        return [
          {
            field: `${pod?.path}.volumes[${at}].hostPath.path`,
            message: `volume ${textOf(volume['name'])} mounts ${path} of the node; allowed: ${allow.join(', ') || 'none'}`,
          },
        ];
      });
    };
  },
});

const HOST_NAMESPACES = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

export const noHostNamespaces = builtin({
  name: 'no-host-namespaces',
  description: "No pod shares its node's network, processes or IPC, but what is allowed.",
  params: z.strictObject({ allow: z.array(z.enum(HOST_NAMESPACES)).default([]) }),
  look:
    ({ allow }) =>
    (object) => {
      const pod = podSpecOf(object);
      return HOST_NAMESPACES.flatMap((field) =>
        pod?.spec[field] === true && !allow.includes(field)
          ? [{ field: `${pod.path}.${field}`, message: `the pod has ${field}: true; expected false` }]
          : [],
      );
    },
});

export const noHostPorts = builtin({
  name: 'no-host-ports',
  description: 'No container takes a port of its node, but those allowed.',
  params: z.strictObject({ allow: z.array(z.int()).default([]) }),
  look:
    ({ allow }) =>
    (object) =>
      containersOf(object).flatMap(({ path, name, container }) =>
        listOf(container['ports']).flatMap((port, at) => {
          const hostPort = valueAt(port, 'hostPort');
          return typeof hostPort === 'number' && hostPort !== 0 && !allow.includes(hostPort)
            ? [
                {
                  field: `${path}.ports[${at}].hostPort`,
                  message: `container ${name} takes port ${hostPort} of the node; allowed: ${allow.join(', ') || 'none'}`,
                },
              ]
            : [];
        }),
      ),
});

const RESOURCES = z.strictObject({
  resources: z.array(z.string().min(1)).min(1).default(['cpu', 'memory']),
  /** Init containers too. */
  initContainers: z.boolean().default(true),
});

export const requireLimits = builtin({
  name: 'require-limits',
  description: 'Every container limits the resources listed (default cpu and memory).',
  params: RESOURCES,
  look: (params) => needs('limits', params),
});

export const requireRequests = builtin({
  name: 'require-requests',
  description: 'Every container requests the resources listed (default cpu and memory).',
  params: RESOURCES,
  look: (params) => needs('requests', params),
});

function needs(field: 'limits' | 'requests', { resources, initContainers }: z.output<typeof RESOURCES>): Look {
  return (object) =>
    containersOf(object)
      .filter(({ kind }) => kind === 'container' || (kind === 'init' && initContainers))
      .flatMap(({ path, name, container }) => {
        const given = (resource: string, of: string): boolean => valueAt(container, 'resources', of, resource) != null;
        // The API server takes a limit for the request that is not given.
        const missing = resources.filter(
          (resource) => !given(resource, field) && !(field === 'requests' && given(resource, 'limits')),
        );
        return missing.map((resource) => ({
          field: `${path}.resources.${field}.${resource}`,
          message: `container ${name} has no ${field === 'limits' ? 'limit' : 'request'} of ${resource}`,
        }));
      });
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

export const requireProbes = builtin({
  name: 'require-probes',
  description:
    'Containers of Deployments, StatefulSets and DaemonSets have the probes listed (default readinessProbe).',
  params: z.strictObject({
    probes: z.array(z.enum(PROBES)).min(1).default(['readinessProbe']),
  }),
  look:
    ({ probes }) =>
    (object) =>
      ['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind)
        ? containersOf(object)
            .filter(({ kind }) => kind === 'container')
            .flatMap(({ path, name, container }) =>
              probes
                .filter((probe) => !isMap(container[probe]))
                .map((probe) => ({ field: `${path}.${probe}`, message: `container ${name} has no ${probe}` })),
            )
        : [],
});
