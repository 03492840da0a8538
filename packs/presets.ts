import { z } from 'zod';

import { removePath } from './values.ts';
import type { JsonObject } from './yaml.ts';

/** A ready-made choice for a pack's values; of the presets of one group, one applies. */
export const PackPreset = z.object({
  name: z.string().min(1),
  displayName: z
    .string()
    .nullish()
    .transform((name) => name ?? ''),
  group: z
    .string()
    .nullish()
    .transform((group) => group ?? ''),
  /** Dotted paths taken out of the values before `add` comes in. */
  remove: z
    .array(z.string())
    .nullish()
    .transform((paths) => paths ?? []),
  /** Values as YAML. */
  add: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
});
export type PackPreset = z.infer<typeof PackPreset>;

/** presets.yaml; an empty file means no presets. */
export const PresetsFile = z
  .object({
    presets: z
      .array(PackPreset)
      .nullish()
      .transform((presets) => presets ?? []),
  })
  .nullable()
  .transform((file) => file ?? { presets: [] });

/** The presets that values say they are written with: `# spectrocloud.com/enabled-presets: Group:name,…`. */
export function enabledPresets(values: string): readonly { readonly group: string; readonly name: string }[] {
  const list = /^#\s*spectrocloud\.com\/enabled-presets:(.*)$/m.exec(values)?.[1] ?? '';
  return list.split(',').flatMap((item) => {
    const at = item.lastIndexOf(':');
    return at === -1 ? [] : [{ group: item.slice(0, at).trim(), name: item.slice(at + 1).trim() }];
  });
}

/** Values without what a preset replaces. */
export function withoutPresetPaths(values: JsonObject, preset: PackPreset): JsonObject {
  return preset.remove.reduce(removePath, values);
}

/** A preset by its group and name. */
export interface PresetName {
  readonly group: string;
  readonly name: string;
}

/** `Group:name` in its parts; the group may be left out where the name is the only one. */
export function parsePresetName(text: string): PresetName {
  const at = text.lastIndexOf(':');
  return at === -1
    ? { group: '', name: text.trim() }
    : { group: text.slice(0, at).trim(), name: text.slice(at + 1).trim() };
}

/** The presets of a pack that are asked for, in the order asked; and what the pack does not have. */
export function findPresets(
  presets: readonly PackPreset[],
  names: readonly PresetName[],
): { readonly found: readonly PackPreset[]; readonly unknown: readonly PresetName[] } {
  const found: PackPreset[] = [];
  const unknown: PresetName[] = [];
  for (const wanted of names) {
    const fitting = presets.filter(
      ({ group, name }) => name === wanted.name && (wanted.group === '' || group === wanted.group),
    );
    const [preset] = fitting;
    if (!preset || fitting.length > 1) unknown.push(wanted);
    else if (!found.includes(preset)) found.push(preset);
  }
  return { found, unknown };
}
