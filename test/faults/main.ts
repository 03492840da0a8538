/**
 * `npm run faults`: random faults, the same for the same seed.
 *
 * `--seeds N` how many (default 200) · `--seed S` the first one (default 1) · `--only KIND,KIND` faults of these kinds ·
 * `--at-once N` runs side by side (default 8) · `--log` what the agent says, with one run only
 */
import { parseArgs } from 'node:util';

import { createLogger } from '#core/log';

import { openLab } from './engine/lab.ts';
import { runSeeds } from './engine/run-seeds.ts';
import { STEP_KINDS, scheduleOf, type Step } from './engine/schedule.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: STEP_KINDS.join(',') },
    'at-once': { type: 'string', default: '8' },
    log: { type: 'boolean', default: false },
  },
});
const isKind = (text: string): text is Step['kind'] => STEP_KINDS.some((kind) => kind === text);
const asked = values.only.split(',');
const unknown = asked.filter((text) => !isKind(text));
const [first, count, atOnce] = [values.seed, values.seeds, values['at-once']].map(Number);
if (unknown.length > 0 || ![first, count, atOnce].every((number) => Number.isSafeInteger(number))) {
  process.stderr.write(
    unknown.length > 0
      ? `no fault is called ${unknown.join(', ')}; there are: ${STEP_KINDS.join(', ')}\n`
      : '--seed, --seeds and --at-once take whole numbers\n',
  );
  process.exit(2);
}

const only = asked.filter(isKind);
const from = first ?? 1;
const schedules = Array.from({ length: count ?? 1 }, (_seed, at) => scheduleOf(from + at, only));
const lab = await openLab();
try {
  const began = performance.now();
  const failed = await runSeeds(schedules, lab, {
    atOnce: atOnce ?? 1,
    ...(values.log ? { log: createLogger({ level: 'debug' }) } : {}),
    onOutcome: ({ seed, problems, ms, lives }) => {
      if (problems.length === 0) {
        process.stderr.write(`seed ${seed}: fine after ${(ms / 1000).toFixed(1)} s and ${lives} lives\n`);
        return;
      }
      process.stdout.write(
        `seed ${seed}: ${problems.join('; ')}\n  again: npm run faults -- --seed ${seed} --seeds 1${
          only.length === STEP_KINDS.length ? '' : ` --only '${only.join(',')}'`
        } --log\n  ${JSON.stringify(schedules[seed - from])}\n`,
      );
    },
  });
  process.stdout.write(
    `${schedules.length} seeds, ${failed.length} failed, ${((performance.now() - began) / 1000).toFixed(0)} s\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
} finally {
  await lab.stop();
}
