/** What gives the control plane of a machine new certificates, by what put Kubernetes there. */

/** Where it is not in the path of every shell. */
const PATH = 'export PATH="$PATH:/usr/local/bin:/opt/rke2/bin"';

/** The servers are started again, since they read certificates at their start only; that of k3s also when renewal failed. */
export const RENEW_SCRIPTS = {
  kubeadm: `set -eu
${PATH}
kubeadm certs renew all
for c in kube-apiserver kube-controller-manager kube-scheduler etcd; do
  for id in $(crictl ps --quiet --name "^$c\\$"); do crictl stop --timeout 30 "$id"; done
done
systemctl restart kubelet`,
  k3s: rotate('k3s', 'k3s'),
  rke2: rotate('rke2', 'rke2-server'),
} as const;

function rotate(command: string, service: string): string {
  return `set -eu
${PATH}
systemctl stop ${service}
${command} certificate rotate || { systemctl start ${service}; exit 1; }
systemctl start ${service}`;
}
