import type { SomeHandlers } from '#plane/api/handler';

import { changeFeature } from './change.ts';
import { checkCron } from './schedule.ts';

export const osPatchHandlers = {
  v1SpectroClustersUidOsPatchUpdate: async ({ path, body }, context) => {
    const config = body?.osPatchConfig;
    checkCron(config?.schedule, 'osPatchConfig.schedule');
    return changeFeature(context, path.uid, { osPatchConfig: config });
  },
} satisfies SomeHandlers;
