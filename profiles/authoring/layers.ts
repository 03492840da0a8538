/** Layers of a stack, as a program writes them. */
import type { Layer, ProfileLayer } from '#profiles/document';

import { refuseUnknown } from './known-options.ts';
import { layerText } from './layer-text.ts';
import { valuesToYaml, type AnyValues, type Values } from './values.ts';

/** A manifest: YAML, an object, or several. */
export type ManifestContent = string | AnyValues | readonly AnyValues[];

interface Common {
  /** Manifests that come with the layer, by name. */
  readonly manifests?: Readonly<Record<string, ManifestContent>>;
}

/** What every layer of a pack or chart has. `V`: type of the pack's values, as `palette pack import` writes it. */
interface Sourced<V> extends Common {
  /** A version, a tag such as `1.2.x`, or a range such as `^1.2.0`. Default: the newest. */
  readonly version?: string;
  /** Name of the registry. Default: the plane's default one. */
  readonly registry?: string;
  /** Name of its own, where a profile holds a pack more than once. */
  readonly as?: string;
  /** As an object, or as YAML whose comments are kept. What is left out stays as the pack has it. */
  readonly values?: Values<V> | string;
  /** Namespace of what is installed. */
  readonly namespace?: string;
  /** Whole number; lower goes first. */
  readonly installPriority?: number;
}

/** One name for each group; a pack's own are written by `palette pack import`. */
export type Presets = { readonly [group: string]: string | undefined };
/** What an interface has to be to be such. */
type PresetsOf<P> = { readonly [K in keyof P]: string | undefined };

export interface PackOptions<V = AnyValues, P extends PresetsOf<P> = Presets> extends Sourced<V> {
  readonly pack: string;
  /** Presets by their group: `{ Ingress: 'enable-ingress' }`. */
  readonly presets?: P;
}

export interface ChartOptions<V = AnyValues> extends Sourced<V> {
  readonly chart: string;
  /** Default: `addon`. */
  readonly layer?: Layer;
}

export interface ManifestsOptions extends Common {
  readonly name: string;
  /** Default: `addon`. */
  readonly layer?: Layer;
  readonly manifests: Readonly<Record<string, ManifestContent>>;
  readonly installPriority?: number;
}

const SOURCED: Readonly<Record<keyof Sourced<unknown>, true>> = {
  manifests: true,
  version: true,
  registry: true,
  as: true,
  values: true,
  namespace: true,
  installPriority: true,
};
const PACK: Readonly<Record<keyof PackOptions, true>> = { ...SOURCED, pack: true, presets: true };
const CHART: Readonly<Record<keyof ChartOptions, true>> = { ...SOURCED, chart: true, layer: true };
const MANIFESTS: Readonly<Record<keyof ManifestsOptions, true>> = {
  name: true,
  layer: true,
  manifests: true,
  installPriority: true,
};

/** A layer as `defineProfile` takes it. */
export type LayerInput = ProfileLayer;

function packLayer(layer: Layer) {
  return <V = AnyValues, P extends PresetsOf<P> = Presets>(options: PackOptions<V, P>): LayerInput => {
    refuseUnknown(`layer ${options.pack}`, options, PACK);
    return sourced(layer, 'spectro', options.pack, options, {
      values: options.values,
      presets: Object.entries<string | undefined>(options.presets ?? {}),
    });
  };
}

/** The operating system. */
export const os = packLayer('os');
/** Kubernetes. */
export const k8s = packLayer('k8s');
/** The network. */
export const cni = packLayer('cni');
/** The storage. */
export const csi = packLayer('csi');
/** What runs on the cluster. */
export const addon = packLayer('addon');

/** A chart of a Helm registry; `values` are the chart's own. */
export function helmChart<V = AnyValues>(options: ChartOptions<V>): LayerInput {
  return chartLayer('helm', options);
}

/** A chart of an OCI registry; `values` are the chart's own. */
export function ociChart<V = AnyValues>(options: ChartOptions<V>): LayerInput {
  return chartLayer('oci', options);
}

/** Manifests alone. */
export function manifests(given: ManifestsOptions): LayerInput {
  const { name, layer = 'addon', installPriority, ...options } = given;
  refuseUnknown(`layer ${name}`, given, MANIFESTS);
  return {
    name,
    layer,
    type: 'manifest',
    version: '',
    values: layerText(name, { values: undefined, installPriority }),
    manifests: manifestsOf(options),
  };
}

function chartLayer<V>(type: 'helm' | 'oci', options: ChartOptions<V>): LayerInput {
  refuseUnknown(`layer ${options.chart}`, options, CHART);
  return sourced(options.layer ?? 'addon', type, options.chart, options, {
    values: options.values,
    chart: options.chart.slice(options.chart.lastIndexOf('/') + 1),
  });
}

function sourced(
  layer: Layer,
  type: ProfileLayer['type'],
  pack: string,
  options: Sourced<unknown>,
  text: Pick<Parameters<typeof layerText>[1], 'values' | 'presets' | 'chart'>,
): LayerInput {
  const name = options.as === undefined ? pack : `${options.as}--${pack}`;
  const { registry, namespace, installPriority } = options;
  return {
    name,
    layer,
    type,
    ...(registry === undefined ? {} : { registry }),
    version: options.version ?? 'latest',
    values: layerText(name, { ...text, namespace, installPriority }),
    manifests: manifestsOf(options),
  };
}

function manifestsOf({ manifests: given = {} }: Common): ProfileLayer['manifests'] {
  return Object.entries(given).map(([name, content]) => ({ name, content: manifestText(content) }));
}

function manifestText(content: ManifestContent): string {
  if (typeof content === 'string') return content;
  const documents: readonly unknown[] = Array.isArray(content) ? content : [content];
  return documents.map(valuesToYaml).join('---\n');
}
