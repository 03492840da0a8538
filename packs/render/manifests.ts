import { visit } from 'yaml';

import type { MacroContext } from '#protocol/desired-state';

import type { Files } from '../files.ts';
import { scanOtherActions } from '../macros/scan.ts';
import { documentsOf, longDocument, type JsonObject } from '../yaml.ts';
import { indentQuoted } from '../yaml-quotes.ts';

/**
 * Whether a manifest is a template. A manifest that has values of its own is, when it has any action.
 * Without values an action may as well be meant for somebody else, as in the configuration of Istio
 * or Argo Workflows: when the manifest is YAML as it stands, and all actions are in block scalars
 * or comments, it is taken as written.
 */
export function isTemplate(content: string, hasValues: boolean): boolean {
  if (scanOtherActions(content).length === 0) return false;
  if (hasValues || longDocument(content)) return true;
  const text = readable(content) ? content : indentQuoted(content);
  return text === undefined || !onlyInBlocks(text);
}

function readable(text: string): boolean {
  try {
    for (const { errors } of documentsOf(text)) if (errors.length > 0) return false;
    return true;
  } catch {
    return false;
  }
}

/** Whether every action stands in a block scalar or a comment of a text that is YAML. */
function onlyInBlocks(text: string): boolean {
  const blocks: { readonly start: number; readonly end: number }[] = [];
  try {
    for (const document of documentsOf(text)) {
      if (document.errors.length > 0) return false;
      visit(document, {
        Scalar: (_key, { range, type }) => {
          if (range && (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED'))
            blocks.push({ start: range[0], end: range[1] });
        },
      });
    }
  } catch {
    return false;
  }
  let at = 0;
  return scanOtherActions(text).every(({ start, end }) => {
    while (at < blocks.length && (blocks[at]?.end ?? 0) < end) at += 1;
    const block = blocks[at];
    return (block !== undefined && block.start <= start) || inComment(text, start);
  });
}

function inComment(text: string, offset: number): boolean {
  // A comment that goes on for longer before its action is looked at as a template, which Helm will judge.
  const near = text.slice(Math.max(0, offset - 4096), offset);
  return /^\s*#/.test(near.slice(near.lastIndexOf('\n') + 1)) && (near.includes('\n') || offset <= 4096);
}

/** A chart of one template, so that Helm renders a manifest with the pack's values for it. */
export function chartAround(name: string, template: string, values: JsonObject, context: MacroContext): Files {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const legacy = LEGACY.test(template);
  const closed = template.replaceAll(LONE_BRACES, '$1{{- $2 }}$3');
  return new Map([
    ['Chart.yaml', encode(JSON.stringify({ apiVersion: 'v2', name, version: '0.0.0' }))],
    ['values.yaml', encode(JSON.stringify(legacy ? { ...values, [SPECTRO]: spectroObject(context) } : values))],
    ['templates/manifest.yaml', encode(legacy ? closed.replaceAll(LEGACY_ALL, `$.Values.${SPECTRO}.`) : closed)],
  ]);
}

/**
 * A line with an `end` or `else` between single braces, as packs in the wild have it: it is no YAML, so
 * nothing else can be meant than the action.
 */
export const LONE_BRACES = /^([ \t]*)\{-[ \t]*(end|else)[ \t]*-?\}([ \t]*)$/gm;

/** What the manifests of older packs read as `.Spectro.cluster` and `.Spectro.apiServer`. */
function spectroObject({ system }: MacroContext): JsonObject {
  return {
    cluster: system['cluster.name'] ?? '',
    apiServer: system['cluster.apiserver'] ?? system['cluster.kubevip'] ?? '',
  };
}

const SPECTRO = 'spectro__';
const LEGACY = /(?<![\w.)\]"'`])\$?\.Spectro\./;
const LEGACY_ALL = new RegExp(LEGACY, 'g');
