import { z } from 'zod';

const MIB = 1024 * 1024;

/** How people at the cluster reach the agent. */
export const LocalConfig = z.object({
  /** Where the local API and its page are. Default: this machine only. */
  host: z.string().min(1).default('127.0.0.1'),
  /** 0: any free one. */
  port: z.int().min(0).max(65_535).default(5080),
  /** Names by which browsers call it, besides `localhost` and addresses; the certificate has them too. */
  names: z.array(z.string().regex(/^[a-z0-9]([a-z0-9.-]{0,252})$/, 'must be a host name in lower case')).default([]),
  /** PEM files, read again when they change. Absent: a certificate of its own, kept in a Secret. */
  tls: z.object({ certFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
  login: z
    .object({
      disableRateLimiting: z.boolean().default(false),
      attemptsBeforeExponentialDelayStarts: z.int().positive().default(3),
      maxFailedAttemptsBeforeLockout: z.int().positive().default(5),
      lockoutDurationInMinutes: z.number().positive().default(15),
    })
    .prefault({}),
  audit: z
    .object({
      /** A folder. Default: `audit` in the agent's own. */
      dir: z.string().min(1).optional(),
      rotateBytes: z
        .int()
        .min(1_024)
        .default(100 * MIB),
      keepDays: z.int().positive().default(365),
      /** Files, the one that is written among them: what bounds the disk that it takes. */
      keepFiles: z.int().min(1).default(4),
    })
    .prefault({}),
  /** Bytes of one bundle. */
  maxUploadBytes: z
    .int()
    .positive()
    .default(4 * 1024 * MIB),
  /** PEM files with public keys, one of which must have signed a bundle. None: the plane's signature on the desired state alone decides. */
  bundleKeyFiles: z.array(z.string().min(1)).default([]),
  /** What the page is called. */
  title: z.string().min(1).max(100).default('Cluster agent'),
  /** Shown on the page. */
  links: z.array(z.object({ title: z.string().min(1).max(100), url: z.url({ protocol: /^https?$/ }) })).default([]),
});
export type LocalConfig = z.infer<typeof LocalConfig>;
