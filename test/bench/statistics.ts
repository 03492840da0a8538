/** The value below which the given part of the samples lies (nearest rank). */
export function percentile(samples: readonly number[], part: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** Milliseconds, readable: `12.3 ms`, `1.23 s`. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`;
}

/** One line of the table: what was measured, the figure, and the target where there is one. */
export interface Row {
  readonly bench: string;
  readonly measure: string;
  readonly figure: string;
  readonly target?: string;
  readonly met?: boolean;
}

/** Rows as a table for people. */
export function formatRows(rows: readonly Row[]): string {
  const cells = [
    ['bench', 'measure', 'figure', 'target', ''],
    ...rows.map((row) => [
      row.bench,
      row.measure,
      row.figure,
      row.target ?? '',
      row.met === undefined ? '' : row.met ? 'met' : 'MISSED',
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
