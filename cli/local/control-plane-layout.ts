/** What a control plane keeps in its folder, and how its servers are told of it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { writeKubeconfig } from './kubeconfig.ts';
import { type Authority, type KeyPairFiles, ensureAuthority, ensureCertificate, ensureSigningKey } from './pki.ts';
import { rememberedPorts } from './ports.ts';
import { httpProbe } from './probe.ts';
import type { ServiceSpec } from './service.ts';

const PORTS = ['etcd', 'etcd-peer', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
export type PortName = (typeof PORTS)[number];

export interface LayoutOptions {
  readonly dir: string;
  readonly ports?: Partial<Readonly<Record<PortName, number>>>;
  readonly controllerManager?: boolean;
  readonly durable?: boolean;
  readonly name?: string;
}

type Flags = Pick<ServiceSpec, 'args' | 'probe'>;

/** How etcd is reached past the API server: for snapshots of it. */
export interface EtcdAccess extends KeyPairFiles {
  readonly endpoint: string;
  readonly caFile: string;
}

export interface Layout {
  readonly server: string;
  readonly authority: Authority;
  readonly admin: KeyPairFiles;
  readonly kubeconfig: string;
  readonly etcd: EtcdAccess;
  readonly specs: Readonly<Record<Exclude<PortName, 'etcd-peer'>, Flags>>;
}

