import { isCtyObject, type CtyType, type CtyValue } from '#resources/engine/cty';
import { modelOf, objectType } from '#resources/engine/model';

import { conformToType, parseExactJson } from '../cty/json-codec.ts';
import { toDiagnostics, toDynamicValue } from '../convert/to-proto.ts';
import { loadResource, type Rpc } from '../session.ts';

/**
 * Brings a stored state to the present schema. Terraform calls this for every resource of every plan, so a state that
 * fits is passed on as it is. Older states pass, too, unless the definition knows how to change them; attributes
 * that the schema does not have (any more) are dropped.
 */
export const upgradeResourceState: Rpc<'upgradeResourceState'> = async ({ typeName, version, rawState }, session) => {
  const definition = await loadResource(session, typeName);
  const refuse = (summary: string, detail: string) => ({
    upgradedState: undefined,
    diagnostics: toDiagnostics([{ severity: 'error', summary: `${typeName}: ${summary}`, detail }]),
  });
  if (rawState === undefined || rawState.json.length === 0) {
    return refuse(
      'its state is too old',
      'It was stored by a Terraform before 0.12: open it with one from 0.12 to 1.x and the official provider first.',
    );
  }
  if (version > definition.schemaVersion) {
    return refuse(
      'its state is too new',
      `It has schema version ${version}, this provider has ${definition.schemaVersion}: use a newer provider.`,
    );
  }
  const model = modelOf(definition);
  const type = objectType(model);
  const json = rawState.json.toString('utf8');
  // as: Terraform stores JSON; the comparison needs its shape only
  if (version === definition.schemaVersion && fits(type, JSON.parse(json) as CtyValue)) {
    return { upgradedState: { json: rawState.json, msgpack: Buffer.alloc(0) }, diagnostics: [] };
  }
  const stored = parseExactJson(json);
  if (!isCtyObject(stored))
    return refuse('its state is not an object', 'The state file is damaged: restore it from a backup.');
  const upgraded =
    version < definition.schemaVersion ? (definition.upgradeState?.({ version, state: stored }) ?? stored) : stored;
  return { upgradedState: toDynamicValue(model, conformToType(type, upgraded)), diagnostics: [] };
};

/** Whether a stored value has no attribute that the type lacks, at any depth. */
function fits(type: CtyType, value: CtyValue): boolean {
  if (typeof type === 'string' || typeof value !== 'object' || value === null) return true;
  switch (type[0]) {
    case 'list':
    case 'set':
      return Array.isArray(value) && value.every((element) => fits(type[1], element));
    case 'map':
      return isCtyObject(value) && Object.values(value).every((element) => fits(type[1], element));
    case 'tuple':
      return true;
    case 'object':
      return (
        isCtyObject(value) &&
        Object.entries(value).every(([name, part]) => {
          const attribute = type[1][name];
          return attribute !== undefined && fits(attribute, part);
        })
      );
  }
}
