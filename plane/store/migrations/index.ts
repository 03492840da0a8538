import { core } from './0001-core.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema in order. */
export const migrations: readonly Migration[] = [core];
