/**
 * The one place that imports cdktf and constructs. Upstream archived cdktf in December 2025; its
 * fork `cdktn` has the same interface, so that a project may install it in its place with the
 * npm alias `"cdktf": "npm:cdktn@0.24.0"`.
 */
import {
  listMapper,
  ref,
  TerraformDataSource,
  TerraformProvider,
  TerraformResource,
  Token,
  type IResolvable,
  type TerraformMetaArguments,
  type TerraformStack,
} from 'cdktf';
import type { Construct } from 'constructs';

export { ref, TerraformDataSource, TerraformProvider, TerraformResource, Token };
export type { Construct, IResolvable, TerraformMetaArguments, TerraformStack };

/** Whether a value is a token that stands for itself: an object that is resolved when the program is synthesised. */
export function isResolvable(value: unknown): value is IResolvable {
  return typeof value === 'object' && value !== null && 'resolve' in value && typeof value.resolve === 'function';
}

/** What an iterator makes of a block: `iterator.dynamic({ name: iterator.value })`. */
export interface DynamicBlock extends IResolvable {
  readonly iterator: { dynamic(content: Record<string, unknown>): unknown };
  readonly content: Record<string, unknown>;
}

export function isDynamicBlock(value: unknown): value is DynamicBlock {
  return isResolvable(value) && 'iterator' in value && 'content' in value;
}

/** The dynamic block with other content, in the form that synthesis writes as a `dynamic` block of Terraform. */
export function dynamicBlock({ iterator }: DynamicBlock, content: Record<string, unknown>): unknown {
  const toBlock: (value: unknown) => unknown = listMapper((element: unknown) => element, true);
  return toBlock(iterator.dynamic(content));
}