/** Makes certificates and kubeconfigs, or keeps those that are there, and says each server's flags. */
export async function layOut(options: LayoutOptions): Promise<Layout> {
  const { dir, durable = true, name = 'palette' } = options;
  const pki = join(dir, 'pki');
  const data = join(dir, 'etcd');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const ports = {
    ...(await rememberedPorts(
      join(dir, 'ports.json'),
      PORTS.filter((port) => options.ports?.[port] === undefined),
    )),
    ...options.ports,
  };
  const authority = await ensureAuthority({ dir: pki, name: 'kubernetes-ca' });
  // Whoever has a client certificate of the cluster must not get at etcd past the API server.
  const etcdAuthority = await ensureAuthority({ dir: pki, name: 'etcd-ca' });
  const local = ['localhost', '127.0.0.1'];
  const etcd = await ensureCertificate({
    dir: pki,
    name: 'etcd',
    authority: etcdAuthority,
    commonName: 'etcd',
    names: local,
    usages: ['server', 'client'],
  });
  const serving = await ensureCertificate({
    dir: pki,
    name: 'kube-apiserver',
    authority,
    commonName: 'kube-apiserver',
    names: [...local, 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', '10.96.0.1'],
    usages: ['server'],
  });
  const controllers = await ensureCertificate({
    dir: pki,
    name: 'controllers',
    authority,
    commonName: 'controllers',
    names: local,
    usages: ['server'],
  });
  const tokens = await ensureSigningKey({ dir: pki, name: 'service-accounts' });
  const server = `https://127.0.0.1:${ports['kube-apiserver']}`;
  const client = async (commonName: string, organization?: string) => {
    const file = commonName.replace(/^system:/, '');
    const user = await clientCertificate(pki, authority, file, commonName, organization);
    const kubeconfig = join(dir, `${file}.kubeconfig`);
    await writeKubeconfig({
      file: kubeconfig,
      server,
      caFile: authority.certFile,
      user: { kind: 'certificate', ...user },
      name,
    });
    return { ...user, kubeconfig };
  };
  const admin = await client('admin', 'system:masters');
  const manager = await client('system:kube-controller-manager');
  const scheduler = await client('system:kube-scheduler');
  const kwok = await client('kwok', 'system:masters');

  const etcdUrl = `https://127.0.0.1:${ports.etcd}`;
  const peerUrl = `https://127.0.0.1:${ports['etcd-peer']}`;
  const https = (port: number, path: string) =>
    httpProbe({ url: `https://127.0.0.1:${port}${path}`, caFile: authority.certFile });
  const specs = {
    etcd: {
      args: [
        `--data-dir=${data}`,
        `--listen-client-urls=${etcdUrl}`,
        `--advertise-client-urls=${etcdUrl}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=default=${peerUrl}`,
        `--cert-file=${etcd.certFile}`,
        `--key-file=${etcd.keyFile}`,
        `--trusted-ca-file=${etcdAuthority.certFile}`,
        '--client-cert-auth',
        `--peer-cert-file=${etcd.certFile}`,
        `--peer-key-file=${etcd.keyFile}`,
        `--peer-trusted-ca-file=${etcdAuthority.certFile}`,
        '--peer-client-cert-auth',
        '--log-level=warn',
        ...(durable ? [] : ['--unsafe-no-fsync']),
      ],
      probe: httpProbe({
        url: `${etcdUrl}/health`,
        caFile: etcdAuthority.certFile,
        certFile: etcd.certFile,
        keyFile: etcd.keyFile,
      }),
    },
    'kube-apiserver': {
      args: [
        `--etcd-servers=${etcdUrl}`,
        `--etcd-cafile=${etcdAuthority.certFile}`,
        `--etcd-certfile=${etcd.certFile}`,
        `--etcd-keyfile=${etcd.keyFile}`,
        `--secure-port=${ports['kube-apiserver']}`,
        '--bind-address=127.0.0.1',
        '--advertise-address=127.0.0.1',
        '--endpoint-reconciler-type=none',
        `--tls-cert-file=${serving.certFile}`,
        `--tls-private-key-file=${serving.keyFile}`,
        `--client-ca-file=${authority.certFile}`,
        `--service-account-key-file=${tokens.publicFile}`,
        `--service-account-signing-key-file=${tokens.keyFile}`,
        '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
        '--authorization-mode=RBAC',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--allow-privileged=true',
        '--profiling=false',
        // Without the controller manager nobody makes the service accounts that Pods then must have.
        ...((options.controllerManager ?? true) ? [] : ['--disable-admission-plugins=ServiceAccount']),
      ],
      probe: https(ports['kube-apiserver'], '/readyz'),
    },
    'kube-controller-manager': {
      args: [
        `--kubeconfig=${manager.kubeconfig}`,
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        `--secure-port=${ports['kube-controller-manager']}`,
        `--tls-cert-file=${controllers.certFile}`,
        `--tls-private-key-file=${controllers.keyFile}`,
        `--service-account-private-key-file=${tokens.keyFile}`,
        `--root-ca-file=${authority.certFile}`,
        '--use-service-account-credentials=true',
        `--cluster-signing-cert-file=${authority.certFile}`,
        `--cluster-signing-key-file=${authority.keyFile}`,
        '--cluster-cidr=10.244.0.0/16',
        '--allocate-node-cidrs=true',
        '--service-cluster-ip-range=10.96.0.0/16',
        '--profiling=false',
      ],
      probe: https(ports['kube-controller-manager'], '/healthz'),
    },
    'kube-scheduler': {
      args: [
        `--kubeconfig=${scheduler.kubeconfig}`,
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        `--secure-port=${ports['kube-scheduler']}`,
        `--tls-cert-file=${controllers.certFile}`,
        `--tls-private-key-file=${controllers.keyFile}`,
        '--profiling=false',
      ],
      probe: https(ports['kube-scheduler'], '/healthz'),
    },
    kwok: {
      args: [
        `--kubeconfig=${kwok.kubeconfig}`,
        '--manage-all-nodes=false',
        '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake',
        // Without leases of its own the node counts as lost after 50 seconds.
        '--node-lease-duration-seconds=40',
        `--server-address=127.0.0.1:${ports.kwok}`,
      ],
      probe: httpProbe({ url: `http://127.0.0.1:${ports.kwok}/healthz` }),
    },
  };
  return {
    specs,
    server,
    authority,
    admin,
    kubeconfig: admin.kubeconfig,
    etcd: {
      endpoint: etcdUrl,
      caFile: etcdAuthority.certFile,
      certFile: etcd.certFile,
      keyFile: etcd.keyFile,
    },
  };
}

async function clientCertificate(
  dir: string,
  authority: Authority,
  name: string,
  commonName: string,
  organization: string | undefined,
) {
  return ensureCertificate({
    dir,
    name: `client-${name}`,
    authority,
    commonName,
    ...(organization === undefined ? {} : { organization }),
    names: [],
    usages: ['client'],
  });
}
