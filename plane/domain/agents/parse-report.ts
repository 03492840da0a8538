import type { z } from 'zod';

import { Heartbeat, Report } from '#protocol/report';

/** Reads a report. What agents quote may hold any character; NUL, which the database cannot store, is replaced. */
export function parseReport(value: unknown): z.ZodSafeParseResult<Report> {
  return Report.safeParse(storable(value));
}

/** Reads a heartbeat, as `parseReport`. */
export function parseHeartbeat(value: unknown): z.ZodSafeParseResult<Heartbeat> {
  return Heartbeat.safeParse(storable(value));
}

function storable(value: unknown): unknown {
  const text = JSON.stringify(value);
  // Most hold none, and are not taken apart.
  if (text === undefined || !text.includes('\\u0000')) return value;
  return JSON.parse(text, (_key, part: unknown) => (typeof part === 'string' ? part.replaceAll('\0', '\ufffd') : part));
}
