import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';

import { UNKNOWN, type CtyObject } from '#resources/engine/cty';

import { readSettings } from './provider-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'palette-settings-'));
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, '-----BEGIN CERTIFICATE-----\n');
const notPem = join(folder, 'not.pem');
writeFileSync(notPem, 'hello');

afterAll(() => rmSync(folder, { recursive: true }));

const key = { SPECTROCLOUD_APIKEY: 'from-env' };

describe('readSettings', () => {
  it('has defaults for all but the key', () => {
    expect(readSettings({}, key)).toEqual({
      kind: 'settings',
      settings: {
        host: 'api.spectrocloud.com',
        apiKey: 'from-env',
        projectName: 'Default',
        insecure: false,
        ca: undefined,
        retryAttempts: 10,
        trace: false,
        featureFlags: {},
        featurePreviews: {},
      },
    });
  });

  it('lets the block win over the environment', () => {
    const env = {
      ...key,
      SPECTROCLOUD_HOST: 'env',
      SPECTROCLOUD_RETRY_ATTEMPTS: '2',
      SPECTROCLOUD_TRACE: 'true',
      SPECTROCLOUD_CA_FILE: caFile,
    };
    expect(readSettings({}, env)).toMatchObject({
      settings: { host: 'env', retryAttempts: 2, trace: true, ca: expect.any(String) },
    });
    const block: CtyObject = {
      host: 'block',
      api_key: 'k',
      retry_attempts: 0,
      trace: false,
      project_name: '',
      feature_flag: { a: true, b: UNKNOWN },
    };
    expect(readSettings(block, env)).toMatchObject({
      settings: {
        host: 'block',
        apiKey: 'k',
        retryAttempts: 0,
        trace: false,
        projectName: '',
        featureFlags: { a: true },
      },
    });
  });

  it.each<{ name: string; config: CtyObject; env: NodeJS.ProcessEnv; want: object }>([
    { name: 'no key', config: {}, env: {}, want: { kind: 'invalid', diagnostic: { summary: 'No API key' } } },
    {
      name: 'a key with a line break',
      config: { api_key: 'k\n' },
      env: {},
      want: { kind: 'invalid', diagnostic: { summary: 'Invalid API key' } },
    },
    {
      name: 'a negative number of retries',
      config: { retry_attempts: -1 },
      env: key,
      want: { diagnostic: { summary: 'Invalid number of retries' } },
    },
    {
      name: 'a CA file without a certificate',
      config: {},
      env: { ...key, SPECTROCLOUD_CA_FILE: notPem },
      want: { diagnostic: { summary: 'The CA file has no certificate' } },
    },
    {
      name: 'a host that is not known yet',
      config: { host: UNKNOWN },
      env: key,
      want: { kind: 'unknown', setting: 'host' },
    },
    {
      name: 'a key that is not known yet',
      config: { api_key: UNKNOWN },
      env: key,
      want: { kind: 'unknown', setting: 'apiKey' },
    },
    {
      name: 'a number of retries that is not known yet',
      config: { retry_attempts: UNKNOWN },
      env: key,
      want: { kind: 'settings', settings: { retryAttempts: 10 } },
    },
  ])('tells $name', ({ config, env, want }) => {
    expect(readSettings(config, env)).toMatchObject(want);
  });

  it('never shows a key in what it says about one', () => {
    expect(JSON.stringify(readSettings({ api_key: 'hunter2 ' }, {}))).not.toContain('hunter2');
  });
});
