import type { ConfigValues } from '#resources/engine/index';

import { providerModel, type providerSchema } from '../terraform/provider-config.ts';
import { TerraformProvider, type Construct } from './cdktf.ts';
import { toHcl, toTerraform } from './to-terraform.ts';
import type { Tokenized } from './types.ts';

type ProviderArguments = ConfigValues<typeof providerSchema>;

/** What the provider block takes. Whatever is left out comes from the environment. */
export type SpectrocloudProviderConfig = {
  readonly [K in keyof ProviderArguments]: Tokenized<ProviderArguments[K]>;
} & {
  /** Name of this configuration, when a stack has more than one. */
  readonly alias?: string;
};

/** Where the provider is found; the official one has the same address. */
const SOURCE = 'spectrocloud/spectrocloud';

/**
 * The provider of a stack.
 *
 * @example
 * new SpectrocloudProvider(this, 'palette', { projectName: 'team-a' });
 */
export class SpectrocloudProvider extends TerraformProvider {
  static readonly tfResourceType = 'spectrocloud';
  readonly #arguments: Record<string, unknown>;
  #alias: string | undefined;

  constructor(scope: Construct, id: string, config: SpectrocloudProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'spectrocloud',
      terraformGeneratorMetadata: { providerName: 'spectrocloud' },
      terraformProviderSource: SOURCE,
    });
    const { alias, ...own } = config;
    this.#alias = alias;
    this.#arguments = toTerraform(providerModel, own, `provider "${id}"`);
  }

  override get alias(): string | undefined {
    return this.#alias;
  }

  override set alias(alias: string | undefined) {
    this.#alias = alias;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return this.#arguments;
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHcl(providerModel, this.#arguments);
  }
}
