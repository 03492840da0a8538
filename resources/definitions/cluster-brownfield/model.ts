import type { PlannedValues, StateValues } from '#resources/engine/index';

import type { clusterBrownfieldSchema } from './schema.ts';

export type Planned = PlannedValues<typeof clusterBrownfieldSchema>;
export type State = StateValues<typeof clusterBrownfieldSchema>;
export type Attachment = NonNullable<Planned['clusterProfile']>[number];
export type PackOverride = NonNullable<Attachment['pack']>[number];
