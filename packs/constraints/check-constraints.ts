import { assertNever } from '#core/assert-never';

import type { PackConstraints, PackDependency, PackLayer } from '../pack-json.ts';
import { compareText, type Severity } from '../problem.ts';
import { parseValues } from '../values.ts';
import { isJsonObject, type JsonObject } from '../yaml.ts';
import { AGENT_GATES, agentTooOld, requiredAgent, type AgentGate } from './agent-gates.ts';
import { RESOURCE_UNITS, resourceCapacity, resourceNeed, type NodeCapacity, type ResourceType } from './resources.ts';
import { describeBounds, kubeVersionIn, withinBounds } from './versions.ts';

/** A layer of a profile as constraints see it. An opened `Pack` fits in `pack`. */
export interface ConstrainedLayer {
  readonly name: string;
  readonly version: string;
  readonly layer: PackLayer;
  /** What pack.json says; undefined for manifests alone and for packs that are not at hand. */
  readonly pack?:
    | { readonly constraints: PackConstraints; readonly kubeVersion: string; readonly values?: string }
    | undefined;
  /** The layer's values as YAML; they are looked at for resource requests. Default: the pack's. */
  readonly values?: string | undefined;
}

export interface ConstraintContext {
  /** Of the cluster; absent: ranges of Kubernetes versions are not checked. */
  readonly kubeVersion?: string | undefined;
  /** Of the cluster's agent; absent: demands on the agent are not checked. */
  readonly agentVersion?: string | undefined;
  /** Absent: resources are not checked. */
  readonly nodes?: readonly NodeCapacity[] | undefined;
  /** Default: `AGENT_GATES`. */
  readonly gates?: readonly AgentGate[] | undefined;
}

export type ConstraintCode =
  /** The cluster's agent cannot install this version of the pack. */
  | 'AgentTooOld'
  /** The pack does not run on the cluster's version of Kubernetes. */
  | 'KubeVersionUnsupported'
  /** A pack that is required is not there. */
  | 'DependencyMissing'
  /** A pack that this one depends on is there in a version it does not work with. */
  | 'DependencyVersion'
  /** A pack is there that this one does not work with. */
  | 'DependencyNotSupported'
  /** The nodes have less than the packs need. */
  | 'ResourcesShort'
  /** A version or range cannot be read, so the constraint was not checked. */
  | 'ConstraintUnreadable';

export interface ConstraintProblem {
  readonly severity: Severity;
  readonly code: ConstraintCode;
  /** The pack whose constraint does not hold. */
  readonly pack: string;
  readonly version: string;
  /** A sentence that names pack, version, what was found and what is needed. */
  readonly message: string;
  /** What is needed: a version, bounds, a range, an amount. */
  readonly required: string;
  /** What is there; empty when nothing is. */
  readonly found: string;
}

/**
 * Every constraint of a profile's packs that does not hold, in the order of the layers.
 * Errors mean that the cluster would not come up as wanted; warnings that it may.
 *
 * Types of dependency, as Palette's documentation has them: `required` must be there within the
 * bounds; `optional` must be within the bounds if it is there; `notSupported` must not be there
 * within the bounds (without bounds: not at all); `upgrade` tells from which versions the pack can
 * be reached, so another version gives a warning.
 */
export function checkConstraints(
  layers: readonly ConstrainedLayer[],
  context: ConstraintContext = {},
): ConstraintProblem[] {
  return [
    ...layers.flatMap((layer) => [
      ...checkAgent(layer, context),
      ...checkKubeVersion(layer, context),
      ...(layer.pack?.constraints.dependencies ?? []).flatMap((dependency) =>
        checkDependency(layer, dependency, layers, context),
      ),
    ]),
    ...checkResources(layers, context),
  ];
}

function checkAgent(
  { name, version, pack }: ConstrainedLayer,
  { agentVersion, gates = AGENT_GATES }: ConstraintContext,
): ConstraintProblem[] {
  const required = requiredAgent({ name, version, constraints: pack?.constraints }, gates);
  if (required === undefined || agentVersion === undefined || !agentTooOld(agentVersion, required)) return [];
  return [
    {
      severity: 'error',
      code: 'AgentTooOld',
      pack: name,
      version,
      required,
      found: agentVersion,
      message: `${name} ${version} needs an agent of at least version ${required}; the cluster's is ${agentVersion}: update the agent first`,
    },
  ];
}

function checkKubeVersion(
  { name, version, pack }: ConstrainedLayer,
  { kubeVersion }: ConstraintContext,
): ConstraintProblem[] {
  const range = pack?.kubeVersion ?? '';
  if (range === '' || kubeVersion === undefined) return [];
  const about = { pack: name, version, required: range, found: kubeVersion };
  switch (kubeVersionIn(kubeVersion, range)) {
    case 'in':
      return [];
    case 'out':
      return [
        {
          severity: 'error',
          code: 'KubeVersionUnsupported',
          ...about,
          message: `${name} ${version} runs on Kubernetes ${range}; the cluster has ${kubeVersion}`,
        },
      ];
    case 'unreadable':
      return [
        {
          severity: 'warning',
          code: 'ConstraintUnreadable',
          ...about,
          message: `${name} ${version}: whether Kubernetes ${kubeVersion} is in the range ${JSON.stringify(range)} cannot be told; expected one such as ">=1.26.0-0"`,
        },
      ];
  }
}

