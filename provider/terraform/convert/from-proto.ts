import { UNKNOWN, isCtyObject, type CtyObject, type CtyValue } from '#resources/engine/cty';
import { objectType, type ObjectModel } from '#resources/engine/model';

import { conformToType, parseExactJson } from '../cty/json-codec.ts';
import { decodeValue } from '../cty/value-codec.ts';
import type { DynamicValue } from '../generated/tfplugin6.ts';

/** From the protocol's types to our own. */

/** An object of a schema; undefined where Terraform sent null or nothing. @throws TypeError when it is not of the schema */
export function fromDynamicValue(model: ObjectModel, sent: DynamicValue | undefined): CtyObject | undefined {
  const type = objectType(model);
  const value: CtyValue =
    sent === undefined || (sent.msgpack.length === 0 && sent.json.length === 0)
      ? null
      : sent.msgpack.length > 0
        ? decodeValue(type, sent.msgpack)
        : conformToType(type, parseExactJson(sent.json.toString('utf8')));
  if (value === null) return undefined;
  if (value === UNKNOWN || !isCtyObject(value))
    throw new TypeError('Terraform sent something else where an object has to be');
  return value;
}
