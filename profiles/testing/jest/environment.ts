/** Jest's environment of Node, with our modules in it. They are loaded once for all test files of a worker. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as profiles from '../../index.ts';
import * as testing from '../index.ts';
import { BRIDGE } from './bridge.ts';

interface JestEnvironment {
  readonly global: object;
}

type EnvironmentClass = new (config: EnvironmentConfig, context: unknown) => JestEnvironment;

interface EnvironmentConfig {
  readonly projectConfig: { readonly rootDir: string };
}

/** Jest calls it with `new`, and takes what it returns: its own environment of Node. */
// oxlint-disable-next-line import/no-default-export -- Jest asks for it
export default function TestEnvironment(config: EnvironmentConfig, context: unknown): JestEnvironment {
  const NodeEnvironment = nodeEnvironment(config.projectConfig.rootDir);
  const environment = new NodeEnvironment(config, context);
  Object.assign(environment.global, { [BRIDGE]: { profiles, testing } });
  return environment;
}

/** Of the Jest that runs: package managers do not put it beside the tests. @throws Error when there is none. */
function nodeEnvironment(rootDir: string): EnvironmentClass {
  let from = join(rootDir, 'package.json');
  for (const name of ['jest', '@jest/core', 'jest-config']) from = createRequire(from).resolve(`${name}/package.json`);
  const loaded: unknown = createRequire(from)('jest-environment-node');
  if (hasEnvironment(loaded)) return loaded.TestEnvironment;
  throw new Error(`jest-environment-node beside ${from} has no TestEnvironment`);
}

function hasEnvironment(value: unknown): value is { readonly TestEnvironment: EnvironmentClass } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'TestEnvironment' in value &&
    typeof value.TestEnvironment === 'function'
  );
}
