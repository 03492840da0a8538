/** The agent as a process of its own, with a plane of a few lines. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AGENT_NODE_FLAGS } from '#agent/memory';
import type { ControlPlane } from '#cli/local/control-plane';
import { mainFile } from '#cli/package-root';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { createFakePlane } from '#test/agent/support/fake-plane';
import { layer } from '#test/agent/support/harness';
import { outsiderAt } from '#test/agent/support/outsider';

import type { Enforcer } from './enforcer.ts';
import { waitFor } from './wait-for.ts';

const NAMESPACE = 'palette-system';

export async function startAgent(cluster: ControlPlane): Promise<Enforcer> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-agent-'));
  const plane = await createFakePlane(dir);
  const outsider = outsiderAt(cluster.kubeconfig);
  await outsider.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  const data = { planeUrl: plane.url, clusterUid: plane.clusterUid, token: plane.token(), 'ca.crt': plane.ca };
  await outsider.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace: NAMESPACE },
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
  });
  const helm = await ensureTool('helm', { signal: AbortSignal.timeout(60_000) });
  const options = ['--kubeconfig', cluster.kubeconfig, '--helm', helm, '--state-dir', dir, '--log-level', 'error'];
  const child: ChildProcess = spawn(process.execPath, [...AGENT_NODE_FLAGS, mainFile, 'agent', 'run', ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the agent cannot be started');
  const status = () => plane.reports.findLast(({ kind }) => kind === 'status');
  await waitFor('the agent registers', () => plane.registrations.length > 0);
  return {
    name: 'agent',
    pid,
    deliver: async (units) => {
      plane.reports.length = 0;
      const revision = await plane.offer({ layers: units.map(({ name, objects }) => layer(name, 10, ...objects)) });
      await waitFor(`revision ${revision} is applied`, () => {
        const now = status();
        return now?.kind === 'status' && now.revision === revision && now.phase === 'applied';
      });
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await plane.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
