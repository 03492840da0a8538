/**
 * Makes openapi/generated (and openapi/local/generated) from the contract: lints openapi/openapi.yaml with its domains, bundles them into
 * openapi.json (read by the plane at run time) and derives types.ts (client, plane, resources) and success.ts (client).
 *
 *   node scripts/generate-openapi.mjs           write the files
 *   node scripts/generate-openapi.mjs --check   write nothing; exit 1 and name the files that are stale
 *
 * The output depends on the contract alone. Exit 1 when the contract has a lint problem.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundle, createConfig, lint } from '@redocly/openapi-core';
import openapiTypes, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** The plane's contract, with what its client must know at run time, and that of the agent's local API. */
const CONTRACTS = [
  { contract: 'openapi/openapi.yaml', directory: 'openapi/generated', client: true },
  { contract: 'openapi/local/openapi.yaml', directory: 'openapi/local/generated', client: false },
];
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

const RULES = {
  struct: 'error',
  'no-unresolved-refs': 'error',
  'spec-components-invalid-map-name': 'error',
  'component-name-unique': 'error',
  'info-license': 'error',
  'no-ambiguous-paths': 'off', // Palette has /clusterprofiles/{uid} beside /clusterprofiles/{other}/...
  'no-identical-paths': 'error',
  'no-enum-type-mismatch': 'error',
  'no-schema-type-mismatch': 'error',
  'no-required-schema-properties-undefined': 'error',
  'no-undefined-server-variable': 'error',
  'operation-operationId': 'error',
  'operation-operationId-unique': 'error',
  'operation-operationId-url-safe': 'error',
  'operation-parameters-unique': 'error',
  'operation-summary': 'error',
  'operation-singular-tag': 'error',
  'operation-tag-defined': 'error',
  'parameter-description': 'error',
  'path-declaration-must-exist': 'error',
  'path-not-include-query': 'error',
  'path-parameters-defined': 'error',
  'security-defined': 'error',
  'tag-description': 'error',
  'array-parameter-serialization': 'error',
};

/** Follows a `#/…` reference in the bundled document. */
function resolve(document, value) {
  if (value?.$ref === undefined) return value;
  const steps = value.$ref
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce((at, step) => at[step], document);
}

/**
 * Gives every operation the whole list of its parameters, resolved, so that a reader at run time needs neither the path
 * item nor components.parameters.
 */
function flattenParameters(document) {
  for (const item of Object.values(document.paths)) {
    const shared = item.parameters ?? [];
    delete item.parameters;
    for (const method of METHODS.filter((name) => item[name])) {
      const parameters = [...shared, ...(item[method].parameters ?? [])].map((value) => resolve(document, value));
      if (parameters.length > 0) item[method].parameters = parameters;
    }
  }
  delete document.components.parameters;
}

/** Components in the order of their names: where a schema is first used must not move it. */
function sortComponents(document) {
  for (const [kind, entries] of Object.entries(document.components)) {
    document.components[kind] = Object.fromEntries(Object.entries(entries).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What the client must know at run time, in the few kilobytes it can afford to load: the one 2xx of each operation. */
function successTable(document) {
  const lines = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const [status, response] = Object.entries(item[method].responses).find(([code]) => code.startsWith('2'));
      const [media] = Object.keys(response.content ?? {});
      const body =
        { undefined: 'none', 'application/json': 'json', 'application/octet-stream': 'bytes' }[media] ?? 'stream';
      lines.push(`  '${method.toUpperCase()} ${path}': [${status}, '${body}'],`);
    }
  }
  return [
    "export type SuccessBody = 'none' | 'json' | 'bytes' | 'stream';",
    '/** By method and path: the one status that means success, and how its body is read. */',
    'export const success: Readonly<Record<string, readonly [status: number, body: SuccessBody]>> = {',
    ...lines.toSorted(),
    '};',
    '',
  ].join('\n');
}

async function generate({ contract, client }) {
  const config = await createConfig({ rules: RULES });
  const ref = join(root, contract);
  const problems = await lint({ ref, config });
  for (const problem of problems) {
    const at = problem.location[0];
    console.error(
      `${relative(root, at.source.absoluteRef)} ${at.pointer ?? ''}: ${problem.message} (${problem.ruleId})`,
    );
  }
  if (problems.length > 0) throw new Error(`the contract has ${problems.length} lint problems`);

  const bundled = await bundle({ ref, config });
  if (bundled.problems.length > 0)
    throw new Error(`bundling failed: ${bundled.problems.map((p) => p.message).join('; ')}`);
  const document = bundled.bundle.parsed;
  flattenParameters(document);
  sortComponents(document);
  const json = `${JSON.stringify(document, null, 1)}\n`;

  const bytes = ts.factory.createTypeReferenceNode('Uint8Array');
  const nodes = await openapiTypes(structuredClone(document), {
    defaultNonNullable: false, // a default is the receiver's: senders may leave the field out
    emptyObjectsUnknown: true,
    transform: (schema) => (schema.format === 'binary' ? bytes : undefined),
  });
  const head = `// Made by scripts/generate-openapi.mjs from ${contract}. Change the contract, not this file.\n`;
  return {
    'openapi.json': json,
    'types.ts': head + astToString(nodes),
    ...(client ? { 'success.ts': head + successTable(document) } : {}),
  };
}

try {
  const check = process.argv.includes('--check');
  const stale = [];
  for (const made of CONTRACTS) {
    const directory = join(root, made.directory);
    await mkdir(directory, { recursive: true });
    for (const [name, text] of Object.entries(await generate(made))) {
      const path = join(directory, name);
      const present = await readFile(path, 'utf8').catch(() => undefined);
      if (present === text) continue;
      stale.push(relative(root, path));
      if (!check) await writeFile(path, text);
    }
  }
  if (check && stale.length > 0) throw new Error(`stale: ${stale.join(', ')}; run node scripts/generate-openapi.mjs`);
  console.log(stale.length === 0 ? 'what is generated is up to date' : `wrote ${stale.join(', ')}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
