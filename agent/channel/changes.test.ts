import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { createWake } from '../wake.ts';
import { createChangesFollower, type Channel, type ChangesFollower } from './changes.ts';
import { PlaneCallError, type Changes, type KnownState } from './rest.ts';

type Answer = Changes | PlaneCallError;

/** A follower whose plane answers as told, one after the other, and holds when there is no answer left. */
function follow(answers: Answer[], bus = { up: false }) {
  const asked: KnownState[] = [];
  const channels: Channel[] = [];
  const rung: string[] = [];
  const stop = new AbortController();
  const bell = (name: string): ReturnType<typeof createWake> => ({
    ...createWake(),
    notify: () => void rung.push(name),
  });
  const follower: ChangesFollower = createChangesFollower({
    plane: {
      changes: async (known, { signal }) => {
        asked.push(known);
        const answer = answers.shift();
        if (answer instanceof PlaneCallError) throw answer;
        if (answer) return answer;
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        });
      },
    },
    busConnected: () => bus.up,
    digest: () => 'sha256:in-force',
    cursor: () => 3,
    fetchNow: bell('fetch'),
    commandsNow: bell('commands'),
    onChannel: (channel) => channels.push(channel),
    log: silentLogger,
  });
  // Nothing is waited for: the bus is known to be away.
  follower.busChanged();
  const running = follower.run({ signal: stop.signal });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { asked, channels, rung, follower, until, bus, end: async () => (stop.abort(), running) };
}

describe('the channel that tells of news', () => {
  it('is the held question without a bus, and what was told once is not told again', async () => {
    const { asked, channels, rung, until, end } = follow([{ desiredState: 'sha256:new', commands: 5 }]);
    await until(() => asked.length === 2);
    await end();
    expect({ channels, rung }).toEqual({ channels: ['long-poll'], rung: ['fetch', 'commands'] });
    expect(asked).toEqual([
      { digest: 'sha256:in-force', after: 3, waitSeconds: 1 },
      { digest: 'sha256:new', after: 5, waitSeconds: 25 },
    ]);
  });

  it.each([
    { name: 'does not know the question', error: new PlaneCallError('no', 404, 'NotFound') },
    { name: 'does not answer', error: new PlaneCallError('no', 0, 'Unreachable') },
  ])('is asking from time to time where the plane $name', async ({ error }) => {
    const { channels, follower, until, end } = follow([{ commands: 4 }, error]);
    await until(() => channels.at(-1) === 'poll');
    expect(follower.channel()).toBe('poll');
    await end();
    expect(channels).toEqual(['long-poll', 'poll']);
  });

  it('is the bus again as soon as that is back, whatever is being held', async () => {
    const { asked, channels, follower, until, bus, end } = follow([{ commands: 4 }]);
    await until(() => asked.length === 2);
    bus.up = true;
    follower.busChanged();
    await until(() => channels.at(-1) === 'bus');
    bus.up = false;
    follower.busChanged();
    follower.busChanged();
    await until(() => asked.length === 3);
    await end();
    expect(channels).toEqual(['long-poll', 'bus']);
  });

  it('has who asks for documents find out about access that has ended', async () => {
    const { rung, until, end } = follow([new PlaneCallError('no', 401, 'AgentRevoked')]);
    await until(() => rung.length === 1);
    await end();
    expect(rung).toEqual(['fetch']);
  });
});
