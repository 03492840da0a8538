/** Telling a person what goes on, about one line a step. */
import { styleText } from 'node:util';

export interface Progress {
  /** Says what is done when it is done, and how long it took. */
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  readonly note: (line: string) => void;
}

type Style = Parameters<typeof styleText>[0];

/** Colours only where a person looks (no-color.org has the variable). */
export function paint(
  style: Style,
  text: string,
  stream: { readonly isTTY?: boolean } = process.stdout,
  env: NodeJS.ProcessEnv = process.env,
): string {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
    ? styleText(style, text, { validateStream: false })
    : text;
}

/** Progress goes to standard error: standard output is the result. */
export function createProgress(
  write: (text: string) => void = (text) => void process.stderr.write(text),
  now: () => number = () => performance.now(),
): Progress {
  const note = (line: string): void => write(`  ${line}\n`);
  return {
    note,
    async step(name, work) {
      const from = now();
      const result = await work();
      write(`${paint('green', '✓', process.stderr)} ${name}, ${((now() - from) / 1000).toFixed(1)} s\n`);
      return result;
    },
  };
}
