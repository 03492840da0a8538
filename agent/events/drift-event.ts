/** What people are told of a drift; which values changed is in the drift report alone. */
import { describeRef } from '#kubernetes/object';

import type { DriftNews } from '../enforce/enforcer.ts';
import type { AgentEvent, EventReason } from './reasons.ts';

const REASONS = {
  healed: 'DriftHealed',
  reported: 'DriftReported',
  ignored: 'DriftReported',
  failed: 'DriftNotHealed',
} as const satisfies Readonly<Record<string, EventReason>>;
const DONE = {
  healed: 'brought back',
  reported: 'left as it is, by policy',
  ignored: 'left as it is, by policy',
  failed: 'it cannot be brought back',
} as const;

export function driftEvent({ drift, action, message }: DriftNews): AgentEvent {
  const { ref, layer, change, fields } = drift;
  const what = change === 'deleted' ? 'was deleted' : `was changed${fields.length === 0 ? '' : ` (${list(fields)})`}`;
  return {
    // A heal that has something to say was one of many.
    reason: action === 'healed' && message !== '' ? 'DriftContested' : REASONS[action],
    message: `pack ${layer}: ${describeRef(ref)} ${what} from outside: ${DONE[action]}${message === '' ? '' : `; ${message}`}`,
    object: ref,
  };
}

function list(fields: readonly string[]): string {
  return fields.length > 5 ? `${fields.slice(0, 5).join(', ')} and ${fields.length - 5} more` : fields.join(', ');
}
