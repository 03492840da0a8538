/**
 * Ends child processes when this process ends, however it ends: a shell that reads from a pipe
 * sees its end even after SIGKILL. It is a session of its own, so that Ctrl-C does not reach it.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Knows the process groups that must not outlive their owner. */
export interface Guard {
  add(group: number): void;
  remove(group: number): void;
}

type Shell = ChildProcessByStdio<Writable, null, null>;

/** Reads "add N" and "remove N"; after the end of its input (and of process $1, if given) ends the groups that are left, and removes folder $2. */
export const GUARD_SCRIPT = `
trap '' HUP INT TERM
groups=''
while read -r verb group; do
  case $verb in
  add) groups="$groups $group" ;;
  remove)
    rest=''
    for g in $groups; do [ "$g" = "$group" ] || rest="$rest $g"; done
    groups=$rest
    ;;
  esac
done
while [ -n "$1" ] && kill -0 "$1" 2>/dev/null; do sleep 1; done
for g in $groups; do kill -s TERM -- "-$g" 2>/dev/null; done
tries=0
while [ $tries -lt 50 ]; do
  alive=''
  for g in $groups; do kill -0 -- "-$g" 2>/dev/null && alive=yes; done
  [ -z "$alive" ] && break
  sleep 0.1
  tries=$((tries + 1))
done
for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
[ -z "$2" ] || rm -rf -- "$2"
`;

/**
 * Starts a guard.
 *
 * @param ownerPid the groups may live as long as this process, even when the starter has ended.
 * @param removeAfter a folder that is removed when the groups have ended.
 */
export function startGuard({
  ownerPid,
  removeAfter,
}: { readonly ownerPid?: number; readonly removeAfter?: string } = {}): Guard {
  const groups = new Set<number>();
  let shell: Shell | undefined;
  const launch = (): Shell => {
    const child = spawn(
      '/bin/sh',
      ['-c', GUARD_SCRIPT, 'palette-guard', ownerPid === undefined ? '' : String(ownerPid), removeAfter ?? ''],
      {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      },
    );
    // Somebody ended the guard: the next call starts another with all groups.
    const forget = (): void => {
      if (shell === child) shell = undefined;
    };
    child.once('exit', forget).once('error', forget);
    child.stdin.on('error', forget);
    child.unref();
    if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
    for (const group of groups) child.stdin.write(`add ${group}\n`);
    return child;
  };
  if (removeAfter !== undefined) shell = launch();
  return {
    add(group) {
      groups.add(group);
      if (shell === undefined) shell = launch();
      else shell.stdin.write(`add ${group}\n`);
    },
    remove(group) {
      groups.delete(group);
      shell?.stdin.write(`remove ${group}\n`);
    },
  };
}

let own: Guard | undefined;

/** The guard of this process. */
export function processGuard(): Guard {
  return (own ??= startGuard());
}
