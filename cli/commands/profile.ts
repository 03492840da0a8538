/** `palette profile …`: cluster profiles from source to fleet. */
import type { Command } from 'commander';

export function addProfileCommands(program: Command): void {
  program
    .command('profile')
    .summary('check profiles, render, compare, publish, ask the fleet')
    .description('Works with cluster profiles, as code and as they are published.');
}
