/** Why a layer could not be rendered. */
export type RenderErrorCode =
  /** Macros without a value, or values that do not fit where they are used. */
  | 'UnresolvedMacros'
  /** Values or manifests that are no YAML, or manifests that are no Kubernetes objects. */
  | 'InvalidContent'
  /** Helm refused a chart or a template. */
  | 'HelmFailed'
  | 'HelmTimeout'
  /** Helm wrote more than is accepted. */
  | 'OutputTooLarge'
  /** Helm cannot be started. */
  | 'HelmUnavailable';

/** One fault of a layer, with the best place that is known. */
export interface RenderProblem {
  /** Pack (layer) the fault is in. */
  readonly pack: string;
  /** File of the pack, `values` for the layer's values, or the name of an inline manifest. */
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** A layer that cannot be rendered. `problems` has at least one entry; the message shows all of them. */
export class RenderError extends Error {
  override readonly name = 'RenderError';
  readonly code: RenderErrorCode;
  readonly problems: readonly RenderProblem[];

  constructor(code: RenderErrorCode, problems: readonly RenderProblem[], options?: ErrorOptions) {
    super(problems.map(formatRenderProblem).join('\n'), options);
    this.code = code;
    this.problems = problems;
  }
}

function formatRenderProblem({ pack, file, line, column, message }: RenderProblem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `pack ${pack}, ${place}: ${message}`;
}
