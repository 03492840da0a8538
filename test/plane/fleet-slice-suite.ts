import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { DatabaseLocation } from '#plane/store/open-database';
import { registerAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack, registryUid } from './fleet-packs.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';
import { eventually, startNats, type TestNats } from './fleet-support.ts';
import { pokeSubject } from '#protocol/subjects';

/** The thread through everything, over a database of the caller's choice. */
export function describeSlice(what: string, locate: () => Promise<DatabaseLocation>): void {
  describe(`one cluster, from its packs to Running and Healthy, over ${what}`, () => {
    let nats: TestNats;
    let plane: TestPlane;
    const stop = new AbortController();

    beforeAll(async () => {
      nats = await startNats();
      plane = await startTestPlane({ nats, location: await locate() });
    }, 60_000);

    afterAll(async () => {
      stop.abort();
      await plane?.stop();
      await nats?.stop();
    });

    it('brings a pushed pack in a published profile to the agent, signed, and its report back to users', async () => {
      const pack = await pushPack(plane, { name: 'hello' });
      const profileUid = await createProfile(plane, {
        name: 'greetings',
        packs: [
          { name: 'hello', tag: '1.0.0', registryUid: await registryUid(plane), values: 'manifests:\n  main: {}' },
        ],
        variables: [{ name: 'greeting', defaultValue: 'hello' }],
      });
      const clusterUid = await importCluster(plane, 'first');
      expect(
        await attach(plane, clusterUid, [
          { uid: profileUid, variables: [{ name: 'greeting', value: 'good morning' }] },
        ]),
      ).toMatchObject({ status: 204 });

      const followed: { id: number; event: string; data: Record<string, unknown> }[] = [];
      void (async () => {
        for await (const event of plane.events(`/v1/events?clusterUid=${clusterUid}`, stop.signal, {
          'last-event-id': '0',
        }))
          followed.push(event);
      })();

      const agent = await registerAgent(plane, clusterUid);
      expect((await plane.call(`/v1/spectroclusters/${clusterUid}`)).body.status.state).toBe('Importing');
      const bus = await agent.connect(stop.signal);
      const desired = await agent.desiredState();
      expect(desired.layers).toMatchObject([
        { name: 'hello', version: '1.0.0', content: pack.digest, profile: { uid: profileUid, name: 'greetings' } },
      ]);
      expect(desired.context.variables).toEqual({ greeting: 'good morning' });
      const archive = await agent.call(`/v1/agents/self/packs/${pack.digest}`);
      expect(archive.status).toBe(200);

      await eventually('the queue of reports is there', async () =>
        agent
          .publish(
            bus,
            agent.status({
              revision: desired.revision,
              layers: [
                {
                  name: 'hello',
                  version: '1.0.0',
                  profileUid,
                  condition: 'Ready',
                  message: '',
                  startedAt: new Date().toISOString(),
                  objects: 1,
                  problems: [],
                },
              ],
            }),
          )
          .then(
            () => true,
            () => false,
          ),
      );
      await eventually('Running and Healthy', async () => {
        const { body } = await plane.call(`/v1/dashboard/spectroclusters/${clusterUid}/overview`);
        return body.status.state === 'Running' && body.status.health.state === 'Healthy';
      });
      const { body: cluster } = await plane.call(`/v1/spectroclusters/${clusterUid}`);
      expect(cluster.status.packs).toMatchObject([
        { name: 'hello', profileUid, condition: { type: 'Ready', status: 'True' } },
      ]);
      await eventually('the event is told', () =>
        followed.some(
          ({ event, data }) =>
            event === 'cluster' &&
            data['state'] === 'Running' &&
            data['health'] === 'Healthy' &&
            data['appliedRevision'] === desired.revision,
        ),
      );
      expect(followed).toEqual([...followed].sort((a, b) => a.id - b.id));

      const heard = bus.subscribe(pokeSubject(agent.credentials.clusterUid), { signal: stop.signal });
      const pokes = heard[Symbol.asyncIterator]();
      await bus.flush();
      const { status } = await plane.call(`/v1/spectroclusters/${clusterUid}/variables`, {
        method: 'PATCH',
        body: [{ profileUid, variables: [{ name: 'greeting', value: 'good night' }] }],
      });
      expect(status).toBe(204);
      expect((await pokes.next()).value?.text()).toBe('desired-state');
      const changed = await agent.desiredState();
      expect(changed.revision).toBe(desired.revision + 1);
      expect(changed.context.variables).toEqual({ greeting: 'good night' });
      await bus.drain();
    }, 60_000);
  });
}
