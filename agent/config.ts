import { z } from 'zod';

import { ActionImages } from './day2/images.ts';
import { LocalConfig } from './local/config.ts';

/** What the agent is started with; everything else comes from its cluster. */
export const AgentConfig = z.object({
  /** Path; absent: inside the cluster, by the pod's service account. */
  kubeconfig: z.string().min(1).optional(),
  /** Where the agent's own Secrets are. Default `palette-system`. */
  namespace: z.string().min(1).default('palette-system'),
  /** Path of the helm executable, which renders charts. */
  helm: z.string().min(1),
  /** For temporary files of rendering. Default: a folder of its own in the system's. */
  stateDir: z.string().min(1).optional(),
  /** Where /metrics and /healthz are. Default: this machine only, any free port. */
  metrics: z
    .object({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
    .default({ host: '127.0.0.1', port: 0 }),
  /** The local API and its page. Absent: there is none. */
  local: LocalConfig.optional(),
  /** How etcd is reached, where the control plane is within the agent's reach: for snapshots. Absent: it is not. */
  etcd: z
    .object({
      endpoint: z.url({ protocol: /^https?$/ }),
      caFile: z.string().min(1).optional(),
      certFile: z.string().min(1).optional(),
      keyFile: z.string().min(1).optional(),
    })
    .optional(),
  /** PEM bundle for the plane, instead of the one the import manifest brings. */
  planeCaFile: z.string().min(1).optional(),
  /** Whether of several replicas one works and the others stand by. Default: inside a cluster. */
  leaderElection: z.boolean().optional(),
  /** Name of this replica, unique among them. Default: that of the host. */
  replica: z.string().min(1).optional(),
  /** Times of the lease by which one of them is chosen, in milliseconds. Default: 15 s, 10 s, 2 s. */
  lease: z
    .object({
      durationMs: z.int().positive(),
      renewWithinMs: z.int().positive(),
      retryMs: z.int().positive(),
    })
    .optional(),
  /** PEM file of public keys that sign releases of the agent, instead of those that the plane names. */
  releaseKeyFile: z.string().min(1).optional(),
  /** The Deployment that the agent runs as. Default: `palette-agent` inside a cluster, else none. */
  deployment: z.string().min(1).optional(),
  /** Of the tools that day-2 actions run in the cluster. Default: those that their makers publish. */
  images: ActionImages.prefault({}),
  /** How long a wave may take to become ready before the next one starts, in milliseconds. Default 5 min. */
  readyPatienceMs: z.int().positive().default(300_000),
  /** How long a removal is waited for before the walk goes on without it, in milliseconds. Default 1 min. */
  prunePatienceMs: z.int().positive().default(60_000),
});
export type AgentConfig = z.infer<typeof AgentConfig>;
/** As it is written: what has a default may be left out. */
export type AgentConfigInput = z.input<typeof AgentConfig>;
