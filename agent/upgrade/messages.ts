/**
 * What a launcher and the agents that it starts say to each other, over the channel that Node.js opens between a process
 * and its child. Agents of other versions speak it too: fields are only ever added.
 */
import { z } from 'zod';

import { ContentDigest } from '#protocol/identifiers';

/** Set in the environment of an agent that a launcher started. */
export const LAUNCHED_VARIABLE = 'PALETTE_AGENT_LAUNCHED';
/** What the agent does first: work, or show that it could. */
export type LaunchedAs = 'active' | 'trial';

/** A version that can be started. */
export const Version = z.object({
  version: z.string(),
  /** Of the release's archive; absent for the version that the launcher came with. */
  content: ContentDigest.optional(),
  /** Absolute path of the module that is started. */
  entry: z.string(),
});
export type Version = z.infer<typeof Version>;

/** What an agent that works holds; the one after it must hold the same. */
export const Holding = z.object({
  /** Of the last known policy; 0 and absent while there is none. */
  revision: z.int().nonnegative(),
  digest: z.string().optional(),
  /** Layers that cannot be rendered. */
  failing: z.array(z.string()),
});
export type Holding = z.infer<typeof Holding>;

/** From an agent to its launcher. */
export const FromAgent = z.discriminatedUnion('kind', [
  /** The trial is over. */
  z.object({ kind: z.literal('tried'), version: z.string(), holding: Holding }),
  z.object({ kind: z.literal('trial failed'), reason: z.string() }),
  /** It works: the policy that it holds is being enforced. */
  z.object({ kind: z.literal('healthy'), version: z.string() }),
  /** Make this version take my place. `attempt` names the upgrade, for whoever asks later what came of it. */
  z.object({ kind: z.literal('switch'), to: Version, holding: Holding, attempt: z.string().optional() }),
  /** The upgrade was called off: what is still on trial is not to take my place. */
  z.object({ kind: z.literal('stay') }),
]);
export type FromAgent = z.infer<typeof FromAgent>;

/** From a launcher to an agent. */
export const ToAgent = z.discriminatedUnion('kind', [
  /** The trial was passed and the agent before has ended: work. */
  z.object({ kind: z.literal('go') }),
  /** The version asked for did not take the place. */
  z.object({ kind: z.literal('not switched'), reason: z.string() }),
]);
export type ToAgent = z.infer<typeof ToAgent>;
