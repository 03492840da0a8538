import { valuesToYaml } from './values.ts';

const INSTALL_PRIORITY = 'spectrocloud.com/install-priority';

/** The group and the name of a preset; without name none is chosen. */
export type Preset = readonly [group: string, name: string | undefined];

/** The YAML of a layer's values: the header that names its presets, what `pack:` says, then the values. */
export function layerText(
  layer: string,
  options: {
    readonly values: unknown;
    readonly presets?: readonly Preset[] | undefined;
    /** The values are those of this chart. */
    readonly chart?: string | undefined;
    readonly namespace?: string | undefined;
    readonly installPriority?: number | undefined;
  },
): string {
  const { values, presets = [], chart } = options;
  const settings = {
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(options.installPriority === undefined ? {} : { [INSTALL_PRIORITY]: priority(layer, options.installPriority) }),
  };
  return (
    header(layer, presets) +
    (typeof values === 'string' ? aroundText(layer, values, settings, chart) : around(values, settings, chart))
  );
}

function around(values: unknown, settings: object, chart: string | undefined): string {
  const whole = chart === undefined ? values : { charts: { [chart]: values } };
  if (Object.keys(settings).length === 0) return valuesToYaml(whole);
  const { pack, ...rest } = { pack: undefined, ...(isObject(whole) ? whole : {}) };
  return valuesToYaml({ pack: { ...(isObject(pack) ? pack : {}), ...settings }, ...rest });
}

function aroundText(layer: string, text: string, settings: object, chart: string | undefined): string {
  const whole = chart === undefined ? text : `charts:\n  ${chart}:\n${text.replaceAll(/^(?=.)/gm, '    ')}`;
  if (Object.keys(settings).length === 0) return whole;
  if (/^pack\s*:/m.test(whole))
    throw new TypeError(
      `layer ${layer}: its values have \`pack:\` already; write the namespace and the install priority there`,
    );
  return `${valuesToYaml({ pack: settings })}${whole}`;
}

/** As Palette writes the presets that values are made with. */
function header(layer: string, presets: readonly Preset[]): string {
  const chosen = presets.flatMap(([group, name]) => (name === undefined ? [] : [`${group}:${name}`]));
  const wrong = chosen.find((one) => /[,\r\n]/.test(one));
  if (wrong !== undefined) throw new TypeError(`layer ${layer}: ${JSON.stringify(wrong)} is no name of a preset`);
  return chosen.length === 0 ? '' : `# spectrocloud.com/enabled-presets: ${chosen.join(',')}\n`;
}

function priority(layer: string, value: number): string {
  if (Number.isInteger(value)) return String(value);
  throw new TypeError(`layer ${layer}: the install priority ${value} is no whole number`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
