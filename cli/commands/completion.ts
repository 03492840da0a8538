/** `palette completion bash | zsh | fish`, made from the commands themselves. */
import { Argument, type Command } from 'commander';

import { examples } from './options.ts';

interface Node {
  /** Words after `palette`; empty for palette itself. */
  readonly path: string;
  readonly words: readonly { readonly text: string; readonly description: string }[];
}

export function addCompletionCommand(program: Command): void {
  examples(
    program
      .command('completion')
      .summary('print a completion script for a shell')
      .description('Prints a script that completes commands and options.')
      .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
      .action((shell: 'bash' | 'zsh' | 'fish') => {
        process.stdout.write(completionScript(program, shell));
      }),
    ['source <(palette completion bash)', 'palette completion fish > ~/.config/fish/completions/palette.fish'],
  );
}

/** The script for a shell. */
export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  const nodes = collect(program, []);
  if (shell === 'fish') return fish(nodes);
  // zsh reads bash's scripts with bashcompinit.
  const head = shell === 'zsh' ? 'autoload -Uz compinit bashcompinit && compinit && bashcompinit\n' : '';
  return head + bash(nodes);
}

function collect(command: Command, path: readonly string[]): Node[] {
  const children = command.commands.map((child) => ({
    text: child.name(),
    description: child.summary() || child.description(),
  }));
  const flags = command.options.flatMap((option) =>
    option.long == null ? [] : [{ text: option.long, description: option.description }],
  );
  const words = [...children, ...flags].map(({ text, description }) => ({
    text,
    description: description.split('\n')[0] ?? '',
  }));
  return [
    { path: path.join(' '), words },
    ...command.commands.flatMap((child) => collect(child, [...path, child.name()])),
  ];
}

function bash(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, words }) => `    '${path}') words='${words.map(({ text }) => text).join(' ')}' ;;`);
  return `_palette() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    path="\${path:+$path }$word"
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _palette palette
`;
}

function fish(nodes: readonly Node[]): string {
  const lines = nodes.flatMap(({ path, words }) =>
    words.map(({ text, description }) => {
      const condition =
        path === ''
          ? '__fish_use_subcommand'
          : path
              .split(' ')
              .map((word) => `__fish_seen_subcommand_from ${word}`)
              .join('; and ');
      const word = text.startsWith('--') ? `-l ${text.slice(2)}` : `-f -a ${text}`;
      return `complete -c palette -n '${condition}' ${word} -d '${description.replaceAll('\\', '').replaceAll("'", String.raw`\'`)}'`;
    }),
  );
  return `${lines.join('\n')}\n`;
}
