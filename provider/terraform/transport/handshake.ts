/** How Terraform and a provider that it started find each other (go-plugin's handshake, protocol 1). */

/** Terraform sets this in the environment of providers; it guards against a start by hand. */
const COOKIE = {
  name: 'TF_PLUGIN_MAGIC_COOKIE',
  value: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
} as const;

/** The plugin protocol that this provider speaks. */
export const PROTOCOL_VERSION = 6;

export type StartedBy =
  | { readonly kind: 'terraform'; readonly clientCertificate: string | undefined }
  | { readonly kind: 'hand' }
  | { readonly kind: 'incompatible'; readonly offered: string };

/** Tells from the environment who started the process, and what it can do. */
export function whoStarted(env: NodeJS.ProcessEnv): StartedBy {
  if (env[COOKIE.name] !== COOKIE.value) return { kind: 'hand' };
  const offered = env['PLUGIN_PROTOCOL_VERSIONS'];
  if (offered !== undefined && offered !== '' && !offered.split(',').includes(String(PROTOCOL_VERSION)))
    return { kind: 'incompatible', offered };
  const certificate = env['PLUGIN_CLIENT_CERT'];
  return {
    kind: 'terraform',
    clientCertificate: certificate === undefined || certificate === '' ? undefined : certificate,
  };
}

/** What a person reads who starts the provider by hand. */
export function startedByHandMessage(version: string): string {
  return [
    `This is the Terraform provider spectrocloud/spectrocloud ${version}. Terraform and OpenTofu start it themselves:`,
    'install it with `palette provider install` and run `terraform init` in a folder whose configuration names it.',
    '',
  ].join('\n');
}

/** The one line on standard output that says where the provider listens. */
export function handshakeLine(path: string, der: Uint8Array | undefined): string {
  const certificate = der === undefined ? '' : Buffer.from(der).toString('base64').replace(/=+$/, '');
  return `1|${PROTOCOL_VERSION}|unix|${path}|grpc|${certificate}\n`;
}
