/** Objects of a rendering, as tests name them. */
import { describeRef, refOf } from '#kubernetes/object';
import { didYouMean } from '#packs/macros/suggest';
import type { KubernetesObject } from '#packs/index';

import { maskSecretContent } from '../diff/mask.ts';
import type { RenderedProfile } from '../rendered.ts';

export interface ObjectQuery {
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly apiVersion?: string;
  readonly layer?: string;
}

/** `Deployment`, `Deployment web`, `Deployment shop/web`. @throws TypeError for other texts. */
export function parseQuery(query: string | ObjectQuery): ObjectQuery {
  if (typeof query !== 'string') return query;
  const found = /^([A-Za-z]\w*)(?: (?:([^\s/]+)\/)?([^\s/]+))?$/.exec(query.trim());
  if (!found)
    throw new TypeError(
      `${JSON.stringify(query)}: expected such as "Deployment", "Deployment web" or "Deployment shop/web"`,
    );
  const [, kind = '', namespace, name] = found;
  return { kind, ...(namespace === undefined ? {} : { namespace }), ...(name === undefined ? {} : { name }) };
}

export function describeQuery({ kind, namespace, name, apiVersion, layer }: ObjectQuery): string {
  const named = `${kind}${name === undefined ? '' : ` ${namespace === undefined ? '' : `${namespace}/`}${name}`}`;
  const where = [
    ...(name === undefined && namespace !== undefined ? [`in ${namespace}`] : []),
    ...(apiVersion === undefined ? [] : [`of ${apiVersion}`]),
    ...(layer === undefined ? [] : [`in the layer ${layer}`]),
  ];
  return [named, ...where].join(' ');
}

/** Every object that a query names, in the order in which they are applied. */
export function findObjects(
  { layers }: Pick<RenderedProfile, 'layers'>,
  query: string | ObjectQuery,
): readonly KubernetesObject[] {
  const { kind, name, namespace, apiVersion, layer } = parseQuery(query);
  return layers
    .filter((one) => layer === undefined || one.layer.name === layer)
    .flatMap(({ objects }) => objects)
    .filter(
      (object) =>
        object.kind === kind &&
        (name === undefined || object.metadata.name === name) &&
        (namespace === undefined || object.metadata.namespace === namespace) &&
        (apiVersion === undefined || object.apiVersion === apiVersion),
    );
}

/** What there is instead of what was looked for. */
export function describeNearby(rendered: Pick<RenderedProfile, 'layers'>, { kind, name }: ObjectQuery): string {
  const all = rendered.layers.flatMap(({ objects }) => objects);
  const ofKind = all.filter((object) => object.kind === kind).map((object) => describeRef(refOf(object)));
  if (ofKind.length > 0) return `There are: ${listed(ofKind)}.`;
  const kinds = [...new Set(all.map((object) => object.kind))].sort();
  const sameName = all.filter((object) => object.metadata.name === name).map((object) => describeRef(refOf(object)));
  const hint = didYouMean(kind, kinds).replace(/^; did you mean/, ' Did you mean');
  return `There is no ${kind}.${hint} ${sameName.length > 0 ? `Of that name there are: ${listed(sameName)}.` : `There are objects of the kinds ${kinds.join(', ') || 'none'}.`}`;
}

function listed(names: readonly string[]): string {
  return names.length > 20 ? `${names.slice(0, 20).join(', ')} and ${names.length - 20} more` : names.join(', ');
}

/**
 * Objects by name, for snapshots: the same for equal renderings, contents of Secrets hidden.
 *
 * @example
 * expect(snapshotOf(await render(shop), 'Deployment')).toMatchSnapshot();
 */
export function snapshotOf(
  rendered: Pick<RenderedProfile, 'layers'>,
  query?: string | ObjectQuery,
): Readonly<Record<string, unknown>> {
  const wanted = query === undefined ? undefined : new Set(findObjects(rendered, query));
  return Object.fromEntries(
    rendered.layers.flatMap(({ layer, objects }) =>
      objects
        .filter((object) => wanted === undefined || wanted.has(object))
        .map((object) => [`${layer.name}: ${describeRef(refOf(object))}`, maskSecretContent(object)]),
    ),
  );
}
