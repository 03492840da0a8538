import { z } from 'zod';

const file = z.string().min(1);

/** Everything that one process of the management plane is told at its start. */
export const PlaneConfig = z.object({
  /** Where HTTPS listens; port 0 takes any free one. */
  listen: z.object({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65_535) }),
  /** Where users and agents reach the plane; it stands in import manifests. */
  publicUrl: z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, '')),
  tls: z.object({
    certFile: file,
    keyFile: file,
    /** CA that agents shall trust; absent where the certificate is publicly trusted. */
    caFile: file.optional(),
  }),
  /** Keys and other small things that are not in the database; only the owner may read it. */
  dataDir: file,
  database: z.discriminatedUnion('kind', [
    /** Embedded, for one plane on one machine. */
    z.object({ kind: z.literal('pglite'), dir: file }),
    /** A server, for any number of planes. */
    z.object({
      kind: z.literal('postgres'),
      url: z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres://'),
    }),
  ]),
  /** Absent: agents poll. */
  bus: z
    .object({
      servers: z.array(z.string().min(1)).min(1),
      /** As agents reach the servers, where that differs. */
      clientServers: z.array(z.string().min(1)).min(1).optional(),
      caFile: file.optional(),
      operatorDir: file,
      /**
       * Where a server takes WebSockets (`wss://host:port`). The plane leads agents there from its own port, so that they
       * need one way out alone. Absent: it leads nowhere.
       */
      websocket: z.url({ protocol: /^wss?$/ }).optional(),
    })
    .optional(),
  /** What agents are given. */
  agents: z
    .object({
      /** Further addresses of this plane, for agents to turn to when `publicUrl` does not answer. */
      urls: z.array(z.url({ protocol: /^https$/ }).transform((url) => url.replace(/\/+$/, ''))).default([]),
      /** How long access lasts without renewal, in seconds; agents renew when two thirds are over. Default: an hour. */
      accessSeconds: z.int().min(5).max(604_800).default(3_600),
      /** Environment of agents, put into import manifests: for example `OTEL_EXPORTER_OTLP_ENDPOINT`. May hold secrets. */
      settings: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).optional(),
    })
    .optional(),
  /** The first tenant, made when there is none of that name. */
  bootstrap: z.object({
    tenantName: z.string().min(1),
    adminEmail: z.email(),
    /** Holds the administrator's first password; absent: there is the API key alone. */
    adminPasswordFile: file.optional(),
    /** Where the administrator's API key is written at the first start, for its owner alone. */
    apiKeyFile: file,
  }),
  /** The Helm executable, with which profiles are rendered to check policies; absent: policies cannot be checked. */
  helm: file.optional(),
  /** Registries that stand elsewhere. */
  registries: z
    .object({
      /** Whether registries may stand on this machine itself: for the embedded environment, whose user it belongs to. */
      allowLoopback: z.boolean().default(false),
      /** How many bytes of archives a registry may hold that has no limit of its own. Default: 10 GiB. */
      quotaBytes: z.int().min(0).optional(),
    })
    .optional(),
  /** How alerts go out. */
  alerts: z
    .object({
      /** A change of a cluster's health that is over within this is told to nobody, in seconds. Default: 30. */
      graceSeconds: z.number().min(0).max(86_400).default(30),
      /** Whether webhooks may stand on this machine itself: for the embedded environment, whose user it belongs to. */
      allowLoopback: z.boolean().default(false),
      /** CA that webhooks are trusted by, in place of the system's. */
      caFile: file.optional(),
      /** The mail server; absent: there are no alerts by electronic mail. */
      smtp: z
        .object({
          host: z.string().min(1),
          port: z.int().min(1).max(65_535),
          /** TLS from the first byte, before anything is said, or not at all. Default: starttls. */
          security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
          user: z.string().min(1).optional(),
          /** Holds the password of the user. */
          passwordFile: file.optional(),
          caFile: file.optional(),
          /** Address that mail comes from. */
          from: z.string().min(3),
        })
        .optional(),
    })
    .optional(),
  /** Image that import manifests run. */
  agentImage: z.string().min(1),
});
export type PlaneConfig = z.infer<typeof PlaneConfig>;
/** As it is written in a file or a command line: with defaults left out. */
export type PlaneConfigInput = z.input<typeof PlaneConfig>;
