import { describe, expect, it } from '@jest/globals';

import { readArchive } from '../archive/read-archive.ts';
import { writeArchive } from '../archive/write-archive.ts';
import { textOf, type Files } from '../files.ts';
import { textFiles } from '../testing/files.ts';
import { localChart } from './local-chart.ts';

const SCHEMA = '{"$ref":"http://127.0.0.1/x"}';

describe('a chart for Helm', () => {
  it('has no schema that refers to the network, however deep a subchart is', async () => {
    const inner = writeArchive(textFiles({ 'inner/Chart.yaml': 'name: inner', 'inner/values.schema.json': SCHEMA }));
    const middle = writeArchive(
      textFiles({
        'middle/Chart.yaml': 'name: middle',
        'middle/values.schema.json': SCHEMA,
        'middle/charts/inner-1.0.0.tgz': inner,
      }),
    );
    const chart = await localChart(
      textFiles({
        'Chart.yaml': 'name: outer',
        'values.schema.json': SCHEMA,
        'charts/beside/values.schema.json': SCHEMA,
        'charts/middle-1.0.0.tgz': middle,
      }),
    );
    const below = async (files: Files, path: string): Promise<Files> =>
      readArchive(files.get(path) ?? new Uint8Array());
    const middleFiles = await below(chart, 'charts/middle-1.0.0.tgz');
    const innerFiles = await below(middleFiles, 'middle/charts/inner-1.0.0.tgz');
    const schemas = [
      chart.get('values.schema.json'),
      chart.get('charts/beside/values.schema.json'),
      middleFiles.get('middle/values.schema.json'),
      innerFiles.get('inner/values.schema.json'),
    ];
    expect(schemas.map((schema) => schema && textOf(schema))).toEqual(['{}', '{}', '{}', '{}']);
    expect(innerFiles.get('inner/Chart.yaml')).toEqual(new TextEncoder().encode('name: inner'));
  });
});
