import { z } from 'zod';

const LeaderElection = z.object({
  /** Namespace of the Lease. Default: the controller's own. */
  namespace: z.string().min(1).optional(),
  /** Name of the Lease. Default `palette-controller`. */
  name: z.string().min(1).default('palette-controller'),
  /** Unique to this replica. Default: host name and a random part. */
  identity: z.string().min(1).optional(),
  /** How long a leader that is heard of no more keeps the Lease, in milliseconds. Default 15 s. */
  durationMs: z.int().min(1_000).default(15_000),
  /** A leader that could not renew for this long stops, in milliseconds; less than `durationMs`. Default 10 s. */
  renewWithinMs: z.int().min(500).default(10_000),
  /** Between two renewals, in milliseconds. Default 2 s. */
  retryMs: z.int().min(50).default(2_000),
});

/** What the controller is started with; everything else comes from the cluster. */
export const ControllerConfig = z
  .object({
    /** Path; absent: inside the cluster, by the pod's service account. */
    kubeconfig: z.string().min(1).optional(),
    /** Where the controller's own objects are. Default `palette-system`. */
    namespace: z.string().min(1).default('palette-system'),
    /** With `false` nobody else may run for this cluster. */
    leaderElection: z.union([z.literal(false), LeaderElection]).prefault({}),
    /** Managed resources that are reconciled at one time. Default 10. */
    workers: z.int().min(1).max(200).default(10),
    /** Between two looks at a managed resource whose API tells of no changes, in milliseconds. Default 1 min. */
    pollIntervalMs: z.int().min(1_000).default(60_000),
    /** Between two looks at one whose API tells of changes, in milliseconds. Default 10 h. */
    resyncIntervalMs: z
      .int()
      .min(1_000)
      .default(10 * 3_600_000),
    /** How long reconciles that run may go on after the controller is told to stop, in milliseconds. Default 25 s. */
    drainMs: z.int().min(0).default(25_000),
    /** Where /metrics, /healthz and /readyz are. Default: this machine only, any free port. */
    metrics: z
      .object({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
      .default({ host: '127.0.0.1', port: 0 }),
  })
  .refine(
    ({ leaderElection }) => leaderElection === false || leaderElection.renewWithinMs < leaderElection.durationMs,
    {
      path: ['leaderElection', 'renewWithinMs'],
      message: 'must be less than durationMs: a leader has to stop before another one may begin',
    },
  );
export type ControllerConfig = z.infer<typeof ControllerConfig>;
/** As it is written: what has a default may be left out. */
export type ControllerConfigInput = z.input<typeof ControllerConfig>;