/** The name under which packs speak of Kubernetes itself, whoever's distribution it is. */
const KUBERNETES = 'kubernetes';

function checkDependency(
  layer: ConstrainedLayer,
  dependency: PackDependency,
  layers: readonly ConstrainedLayer[],
  { kubeVersion }: ConstraintContext,
): ConstraintProblem[] {
  const { packName, type } = dependency;
  const there = layers.find(
    (other) =>
      other.name === packName && (dependency.layer === '' || other.layer === dependency.layer || other === layer),
  );
  // A cluster whose Kubernetes comes from no pack of the profile still has a version of it.
  const assumed =
    !there && packName === KUBERNETES && !layers.some(({ layer: place }) => place === 'k8s') ? kubeVersion : undefined;
  const found = there?.version ?? assumed;
  const bounds = describeBounds(dependency);
  const problem = (severity: Severity, code: ConstraintCode, message: string): ConstraintProblem[] => [
    {
      severity,
      code,
      pack: layer.name,
      version: layer.version,
      required: `${packName}${bounds === '' ? '' : ` ${bounds}`}`,
      found: found === undefined ? '' : `${packName} ${found}`,
      message: `${layer.name} ${layer.version} ${message}`,
    },
  ];
  if (found === undefined) {
    return type === 'required'
      ? problem(
          'error',
          'DependencyMissing',
          `requires ${packName}${bounds === '' ? '' : ` (${bounds})`}, which is not in the profile${dependency.layer === '' ? '' : `; add it as a layer of kind ${dependency.layer}`}`,
        )
      : [];
  }
  const place = withinBounds(found, dependency);
  if (place === 'unreadable')
    return problem(
      'warning',
      'ConstraintUnreadable',
      `asks for ${packName} ${bounds}; whether ${found} is that cannot be told`,
    );
  switch (type) {
    case 'required':
    case 'optional':
      return place === 'within'
        ? []
        : problem(
            there ? 'error' : 'warning',
            'DependencyVersion',
            `works with ${packName} ${bounds}; ${there ? 'the profile' : 'the cluster'} has ${found}`,
          );
    case 'notSupported':
      return place === 'within'
        ? problem(
            there ? 'error' : 'warning',
            'DependencyNotSupported',
            `does not work with ${packName}${bounds === '' ? '' : ` ${bounds}`}; ${there ? 'the profile' : 'the cluster'} has ${found}`,
          )
        : [];
    case 'upgrade':
      return place === 'within'
        ? []
        : problem(
            'warning',
            'DependencyVersion',
            `can be reached by an upgrade from ${packName} ${bounds}; the profile has ${found}`,
          );
    default:
      return assertNever(type);
  }
}

function checkResources(layers: readonly ConstrainedLayer[], { nodes }: ConstraintContext): ConstraintProblem[] {
  if (!nodes) return [];
  const types: readonly ResourceType[] = ['cpu', 'memory', 'diskSize'];
  return types.flatMap((type): ConstraintProblem[] => {
    const capacity = resourceCapacity(type, nodes);
    if (capacity === undefined) return [];
    const unit = RESOURCE_UNITS[type];
    const needs = layers.flatMap((layer) => {
      const values = valuesOf(layer);
      return (layer.pack?.constraints.resources ?? [])
        .filter((resource) => resource.type === type)
        .map((resource) => ({ layer, need: Math.ceil(resourceNeed(resource, values, nodes)) }));
    });
    const total = needs.reduce((sum, { need }) => sum + need, 0);
    const greatest = needs.toSorted((a, b) => b.need - a.need || compareText(a.layer.name, b.layer.name))[0];
    if (total <= capacity || !greatest) return [];
    const alone = greatest.need > capacity;
    const has = Math.floor(capacity);
    return [
      {
        severity: alone ? 'error' : 'warning',
        code: 'ResourcesShort',
        pack: greatest.layer.name,
        version: greatest.layer.version,
        required: `${alone ? greatest.need : total} ${unit}`,
        found: `${has} ${unit}`,
        message: alone
          ? `${greatest.layer.name} ${greatest.layer.version} needs ${greatest.need} ${unit} of ${type}; the nodes have ${has} ${unit}`
          : `the packs need ${total} ${unit} of ${type} together, most of it ${greatest.layer.name} ${greatest.layer.version} (${greatest.need} ${unit}); the nodes have ${has} ${unit}`,
      },
    ];
  });
}

function valuesOf({ values, pack }: ConstrainedLayer): JsonObject {
  const { value } = parseValues(values === undefined || values.trim() === '' ? (pack?.values ?? '') : values);
  return isJsonObject(value) ? value : {};
}
