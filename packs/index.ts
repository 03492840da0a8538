/** The pack format: open, lint, package, resolve and render packs. No I/O beyond files and Helm. */
export {
  archivePack,
  contentDigest,
  openPackArchive,
  openPackDirectory,
  openPackFiles,
  packArchive,
  type Pack,
  type PackManifest,
} from './pack.ts';
export type { PackChart } from './chart.ts';
export { AGENT_GATES, agentTooOld, requiredAgent, type AgentGate } from './constraints/agent-gates.ts';
export {
  checkConstraints,
  type ConstrainedLayer,
  type ConstraintCode,
  type ConstraintContext,
  type ConstraintProblem,
} from './constraints/check-constraints.ts';
export type { NodeCapacity } from './constraints/resources.ts';
export { DEFAULT_LIMITS, type PackLimits } from './limits.ts';
export { lintPack, lintPackArchive, lintPackDirectory } from './lint/lint-pack.ts';
export {
  findMacroReferences,
  resolveMacros,
  type MacroProblem,
  type MacroReference,
  type Resolved,
  type ResolveOptions,
} from './macros/resolve.ts';
export { packOfChart, type ChartInfo, type ChartPack } from './pack-of-chart.ts';
export type { PackConstraints, PackDependency, PackLayer, PackResource } from './pack-json.ts';
export { applyPresets } from './apply-presets.ts';
export { checkValues } from './check-values.ts';
export { typesOfPack, type TypesOptions } from './types/types-of-pack.ts';
export { packOutputs, type OutputLayer } from './pack-outputs.ts';
export { packEnforcement, tagEnforcement, type EnforcementParsed } from './enforcement.ts';
export type { HealthRule } from './health.ts';
export { enabledPresets, findPresets, parsePresetName, type PackPreset, type PresetName } from './presets.ts';
export { evaluateReadiness, type Readiness, type ReadinessCheck } from './readiness.ts';
export { formatProblem, hasErrors, PackError, type PackErrorCode, type Problem, type Severity } from './problem.ts';
export { RenderError, type RenderErrorCode, type RenderProblem } from './render/errors.ts';
export type { RenderedHook, RenderedLayer } from './render/finish.ts';
export { describeObject, type KubernetesObject, type ObjectMetadata } from './render/kubernetes-object.ts';
export { createRenderer, type Renderer, type RendererOptions, type RenderOptions } from './render/renderer.ts';
export type { SchemaField } from './schema.ts';
export { compareLayers, installPriority, mergeValues, type PackSettings } from './values.ts';
export {
  validateVariable,
  validateVariableDefinition,
  validateVariables,
  type VariableDefinition,
  type VariableFormat,
  type VariableProblem,
} from './variables.ts';
export { isJsonObject, type Json, type JsonObject } from './yaml.ts';
