/** Where things are kept outside the checkout, as the XDG base directory specification has it. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** What can be made again: built tools. `$PALETTE_CACHE`, `$XDG_CACHE_HOME/palette-iac` or `~/.cache/palette-iac`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['PALETTE_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'palette-iac'));
}

/** The embedded environment's state. `$PALETTE_HOME`, `$XDG_STATE_HOME/palette-iac` or `~/.local/state/palette-iac`. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env['PALETTE_HOME'] || join(env['XDG_STATE_HOME'] || join(homedir(), '.local/state'), 'palette-iac'));
}
