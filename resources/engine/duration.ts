const UNIT_MS = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gy;

/** Milliseconds of a duration as Go writes it (`10m`, `1h30m`, `0.5s`), or undefined when it is none, or not above zero. */
export function parseDuration(text: string): number | undefined {
  let ms = 0;
  let end = 0;
  PART.lastIndex = 0;
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    ms += Number(part[1]) * UNIT_MS[part[2] as keyof typeof UNIT_MS]; // as: the pattern allows these units only
    end = PART.lastIndex;
  }
  return end === text.length && ms > 0 ? ms : undefined;
}
