/**
 * When the control plane's certificates expire: those that the API server shows, those that Cluster API tells of, and
 * those that stand on control plane nodes. Certificates are public; keys are never read.
 */
import { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';

import type { MachineCertificates } from '#protocol/scan-report';

import { inParallel } from '../../enforce/in-parallel.ts';
import { certificatesExpiry, findOwnCluster, isControlPlaneMachine, nodeNameOf } from '../cluster-api.ts';
import { distributionOf, isControlPlane, isReady, listNodes } from '../nodes.ts';
import { readOnlyHostPaths } from './host-paths.ts';
import { runScanJob, type ScanContext, type ScanOutcome } from './scan-context.ts';

const TIMEOUT_SECONDS = 180;
const MAX_NODES = 9;
const AT_ONCE = 3;
const MAX_CERTIFICATES = 60;
/** Where what put Kubernetes on a machine keeps certificates; no other folder is mounted, since runtimes make what is not there. */
const FOLDERS = {
  kubeadm: '/etc/kubernetes/pki',
  k3s: '/var/lib/rancher/k3s/server/tls',
  rke2: '/var/lib/rancher/rke2/server/tls',
} as const;

/** Prints certificates, each under a line with its file. */
function listCertificates(folder: string): string {
  return `for f in $(find "/host${folder}" -name '*.crt' | sort); do
  echo "FILE $f"
  cat "$f"
done`;
}

type Authority = MachineCertificates['authorities'][number];

export async function scanCertificates(context: ScanContext): Promise<ScanOutcome> {
  const { client, signal } = context;
  const problems: string[] = [];
  const told = await toldByClusterApi(context);
  const nodes = (await listNodes(client, { signal })).filter(
    (node) => isControlPlane(node) && isReady(node) && !told.has(node.metadata.name),
  );
  const ran = new Set<string>();
  const onNodes = await inParallel(nodes.slice(0, MAX_NODES), AT_ONCE, async (node) => {
    const { name } = node.metadata;
    context.progress(`reads certificates on node ${name}`);
    const folder = FOLDERS[distributionOf(node)];
    const { volumes, volumeMounts } = readOnlyHostPaths({ [folder]: `/host${folder}` });
    const end = await runScanJob(
      'certificates',
      {
        target: name,
        tool: 'host',
        timeoutSeconds: TIMEOUT_SECONDS,
        pod: { nodeName: name, automountServiceAccountToken: false, volumes },
        container: { command: ['sh', '-c', listCertificates(folder)], volumeMounts },
      },
      context,
    );
    if (end.kind === 'succeeded') ran.add(end.image);
    else problems.push(`node ${name}: ${end.message}`);
    return machineOf(name, end.kind === 'succeeded' ? end.output : '', folder);
  });
  const machines = [
    ...(await shownByApiServer(context)),
    ...told.values(),
    ...onNodes.filter(({ authorities }) => authorities.length > 0),
  ];
  const times = machines.flatMap(({ authorities }) =>
    authorities.flatMap(({ expiresAt, certificates }) => [expiresAt, ...certificates.map((one) => one.expiresAt)]),
  );
  const [first] = times.toSorted();
  const days =
    first === undefined ? 0 : Math.floor((new Date(first).getTime() - context.now().getTime()) / (24 * 3_600_000));
  const left = problems.length === 0 ? '' : `; not read: ${problems.join('; ')}`;
  return {
    report: { driver: 'certificates', at: context.now().toISOString(), machines },
    message:
      first === undefined
        ? `no certificates were found${left}`
        : `the first of ${times.length} certificates expires on ${first.slice(0, 10)}, in ${days} days${left}`,
    summary: { certificates: times.length, ...(first === undefined ? {} : { daysLeft: days }) },
    ran: [...ran],
  };
}

/** The certificates of a listing, each under its authority. */
function machineOf(name: string, listing: string, folder: string): MachineCertificates {
  const found = listing
    .split(/^FILE /m)
    .slice(1)
    .flatMap((part) => {
      const [file = '', ...lines] = part.split('\n');
      return certificatesIn(lines.join('\n')).map((certificate) => ({ file: shortFile(file, folder), certificate }));
    })
    .slice(0, MAX_CERTIFICATES);
  const authorities = found.filter(({ certificate }) => certificate.ca);
  const leaves = found.filter(({ certificate }) => !certificate.ca);
  const under = (authority: X509Certificate): Authority['certificates'] =>
    leaves
      .filter(({ certificate }) => certificate.checkIssued(authority))
      .map(({ file, certificate }) => ({ name: file, expiresAt: expiryOf(certificate) }));
  const orphans = leaves.filter(
    ({ certificate }) => !authorities.some((authority) => certificate.checkIssued(authority.certificate)),
  );
  return {
    name,
    authorities: [
      ...authorities.map(({ file, certificate }) => ({
        name: file,
        expiresAt: expiryOf(certificate),
        certificates: under(certificate),
      })),
      // Their authority is not on this machine; they count from themselves.
      ...orphans.map(({ file, certificate }) => ({ name: file, expiresAt: expiryOf(certificate), certificates: [] })),
    ],
  };
}

function certificatesIn(text: string): X509Certificate[] {
  const [pem] = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/) ?? [];
  if (pem === undefined) return [];
  try {
    return [new X509Certificate(pem)];
  } catch {
    // A file that is being written, or none: the others count.
    return [];
  }
}

function expiryOf(certificate: X509Certificate): string {
  return new Date(certificate.validTo).toISOString();
}

function shortFile(file: string, folder: string): string {
  return file
    .slice(file.indexOf(`${folder}/`) + folder.length + 1)
    .trim()
    .replace(/\.crt$/, '');
}

/** By node. */
async function toldByClusterApi({ client, signal }: ScanContext): Promise<ReadonlyMap<string, MachineCertificates>> {
  const own = await findOwnCluster(client, { signal });
  return new Map(
    (own?.machines ?? []).filter(isControlPlaneMachine).flatMap((machine) => {
      const expiresAt = certificatesExpiry(machine)?.toISOString();
      const node = nodeNameOf(machine);
      if (expiresAt === undefined || node === undefined) return [];
      const authorities = [{ name: 'control plane', expiresAt, certificates: [] }];
      return [[node, { name: machine.metadata.name, authorities }] as const];
    }),
  );
}

/** What the API server shows to whoever connects; this says so much of any cluster, also where nodes are out of reach. */
async function shownByApiServer({ client, signal }: ScanContext): Promise<MachineCertificates[]> {
  const { server } = client;
  if (server.protocol !== 'https:') return [];
  const certificate = await new Promise<X509Certificate | undefined>((resolve) => {
    const socket = connect({
      host: server.hostname,
      port: Number(server.port || 443),
      servername: /^[\d.:[\]]+$/.test(server.hostname) ? '' : server.hostname,
      // Nothing is sent and nothing believed: only the dates are read.
      rejectUnauthorized: false,
      timeout: 10_000,
    });
    const end = (found?: X509Certificate): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('secureConnect', () => end(socket.getPeerX509Certificate()));
    socket.once('error', () => end());
    socket.once('timeout', () => end());
    signal.addEventListener('abort', () => end(), { once: true });
  });
  if (certificate === undefined) return [];
  return [
    {
      name: 'API server',
      authorities: [{ name: 'apiserver', expiresAt: expiryOf(certificate), certificates: [] }],
    },
  ];
}
