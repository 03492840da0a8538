/** Kubeconfig files of the embedded environment. JSON is YAML: no library is needed to write them. */
import { readFile } from 'node:fs/promises';

import { writeFileAtomic } from '#cli/atomic-file';

export type KubeUser =
  | { readonly kind: 'certificate'; readonly certFile: string; readonly keyFile: string }
  /** The token is read from a file again and again, so it can be renewed. */
  | { readonly kind: 'token-file'; readonly tokenFile: string };

export interface KubeconfigOptions {
  readonly file: string;
  readonly server: string;
  readonly caFile: string;
  readonly user: KubeUser;
  /** Name of cluster and context. */
  readonly name: string;
}

/** Writes a kubeconfig that stands by itself (certificates embedded), for its owner only. */
export async function writeKubeconfig({ file, server, caFile, user, name }: KubeconfigOptions): Promise<void> {
  const base64 = async (path: string): Promise<string> => (await readFile(path)).toString('base64');
  const credentials =
    user.kind === 'token-file'
      ? { tokenFile: user.tokenFile }
      : { 'client-certificate-data': await base64(user.certFile), 'client-key-data': await base64(user.keyFile) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': await base64(caFile) } }],
    users: [{ name, user: credentials }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  await writeFileAtomic(file, `${JSON.stringify(config, undefined, 2)}\n`);
}
