/** The contract as routes need it: one entry for each operation. */
import document from '../../openapi/generated/openapi.json' with { type: 'json' };

import type { OperationId } from './access.ts';

/** A JSON Schema of the contract; its `$ref`s point into the contract. */
export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly id: OperationId;
  readonly method: string;
  /** As the contract writes it: `/v1/projects/{uid}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly contentType: string; readonly schema: Schema } | undefined;
  /** Documented answers beside errors, by status; without `content` the answer has no body. */
  readonly replies: ReadonlyMap<number, { readonly contentType: string; readonly schema: Schema } | undefined>;
  /** Names of the security schemes that the operation takes, and `none` where it may be called without. */
  readonly security: readonly string[];
}

export interface Contract {
  readonly operations: readonly Operation[];
  readonly components: Readonly<Record<string, unknown>>;
}

interface RawMedia {
  readonly schema?: Schema;
}
interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly (Omit<Parameter, 'required'> & { readonly required?: boolean })[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, RawMedia>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, RawMedia>> }>>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}
interface RawDocument {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, unknown>> & { readonly parameters?: RawOperation['parameters'] }>
  >;
  readonly components: Readonly<Record<string, unknown>>;
  readonly security: RawOperation['security'];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Reads the contract that is built into this program. */
export function loadContract(): Contract {
  // The document is generated and linted in openapi/; its literal type says nothing useful.
  const { paths, components, security } = document as unknown as RawDocument;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      // Each method of a path item holds an operation.
      const raw = item[method] as RawOperation | undefined;
      return raw
        ? [
            toOperation(
              path,
              method,
              { ...raw, parameters: [...(item.parameters ?? []), ...(raw.parameters ?? [])] },
              security,
            ),
          ]
        : [];
    }),
  );
  return { operations, components };
}

function toOperation(path: string, method: string, raw: RawOperation, security: RawOperation['security']): Operation {
  const [bodyType, bodyMedia] = Object.entries(raw.requestBody?.content ?? {})[0] ?? [];
  return {
    // Types are generated from the same document.
    id: raw.operationId as OperationId,
    method: method.toUpperCase(),
    path,
    parameters: (raw.parameters ?? []).map((parameter) => ({ ...parameter, required: parameter.required ?? false })),
    body:
      bodyType === undefined
        ? undefined
        : { required: raw.requestBody?.required ?? false, contentType: bodyType, schema: bodyMedia?.schema ?? {} },
    replies: new Map(
      Object.entries(raw.responses)
        .filter(([status]) => status !== 'default')
        .map(([status, { content }]) => {
          const [contentType, media] = Object.entries(content ?? {})[0] ?? [];
          return [Number(status), contentType === undefined ? undefined : { contentType, schema: media?.schema ?? {} }];
        }),
    ),
    security: (raw.security ?? security ?? []).map((requirement) => Object.keys(requirement)[0] ?? 'none'),
  };
}
