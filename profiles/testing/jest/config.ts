import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a configuration of Jest takes from us, as far as it is used. */
export interface JestConfig {
  readonly testEnvironment: string;
  readonly transform: Readonly<Record<string, string>>;
  readonly transformIgnorePatterns: readonly string[];
  readonly moduleNameMapper: Readonly<Record<string, string>>;
  readonly setupFilesAfterEnv: readonly string[];
  readonly moduleFileExtensions: readonly string[];
  readonly testMatch: readonly string[];
}

/** A configuration with which tests of profiles in TypeScript run, and need nothing but Jest. */
export function jestConfig(): JestConfig {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const extension = extname(fileURLToPath(import.meta.url));
  const file = (name: string): string => join(folder, `${name}${extension}`);
  const common = (name: string): string => join(folder, `${name}${extension.replace('.', '.c')}`);
  return {
    testEnvironment: file('environment'),
    transform: { '\\.[cm]?[jt]sx?$': file('transform') },
    // Our own modules are loaded by Node, outside of the sandbox.
    transformIgnorePatterns: ['/node_modules/', literally(fileURLToPath(new URL('../../..', import.meta.url)))],
    moduleNameMapper: {
      '^palette-iac/profiles$': common('profiles'),
      '^palette-iac/profiles/testing$': common('testing'),
    },
    setupFilesAfterEnv: [common('setup')],
    moduleFileExtensions: ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json', 'node'],
    testMatch: ['**/?(*.)+(test|spec).?([mc])[jt]s'],
  };
}

/** A pattern for a text. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
