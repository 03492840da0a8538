import { readFileSync } from 'node:fs';

import * as z from 'zod';

import type { CtyObject } from '#resources/engine/cty';
import type { Diagnostic } from '#resources/engine/diagnostic';
import { diagnosticAt } from '#resources/engine/diagnostic';
import { UNKNOWN, tf } from '#resources/engine/index';
import { objectModel } from '#resources/engine/model';
import { toTyped } from '#resources/engine/state-conversion';

/** The `provider "spectrocloud"` block. Names and types are the official provider's. */
export const providerSchema = z.object({
  host: z
    .string()
    .optional()
    .describe(
      'Host of the API, with a port perhaps; environment variable SPECTROCLOUD_HOST. Default: api.spectrocloud.com.',
    ),
  apiKey: tf(z.string().optional(), { sensitive: true }).describe(
    'API key of a user; environment variable SPECTROCLOUD_APIKEY.',
  ),
  projectName: z
    .string()
    .optional()
    .describe(
      'Project that resources live in whose context is `project`; empty for the tenant alone. Default: Default.',
    ),
  ignoreInsecureTlsError: z
    .boolean()
    .optional()
    .describe(
      'Leaves the certificate of the API unverified. Better: name its authority in environment variable SPECTROCLOUD_CA_FILE.',
    ),
  retryAttempts: z
    .int()
    .min(0)
    .optional()
    .describe(
      'How often a call is tried again, within a minute; environment variable SPECTROCLOUD_RETRY_ATTEMPTS. Default: 10.',
    ),
  trace: z
    .boolean()
    .optional()
    .describe(
      'Logs every call, without secrets, where TF_LOG asks for a log; environment variable SPECTROCLOUD_TRACE.',
    ),
  featureFlag: z.record(z.string(), z.boolean()).optional().describe('Switches of behaviour, by name.'),
  featurePreview: z
    .record(z.string(), z.boolean())
    .optional()
    .describe('Switches of what is not settled yet, by name.'),
});

export const providerModel = objectModel(providerSchema, 'provider');

/** Everything that the provider is told, from its block and the environment. */
export interface ProviderSettings {
  readonly host: string;
  readonly apiKey: string;
  /** Empty: none. */
  readonly projectName: string;
  readonly insecure: boolean;
  /** PEM certificates of the authorities to trust instead of the system's. */
  readonly ca: string | undefined;
  readonly retryAttempts: number;
  readonly trace: boolean;
  readonly featureFlags: Readonly<Record<string, boolean>>;
  readonly featurePreviews: Readonly<Record<string, boolean>>;
}

export type SettingsOutcome =
  | { readonly kind: 'settings'; readonly settings: ProviderSettings }
  /** A setting comes from a resource that does not exist yet. Only possible in a plan. */
  | { readonly kind: 'unknown'; readonly setting: string }
  | { readonly kind: 'invalid'; readonly diagnostic: Diagnostic };

const DEFAULTS = { host: 'api.spectrocloud.com', projectName: 'Default', retryAttempts: 10 } as const;

const ESSENTIAL = ['host', 'apiKey', 'projectName', 'ignoreInsecureTlsError'] as const;

/** Reads the settings: the block wins over the environment. Reports the first thing that is wrong. */
export function readSettings(config: CtyObject, env: NodeJS.ProcessEnv): SettingsOutcome {
  // as: toTyped makes these from the very schema; any of them may be UNKNOWN in a plan
  const given = toTyped(providerModel, config, { unknown: 'keep' }) as Partial<z.output<typeof providerSchema>>;
  const unknown = ESSENTIAL.find((key) => (given[key] as unknown) === UNKNOWN); // as unknown: see above
  if (unknown !== undefined) return { kind: 'unknown', setting: unknown };
  const invalid = (key: keyof typeof given, summary: string, detail: string): SettingsOutcome => ({
    kind: 'invalid',
    diagnostic: diagnosticAt(providerModel, 'error', summary, detail, [key]),
  });

  const apiKey = given.apiKey ?? env['SPECTROCLOUD_APIKEY'] ?? '';
  if (apiKey === '') {
    return invalid(
      'apiKey',
      'No API key',
      'Set `api_key` in the provider block, or environment variable SPECTROCLOUD_APIKEY, to an API key of a user.',
    );
  }
  if (/[^\x21-\x7e]/.test(apiKey)) {
    return invalid(
      'apiKey',
      'Invalid API key',
      'The API key has a blank, a line break or another character that no key has: look for one at its end.',
    );
  }
  const attempts = known(given.retryAttempts) ?? env['SPECTROCLOUD_RETRY_ATTEMPTS'] ?? DEFAULTS.retryAttempts;
  const retryAttempts =
    typeof attempts === 'string' && attempts.trim() === '' ? DEFAULTS.retryAttempts : Number(attempts);
  if (!Number.isInteger(retryAttempts) || retryAttempts < 0) {
    return invalid(
      'retryAttempts',
      'Invalid number of retries',
      `Expected a whole number from 0, got ${JSON.stringify(attempts)}: correct \`retry_attempts\` or environment variable SPECTROCLOUD_RETRY_ATTEMPTS.`,
    );
  }
  const caFile = env['SPECTROCLOUD_CA_FILE'];
  let ca: string | undefined;
  if (caFile !== undefined && caFile !== '') {
    try {
      ca = readFileSync(caFile, 'utf8');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return invalid(
        'host',
        'The CA file cannot be read',
        `Environment variable SPECTROCLOUD_CA_FILE names ${caFile}: ${reason}. Correct it or unset it.`,
      );
    }
    if (!ca.includes('-----BEGIN CERTIFICATE-----')) {
      return invalid(
        'host',
        'The CA file has no certificate',
        `Environment variable SPECTROCLOUD_CA_FILE names ${caFile}, which has to hold certificates in PEM form.`,
      );
    }
  }
  return {
    kind: 'settings',
    settings: {
      host: given.host ?? nonEmpty(env['SPECTROCLOUD_HOST']) ?? DEFAULTS.host,
      apiKey,
      projectName: given.projectName ?? DEFAULTS.projectName,
      insecure: given.ignoreInsecureTlsError ?? false,
      ca,
      retryAttempts,
      trace: known(given.trace) ?? /^(1|t|true)$/i.test(env['SPECTROCLOUD_TRACE'] ?? ''),
      featureFlags: switches(given.featureFlag),
      featurePreviews: switches(given.featurePreview),
    },
  };
}

/** Of a setting that no call depends on, an unknown value counts as none. */
function known<T>(value: T | undefined): T | undefined {
  return (value as unknown) === UNKNOWN ? undefined : value; // as: see readSettings
}

function switches(given: Readonly<Record<string, boolean>> | undefined): Record<string, boolean> {
  return Object.fromEntries(Object.entries(known(given) ?? {}).filter(([, value]) => known(value) !== undefined));
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
