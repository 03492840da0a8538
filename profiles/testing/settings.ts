/** What tests of profiles take from outside: `palette profile test` gives it, and a test may give it itself. */
import { z } from 'zod';

export const TestSettings = z.object({
  /** Path of Helm; default `helm` on the PATH. */
  helm: z.string().optional(),
  /** Folders of packs or archives. Without any the registries of `SPECTROCLOUD_HOST` are asked. */
  packs: z.array(z.string()).optional(),
  /** Lock file; default `palette.lock.json` in the working directory, when it is there. */
  lock: z.string().optional(),
  /** Refuse layers that the lock file does not pin. */
  locked: z.boolean().optional(),
  /** Project in which the API is asked, by identifier; default the tenant. */
  projectUid: z.string().optional(),
  /** Folder of packs that were downloaded before. */
  cache: z.string().optional(),
});
export type TestSettings = z.infer<typeof TestSettings>;

/** Where `palette profile test` puts its settings, as JSON. */
export const SETTINGS_VARIABLE = 'PALETTE_PROFILE_TEST';

let own: TestSettings = {};

/** Settings for all tests of a file, over those of the command line. */
export function configure(settings: TestSettings): void {
  own = { ...own, ...TestSettings.parse(settings) };
}

/** @throws ZodError for settings in the environment that are not ours. */
export function currentSettings(env: NodeJS.ProcessEnv = process.env): TestSettings {
  const given = env[SETTINGS_VARIABLE];
  return { ...(given === undefined ? {} : TestSettings.parse(JSON.parse(given))), ...own };
}
