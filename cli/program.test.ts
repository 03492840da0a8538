import { execFileSync } from 'node:child_process';

import type { Command } from 'commander';
import { describe, expect, it } from '@jest/globals';

import { completionScript } from './commands/completion.ts';
import { createProgram, runCommandLine } from './program.ts';

const walk = (command: Command): Command[] => [command, ...command.commands.flatMap(walk)];
const name = (command: Command): string =>
  command.parent === null ? command.name() : `${name(command.parent)} ${command.name()}`;
const all = walk(createProgram()).map((command) => ({ name: name(command), command }));

describe('the command line', () => {
  it.each(all)('$name says what it does', ({ command }) => {
    expect(command.description()).toMatch(/\w.*\.$/s);
    for (const option of command.options) expect(option.description).not.toBe('');
  });

  it.each(['up', 'down', 'env', 'pack', 'cluster', 'provider', 'agent', 'plane', 'crossplane', 'tools'])(
    'palette %s is there',
    (wanted) => {
      expect(all.map((one) => one.name)).toContain(`palette ${wanted}`);
    },
  );

  it.each([
    { args: ['nope'] },
    { args: ['pack', 'push'] },
    { args: ['env', '--output', 'xml'] },
    { args: ['up', '--nope'] },
    { args: ['plane', 'run'] },
    { args: ['crossplane', 'migrate'] },
    { args: ['crossplane', 'controller', '--nope'] },
  ])('gives exit code 2 for $args', async ({ args }) => {
    const program = createProgram();
    for (const command of walk(program))
      command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    expect(await runCommandLine(args, program)).toBe(2);
  });
});

describe('completion', () => {
  it('completes commands and options in bash', () => {
    const complete = (words: readonly string[]): string[] => {
      const script = `${completionScript(createProgram(), 'bash')}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _palette; echo "\${COMPREPLY[@]}"`;
      return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ');
    };
    expect(complete(['palette', 'pa'])).toEqual(['pack']);
    expect(complete(['palette', 'pack', 'l'])).toEqual(['lint', 'list']);
    expect(complete(['palette', 'pack', 'lint', '--s'])).toEqual(['--strict']);
    expect(complete(['palette', 'up', '--kube'])).toEqual(['--kubeconfig']);
    expect(complete(['palette', 'crossplane', ''])).toEqual(['controller', 'function', 'migrate']);
    expect(complete(['palette', 'crossplane', 'migrate', '--obs'])).toEqual(['--observe']);
  });

  it.each(['zsh', 'fish'] as const)('names every command for %s', (shell) => {
    const script = completionScript(createProgram(), shell);
    for (const { command } of all.slice(1)) expect(script).toContain(command.name());
  });
});
