import { PlaneError } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';

import { changeFeature } from './change.ts';

export const timezoneHandlers = {
  v1SpectroClustersUidTimezoneUpdate: async ({ path, body }, context) => {
    const timezone = body?.timezone ?? '';
    if (!isTimeZone(timezone))
      throw new PlaneError(
        422,
        'InvalidTimezone',
        `timezone: there is no time zone '${timezone}'; expected an IANA name such as Europe/Berlin, or nothing for UTC`,
      );
    return changeFeature(context, path.uid, { timezone });
  },
} satisfies SomeHandlers;

function isTimeZone(name: string): boolean {
  if (name === '') return true;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
