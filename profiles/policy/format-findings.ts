/** What rules found, for people and for pull requests. */
import { printable } from '#core/printable';
import { describeRef } from '#kubernetes/object';

import { escapeMarkdown } from '../diff/markdown.ts';
import type { PolicyFinding } from './policy.ts';

/** `error: layer web: Deployment shop/web, spec.replicas: message (rule)`. */
export function findingLine({ severity, layer, object, field, message, rule }: PolicyFinding): string {
  return printable(
    `${severity}: layer ${layer}: ${describeRef(object)}${field === undefined ? '' : `, ${field}`}: ${message} (${rule})`,
  );
}

/** A table, errors first. */
export function findingsMarkdown(findings: readonly PolicyFinding[]): string {
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  const rows = sorted.map(({ severity, layer, object, field, message, rule }) =>
    [
      severity === 'error' ? '**error**' : 'warning',
      escapeMarkdown(layer),
      escapeMarkdown(describeRef(object)),
      field === undefined ? '' : escapeMarkdown(field),
      escapeMarkdown(message),
      escapeMarkdown(rule),
    ].join(' | '),
  );
  return [
    '| | layer | object | field | finding | rule |',
    '|---|---|---|---|---|---|',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function rank({ severity }: PolicyFinding): number {
  return severity === 'error' ? 0 : 1;
}

/** `2 errors, 1 warning`; `nothing found`. */
export function countFindings(findings: readonly PolicyFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const parts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return parts.join(', ') || 'nothing found';
}
