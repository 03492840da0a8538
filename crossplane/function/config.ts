import * as z from 'zod';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** What the function is started with. What it connects to comes with each call. */
export const FunctionConfig = z
  .object({
    /** Where Crossplane finds it. Default: every interface, port 9443, as Crossplane expects of a function's pod. */
    listen: z
      .object({ host: z.string().min(1).default('0.0.0.0'), port: z.int().min(0).max(65_535).default(9443) })
      .prefault({}),
    /**
     * Folder with `tls.crt`, `tls.key` and `ca.crt`, as Crossplane mounts it and names it in TLS_SERVER_CERTS_DIR. With
     * `ca.crt` a caller needs a certificate of that authority. The files are read again once a minute.
     */
    tlsServerCertsDir: z.string().min(1).optional(),
    /** Without TLS, and then on this machine only: for `crossplane render`. Default `false`. */
    insecure: z.boolean().default(false),
    /** Where /metrics, /healthz and /readyz are. Default: this machine only, any free port. */
    metrics: z
      .object({ host: z.string().min(1), port: z.int().min(0).max(65_535) })
      .default({ host: '127.0.0.1', port: 0 }),
    /** How long calls that run may go on after the function is told to stop, in milliseconds. Default 20 s. */
    drainMs: z.int().min(0).default(20_000),
  })
  .superRefine(({ insecure, tlsServerCertsDir, listen }, context) => {
    const problem = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (insecure && tlsServerCertsDir !== undefined) {
      problem(['insecure'], 'contradicts tlsServerCertsDir: give one of them');
    }
    if (!insecure && tlsServerCertsDir === undefined) {
      problem(
        ['tlsServerCertsDir'],
        'name the folder with tls.crt, tls.key and ca.crt; for crossplane render, insecure',
      );
    }
    if (insecure && !LOOPBACK.has(listen.host)) {
      problem(['listen', 'host'], `without TLS it listens on 127.0.0.1, ::1 or localhost only, not on ${listen.host}`);
    }
  });
export type FunctionConfig = z.infer<typeof FunctionConfig>;
