/** What can be said about a profile before it is applied. */
import type { PaletteClient, Scope } from '#openapi/client/index';
import { validateVariableDefinition } from '#packs/variables';
import {
  AttributeError,
  UNKNOWN,
  type AttributePath,
  type ConfigProblem,
  type PlanChange,
  type Unknown,
} from '#resources/engine/index';
import type { PartlyKnownValues, PlannedValues } from '#resources/engine/values';

import { resolvePack, type PackBlock } from '../shared/pack-entity.ts';
import type { clusterProfileSchema } from './schema.ts';

type Partly = PartlyKnownValues<typeof clusterProfileSchema>;

/** Checks names, and that every pack is determined. */
export function validateProfile(config: Partly): ConfigProblem[] {
  return [...packProblems(config), ...variableProblems(config)];
}

function packProblems({ pack }: Partly): ConfigProblem[] {
  const blocks = known(pack) ?? [];
  return blocks.flatMap((entry, index) => {
    const block = known(entry);
    if (block === undefined) return [];
    const at = (key: string, summary: string, detail: string): ConfigProblem[] => [
      { path: ['pack', index, key], summary, detail },
    ];
    const name = known(block.name);
    if (name !== undefined && blocks.findIndex((other) => known(known(other)?.name) === name) < index) {
      return at(
        'name',
        `Two packs are named "${name}"`,
        `Give each a name of its own: "${name}" a second time is "copy--${name}".`,
      );
    }
    if (isSet(block.registryUid) && isSet(block.registryName)) {
      return at('registryName', 'The registry is given twice', 'Give registry_uid or registry_name, not both.');
    }
    if (known(block.type ?? 'spectro') === 'spectro' && !isSet(block.uid) && !isSet(block.tag)) {
      return at(
        'tag',
        `Pack "${name ?? ''}" is not determined`,
        'Give uid, or tag together with registry_uid or registry_name.',
      );
    }
    return [];
  });
}

function variableProblems({ profileVariables }: Partly): ConfigProblem[] {
  const variables = known(known(known(profileVariables)?.[0])?.variable) ?? [];
  const names = variables.map((entry) => known(known(entry)?.name));
  return variables.flatMap((entry, index) => {
    const path = ['profileVariables', 0, 'variable', index];
    const name = names[index];
    if (name !== undefined && names.indexOf(name) < index) {
      return [
        {
          path: [...path, 'name'],
          summary: `Two variables are named "${name}"`,
          detail: 'Give each a name of its own.',
        },
      ];
    }
    const variable = known(entry);
    return variable === undefined || !isWhollyKnown(variable) ? [] : definitionProblems(variable, path);
  });
}

/** Checks the definition of a variable as the plane does, so that a wrong default shows at its own line. */
function definitionProblems(variable: KnownVariable, path: AttributePath): ConfigProblem[] {
  const { name, format, inputType, defaultValue, regex, required, hidden, isSensitive, options } = variable;
  const definition = { name, format, inputType, defaultValue, regex, isSensitive, options };
  const problems: ConfigProblem[] = validateVariableDefinition(definition).map(({ message }) => ({
    path: [
      ...path,
      message.includes('default value')
        ? 'defaultValue'
        : message.includes('regex')
          ? 'regex'
          : message.includes('dropdown')
            ? 'inputType'
            : 'name',
    ],
    summary: `Variable "${name}" is not right`,
    detail: `${message}.`,
  }));
  if (hidden === true && required === true && (defaultValue ?? '') === '') {
    problems.push({
      path: [...path, 'required'],
      summary: `Variable "${name}" can never have a value`,
      detail: 'It is hidden and required: give it a default_value.',
    });
  }
  return problems;
}

type KnownVariable = NonNullable<
  PlannedValues<typeof clusterProfileSchema>['profileVariables']
>[number]['variable'][number];

function isWhollyKnown(variable: object): variable is KnownVariable {
  return Object.values(variable).every(
    (value: unknown) =>
      value !== UNKNOWN &&
      !(
        Array.isArray(value) &&
        value.some(
          (part: unknown) => part === UNKNOWN || (typeof part === 'object' && part !== null && !isWhollyKnown(part)),
        )
      ),
  );
}

/**
 * Looks up the packs that a plan adds or changes, so that a wrong name or tag shows before anything
 * is stored. What is not known yet is looked up on apply.
 */
export async function checkPacks(
  planned: Partly,
  prior: readonly PackBlock[] | undefined,
  client: PaletteClient,
  scope: Scope,
): Promise<PlanChange[]> {
  const blocks = known(planned.pack) ?? [];
  const checks = blocks.map(async (entry, index): Promise<PlanChange[]> => {
    const block = wholly(known(entry));
    const before = prior?.find(({ name }) => name === block?.name);
    if (block === undefined || (before !== undefined && sameIdentity(block, before))) return [];
    try {
      await resolvePack(block, ['pack', index], client, scope);
      return [];
    } catch (error) {
      if (!(error instanceof AttributeError)) throw error;
      return [{ kind: 'problem', problem: { path: error.path, summary: error.summary, detail: error.detail } }];
    }
  });
  return (await Promise.all(checks)).flat();
}

function sameIdentity(block: PackBlock, before: PackBlock): boolean {
  return (['type', 'tag', 'uid', 'registryUid', 'registryName'] as const).every(
    (key) => (block[key] ?? '') === (before[key] ?? ''),
  );
}

type PartlyPack = Extract<NonNullable<Exclude<Partly['pack'], Unknown>>[number], object>;

/** The block as far as finding the pack goes, when all of that is known. An unknown `uid` is what is to be found. */
function wholly(block: PartlyPack | undefined): PackBlock | undefined {
  if (block === undefined) return undefined;
  const { name, type = 'spectro', tag, registryUid, registryName, uid } = block;
  if (
    name === UNKNOWN ||
    name === undefined ||
    type === UNKNOWN ||
    tag === UNKNOWN ||
    registryUid === UNKNOWN ||
    registryName === UNKNOWN
  )
    return undefined;
  return { name, type, tag, registryUid, registryName, uid: uid === UNKNOWN ? undefined : uid };
}

function known<T>(value: T | Unknown): T | undefined {
  return value === UNKNOWN ? undefined : value;
}

/** Whether there is, or will be, a value. */
function isSet(value: string | Unknown | undefined): boolean {
  return value !== undefined && value !== '';
}
