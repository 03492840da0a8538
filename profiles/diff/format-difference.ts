/** The difference of two profiles for people and for pull requests. */
import type { FieldChange } from './change.ts';
import { changesAnything, type LayerChange, type ProfileDifference } from './diff-profiles.ts';
import { countObjects, fieldLines, objectLines, signOf, type FormatOptions } from './format-changes.ts';
import { details, diffBlock, escapeMarkdown } from './markdown.ts';

/** Lines of plain text; one line when nothing differs. */
export function differenceText(difference: ProfileDifference, options: FormatOptions = {}): string {
  if (!changesAnything(difference)) return `${titleOf(difference)}: no change`;
  const { objects } = difference;
  return [
    titleOf(difference),
    ...sectionsOf(difference, options).flatMap(({ title, lines }) => [
      `${title}:`,
      ...lines.map((line) => `  ${line}`),
    ]),
    ...(objects === undefined ? [] : [`objects: ${countObjects(objects)}`]),
    ...(objects ?? []).flatMap((change) => objectLines(change, options).map((line) => `  ${line}`)),
  ].join('\n');
}

/** Sections of markdown, the heading first; see `fitComment`. */
export function differenceMarkdown(difference: ProfileDifference, options: FormatOptions = {}): string[] {
  const heading = `### ${escapeMarkdown(titleOf(difference))}`;
  if (!changesAnything(difference)) return [`${heading}\n\nNo change.`];
  const { objects } = difference;
  const restarts = (objects ?? []).filter((change) => change.restarts);
  return [
    `${heading}\n\n${summaryLine(difference)}`,
    ...sectionsOf(difference, options).map(({ title, lines }) => `**${title}**\n\n${diffBlock(lines)}`),
    ...(restarts.length === 0
      ? []
      : [`**pods restart**\n\n${restarts.map(({ object }) => `- \`${objectName(object)}\``).join('\n')}`]),
    ...(objects === undefined || objects.length === 0
      ? []
      : [details(`objects: ${countObjects(objects)}`, diffBlock(objects.flatMap((one) => objectLines(one, options))))]),
  ];
}

function objectName({ kind, namespace, name }: { kind: string; namespace?: string; name: string }): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`.replaceAll('`', "'");
}

function summaryLine({ layers, objects }: ProfileDifference): string {
  const parts = [
    `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`,
    ...(objects === undefined ? [] : [`objects: ${countObjects(objects)}`]),
  ];
  return parts.join(' · ');
}

function sectionsOf(
  { profile, variables, layers, order, policies }: ProfileDifference,
  options: FormatOptions,
): readonly { readonly title: string; readonly lines: readonly string[] }[] {
  const fields = (changes: readonly FieldChange[]): string[] => fieldLines(changes, options);
  const orderLine = order === undefined ? [] : [`~ order: ${order.before.join(', ')} → ${order.after.join(', ')}`];
  return [
    { title: 'profile', lines: fields(profile) },
    { title: 'variables', lines: fields(variables) },
    { title: 'layers', lines: [...layers.flatMap((layer) => layerLines(layer, options)), ...orderLine] },
    { title: 'policies', lines: fields(policies) },
  ].filter(({ lines }) => lines.length > 0);
}

function layerLines(layer: LayerChange, options: FormatOptions): string[] {
  const { kind, name, before, after, fields } = layer;
  const version =
    before === after || before === undefined || after === undefined ? (after ?? before ?? '') : `${before} → ${after}`;
  return [
    `${signOf(kind)} ${name}${version === '' ? '' : ` ${version}`}`,
    ...fieldLines(fields, options).map((line) => `    ${line}`),
  ];
}

/** `profile shop 1.0.0 → 1.1.0`. */
export function titleOf({ before, after }: Pick<ProfileDifference, 'before' | 'after'>): string {
  const name = (after ?? before)?.name ?? '';
  if (before === undefined) return `profile ${name} ${after?.version ?? ''}, which is new`;
  if (after === undefined) return `profile ${name} ${before.version}, which is gone`;
  const renamed = before.name === after.name ? name : `${before.name} → ${after.name}`;
  return `profile ${renamed} ${before.version === after.version ? after.version : `${before.version} → ${after.version}`}`;
}
