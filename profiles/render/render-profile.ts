/** A profile rendered without a cluster and without a plane: by the code that composes and renders for real ones. */
import { installPriority, RenderError, validateVariables, type Renderer, type RenderProblem } from '#packs/index';
import { profileDigest } from '#profiles/digest';
import { compose, ComposeError } from '#profiles/compose';
import type { ProfileDocument } from '#profiles/document';
import { ProfileError, titleOf } from '#profiles/problem';
import type { RenderedProfile, RenderedProfileLayer } from '#profiles/rendered';
import type { DesiredLayer, MacroContext } from '#protocol/desired-state';
import { layerContext } from '#protocol/layer-context';

import { claimedObjects } from './claimed-objects.ts';
import type { PackSource } from './pack-source.ts';
import { resolveProfile, type ResolvedProfile } from './resolve-profile.ts';

export interface RenderProfileOptions {
  readonly source: PackSource;
  readonly renderer: Renderer;
  /** Values of profile variables; what is missing takes its default. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What `{{.spectro.macro.NAME}}` stands for. */
  readonly macros?: Readonly<Record<string, string>>;
  /** By dotted path below `.spectro.system`, over what is made up for a cluster that is none. */
  readonly system?: Readonly<Record<string, string>>;
  /** Such as `1.34.1`. Default: the version of the profile's Kubernetes layer, else `DEFAULT_KUBE_VERSION`. */
  readonly kubeVersion?: string;
  /** Groups and versions that the cluster serves beyond Kubernetes' own. */
  readonly apiVersions?: readonly string[];
  readonly signal: AbortSignal;
}

/** Assumed of a cluster about which nothing is said. */
export const DEFAULT_KUBE_VERSION = '1.34.0';

/** In the place of identifiers that only a plane gives. */
const NO_UID = '0'.repeat(24);

/**
 * Renders a profile: what an agent would apply on a cluster that has this profile alone. The same packs and values give
 * the same result everywhere.
 *
 * @throws ProfileError for packs that are not there or do not open and for values that variables do not take; RenderError
 *   for macros without value and what Helm refuses (all layers' problems at once); the signal's reason.
 */
export async function renderProfile(
  document: ProfileDocument,
  options: RenderProfileOptions,
): Promise<RenderedProfile> {
  return renderResolved(await resolveProfile(document, options), options);
}

/** As `renderProfile`, for a profile whose packs are opened already. */
export async function renderResolved(
  { document, packs }: ResolvedProfile,
  { renderer, variables = {}, macros = {}, system = {}, apiVersions = [], signal, ...options }: RenderProfileOptions,
): Promise<RenderedProfile> {
  refuseWrongValues(document, variables);
  const kubeVersion = (options.kubeVersion ?? kubernetesOf(document) ?? DEFAULT_KUBE_VERSION).replace(/^v/, '');
  const { layers, context } = composeAlone({ document, packs }, { variables, macros, system, kubeVersion });

  // All settle before the first failure is told: every layer's problems are of interest, and no run of Helm is left behind.
  const settled = await Promise.allSettled(
    layers.map(async (layer) => ({
      layer,
      rendered: await renderer.render(layer, packs.get(layer.name)?.pack, ofLayer(context, layer, system), {
        kubeVersion: `v${kubeVersion}`,
        apiVersions,
        signal,
      }),
    })),
  );
  signal.throwIfAborted();
  throwFailures(settled);
  const rendered = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const { objects, refused } = claimedObjects(
    rendered.map((one) => ({ name: one.layer.name, rendered: one.rendered })),
  );
  return {
    name: document.name,
    version: document.version,
    digest: profileDigest(document),
    layers: rendered.map(({ layer }, index): RenderedProfileLayer => ({ layer, objects: objects[index] ?? [] })),
    ...(refused.length === 0 ? {} : { refused }),
  };
}

function ofLayer(context: MacroContext, layer: DesiredLayer, system: Readonly<Record<string, string>>): MacroContext {
  const own = layerContext(context, layer);
  return { ...own, system: { ...own.system, ...system } };
}

/** @throws ProfileError naming every value that its variable does not take, and every required one that is missing. */
function refuseWrongValues(document: ProfileDocument, variables: Readonly<Record<string, string>>): void {
  const problems = validateVariables(document.variables, variables);
  if (problems.length === 0) return;
  throw new ProfileError(
    problems.map(({ kind, message }) => ({
      severity: 'error',
      profile: titleOf(document),
      rule: kind === 'definition' ? 'variable-definition' : 'variable-value',
      message,
    })),
  );
}

function composeAlone(
  { document, packs }: ResolvedProfile,
  input: {
    readonly variables: Readonly<Record<string, string>>;
    readonly macros: Readonly<Record<string, string>>;
    readonly system: Readonly<Record<string, string>>;
    readonly kubeVersion: string;
  },
): { readonly layers: readonly DesiredLayer[]; readonly context: MacroContext } {
  try {
    return compose({
      tenantUid: NO_UID,
      project: { uid: NO_UID, name: 'Default' },
      cluster: {
        uid: NO_UID,
        name: 'cluster',
        cloudType: document.cloud === 'all' ? 'generic' : document.cloud,
        kubernetesVersion: input.kubeVersion,
      },
      lifecycle: 'active',
      drift: 'heal',
      resyncSeconds: 300,
      profiles: [
        {
          uid: NO_UID,
          name: document.name,
          version: document.version,
          type: document.type,
          packs: document.layers.map(({ name, layer, resolved, values, manifests }) => ({
            name,
            layer,
            version: resolved?.version ?? '',
            digest: resolved?.digest,
            values,
            manifests: manifests.map((manifest) => ({ ...manifest, content: manifest.content.trim() })),
          })),
          overrides: [],
          definitions: document.variables,
          values: input.variables,
        },
      ],
      system: input.system,
      macros: input.macros,
      installPriority,
      packValues: new Map([...packs.values()].map(({ digest, pack }) => [digest as string, pack.values])), // as: looked up by any text
      packPriorities: new Map([...packs.values()].map(({ digest, pack }) => [digest as string, pack.installPriority])), // as: looked up by any text
    });
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    throw ProfileError.of({ profile: titleOf(document), rule: 'compose', message: error.message }, { cause: error });
  }
}

/** The Kubernetes that a full profile brings. */
function kubernetesOf({ layers }: ProfileDocument): string | undefined {
  const version = layers.find(({ layer }) => layer === 'k8s')?.resolved?.version;
  return version !== undefined && /^v?\d+\.\d+\.\d+/.test(version) ? version : undefined;
}

/** @throws what was thrown, or one RenderError with everybody's problems. */
function throwFailures(settled: readonly PromiseSettledResult<unknown>[]): void {
  const reasons: unknown[] = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const [first] = reasons;
  if (first === undefined) return;
  const problems: RenderProblem[] = reasons.flatMap((reason) => (reason instanceof RenderError ? reason.problems : []));
  const foreign = reasons.find((reason) => !(reason instanceof RenderError));
  if (foreign !== undefined || !(first instanceof RenderError)) throw foreign;
  throw new RenderError(first.code, problems);
}
