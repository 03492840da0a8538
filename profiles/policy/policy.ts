/** Rules over what a profile renders to: the same in a test, in a pipeline, and in the plane at publication. */
import type { KubernetesObject } from '#packs/index';

import type { RuleSpec } from './policy-spec.ts';

/** What a rule says of one object. */
export interface Violation {
  /** Field path such as `spec.containers[0].securityContext.privileged`; absent: the object as a whole. */
  readonly field?: string;
  /** What is wrong and what was expected, without a secret's content. */
  readonly message: string;
}

export interface RuleContext {
  /** Pack or manifest layer that brings the object. */
  readonly layer: string;
  readonly profile: { readonly name: string; readonly version: string };
}

/** One object that a rule is to look at. */
export interface RuleLook {
  readonly object: KubernetesObject;
  readonly context: RuleContext;
}

export interface ManyChecked {
  /** Violations of each object, by its place; shorter than what was given when time ran out. */
  readonly violations: readonly (readonly Violation[])[];
  readonly inTime: boolean;
}

/** A rule: a pure look at one object. CEL rules and the built-in ones are made into this. */
export interface PolicyRule {
  /** Unique in a policy; kebab-case, such as `no-privileged-pods`. */
  readonly name: string;
  readonly description: string;
  readonly severity: 'error' | 'warning';
  check(object: KubernetesObject, context: RuleContext): readonly Violation[];
  /** As `check` of each, for rules to which many at once are cheaper. Ends after so many milliseconds. */
  checkMany?(looks: readonly RuleLook[], timeoutMs: number): ManyChecked;
  /** What the rule is made of where that is data: built-in and CEL rules can be given to the plane. */
  readonly spec?: RuleSpec;
  /** Content address of the rule's source where it is code: versions of a profile are compared by it. */
  readonly code?: string;
}

/** Rules that go together. */
export interface Policy {
  readonly kind: 'Policy';
  readonly name: string;
  readonly rules: readonly PolicyRule[];
}

export interface PolicyFinding extends Violation {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly layer: string;
  /** apiVersion, kind, namespace and name of the object. */
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
  };
}
