/**
 * `npm run bench`: runs the benches against an embedded environment of their own and prints one
 * table. With names as arguments (`provider`, `packs`, `profiles`, `registry`, `enforcers`, `replay`, `enforcement`, `impact`,
 * `crossplane`) only these.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { benchCrossplane } from './crossplane.ts';
import { benchEnforcement } from './enforcement.ts';
import { benchEnforcers } from './enforcers.ts';
import { type Environment, startEnvironment } from './environment.ts';
import { benchImpact } from './impact.ts';
import { benchPacks } from './packs.ts';
import { benchProfiles } from './profiles.ts';
import { benchProviderStart } from './provider-start.ts';
import { benchRegistry } from './registry.ts';
import { benchReplay } from './replay.ts';
import { type Row, formatRows } from './statistics.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const PROVIDER = join(root, 'dist/provider/terraform/terraform-provider-spectrocloud.cjs');

const BENCHES = {
  provider: async () => benchProviderStart(PROVIDER),
  packs: async () => benchPacks(root),
  profiles: async (environment: () => Promise<Environment>) => benchProfiles(await environment()),
  registry: async (environment: () => Promise<Environment>) => benchRegistry(await environment()),
  enforcers: async () => benchEnforcers(),
  replay: async () => benchReplay(),
  enforcement: async (environment: () => Promise<Environment>) => benchEnforcement(await environment()),
  impact: async (environment: () => Promise<Environment>) => benchImpact(await environment()),
  crossplane: async (environment: () => Promise<Environment>) => benchCrossplane(await environment()),
} satisfies Record<string, (environment: () => Promise<Environment>) => Promise<Row[]>>;

type Name = keyof typeof BENCHES;
const isName = (text: string): text is Name => text in BENCHES;

const asked = process.argv.slice(2);
const unknown = asked.filter((text) => !isName(text));
if (unknown.length > 0) {
  process.stderr.write(`no bench is called ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}

let running: Promise<Environment> | undefined;
const environment = async (): Promise<Environment> => (running ??= startEnvironment());
const rows: Row[] = [];
try {
  for (const name of asked.length > 0 ? asked.filter(isName) : (Object.keys(BENCHES) as Name[])) {
    // as: keys of a literal
    process.stderr.write(`bench ${name}\n`);
    rows.push(...(await BENCHES[name](environment)));
  }
} finally {
  await running?.then(async (started) => started.stop());
}
process.stdout.write(`${formatRows(rows).replaceAll(homedir(), '~')}\n`);
