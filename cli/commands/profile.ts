/** `palette profile …`: cluster profiles from source to fleet. */
import type { Command } from 'commander';

import { addAuthoringCommands } from './profile-author.ts';
import { addAskingCommands } from './profile-asking.ts';
import { addCheckingCommands } from './profile-checking.ts';
import { addPublishingCommands } from './profile-publishing.ts';

export function addProfileCommands(program: Command): void {
  const profile = program
    .command('profile')
    .summary('check profiles, render, compare, publish, ask the fleet')
    .description('Works with cluster profiles, as code and as they are published.');
  addAuthoringCommands(profile);
  addCheckingCommands(profile);
  addPublishingCommands(profile);
  addAskingCommands(profile);
}
