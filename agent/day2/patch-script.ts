/** What brings a machine's operating system up to date, whichever package manager it has. */

/**
 * A function for scripts. Machines that have just started are at their own updates often, so the locks of others are waited
 * for, five minutes; apt-get itself waits for those of dpkg alone.
 */
export const APT_UPDATE = `apt_update() {
  tries=0
  until out=$(apt-get -q update 2>&1); do
    tries=$((tries + 1))
    case $out in
      *"Could not get lock"*|*"is another process using it"*) ;;
      *) tries=30 ;;
    esac
    if [ "$tries" -ge 30 ]; then echo "$out" >&2; return 1; fi
    sleep 10
  done
}`;

/** The script's output where the machine has to be started again for what it installed. */
const REBOOT_REQUIRED = 'reboot required';
const NO_REBOOT_REQUIRED = 'no reboot required';

/**
 * Packages of Kubernetes are left out: which version runs is the upgrade's matter.
 */
export const PATCH_SCRIPT = `set -eu
export LC_ALL=C
reboot=no

${APT_UPDATE}

# Whether what runs is what was installed last; for systems without needs-restarting.
newest_kernel_runs() {
  newest=$(rpm -q --last kernel-core 2>/dev/null || rpm -q --last kernel 2>/dev/null) || return 0
  newest=$(echo "$newest" | head -n 1 | cut -d ' ' -f 1)
  case $newest in kernel-core-"$(uname -r)"|kernel-"$(uname -r)") return 0 ;; esac
  return 1
}

rpm_reboot() {
  if command -v needs-restarting >/dev/null 2>&1; then
    needs-restarting -r >/dev/null || reboot=yes
  else
    newest_kernel_runs || reboot=yes
  fi
}

zypper_patch() {
  code=0
  zypper --non-interactive patch || code=$?
  case $code in
    100|101) code=0 ;;
    102) code=0 reboot=yes ;;
  esac
}

if command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  held=
  for p in kubelet kubeadm kubectl; do
    if dpkg -s "$p" >/dev/null 2>&1 && ! apt-mark showhold | grep -qx "$p"; then held="$held $p"; apt-mark hold "$p"; fi
  done
  release() { [ -z "$held" ] || apt-mark unhold $held; }
  trap release EXIT
  apt_update
  apt-get -q -y --with-new-pkgs -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300 upgrade
  [ ! -f /var/run/reboot-required ] || reboot=yes
elif command -v dnf >/dev/null 2>&1; then
  dnf -y upgrade --exclude=kubelet --exclude=kubeadm --exclude=kubectl
  rpm_reboot
elif command -v yum >/dev/null 2>&1; then
  yum -y update --exclude=kubelet --exclude=kubeadm --exclude=kubectl
  rpm_reboot
elif command -v transactional-update >/dev/null 2>&1; then
  # What is installed is in a new snapshot, which counts from the next start.
  transactional-update --non-interactive patch
  [ ! -f /run/reboot-needed ] || reboot=yes
elif command -v zypper >/dev/null 2>&1; then
  # 103: it has updated itself first, and wants to be called again.
  zypper_patch
  [ "$code" -ne 103 ] || zypper_patch
  [ "$code" -eq 0 ] || exit "$code"
  [ ! -f /run/reboot-needed ] || reboot=yes
else
  echo "no package manager is known here: apt-get, dnf, yum, transactional-update, zypper" >&2
  exit 3
fi
if [ "$reboot" = yes ]; then echo "${REBOOT_REQUIRED}" >&3; else echo "${NO_REBOOT_REQUIRED}" >&3; fi`;

/**
 * Starts the machine again in a few seconds. By systemd's own timer, not by a process of this Job: what the container leaves
 * behind is killed when it ends.
 */
export const REBOOT_SCRIPT = `set -eu
if command -v systemd-run >/dev/null 2>&1; then
  systemd-run --collect --on-active=5 --timer-property=AccuracySec=1s systemctl reboot
else
  reboot
fi`;

/** Whether the machine has to be started again; undefined for words that are not the script's. */
export function readPatch(output: string): boolean | undefined {
  if (output === REBOOT_REQUIRED) return true;
  return output === NO_REBOOT_REQUIRED ? false : undefined;
}
