import { CliError } from '#cli/cli-error';
import type { Schemas } from '#openapi/client/index';
import type { ProfileDocument } from '#profiles/document';
import type { LoadedProfile } from '#profiles/load/load-profiles';
import { checkPolicy } from '#profiles/policy/check-policy';
import { titleOf } from '#profiles/problem';
import { renderResolved } from '#profiles/render/render-profile';
import { resolveProfile } from '#profiles/render/resolve-profile';

import { writePublished, type ResultFormat } from './profile-reference.ts';
import type { SourceOptions } from './profile-options.ts';
import { withWorkbench, type Workbench } from './profile-sources.ts';

export interface PublishOptions extends SourceOptions {
  readonly output: ResultFormat;
  readonly dryRun?: true;
}

/** Publishes every profile of a file, or none. @throws CliError, ProfileError, ApiError with the differences. */
export async function publish(file: string, options: PublishOptions): Promise<void> {
  const dryRun = options.dryRun === true;
  const published = await withWorkbench(options, async (bench) => {
    const profiles = await Promise.all((await bench.load(file)).map(async (profile) => toPublish(profile, bench)));
    const { client, scope } = await bench.client();
    const send = async (document: ProfileDocument, dry: boolean): Promise<Schemas['PublishedProfileVersion']> =>
      client.post('/v1/profileversions', {
        // zod's optional fields admit `undefined`, the contract's leave the key out; JSON makes them equal
        body: { profile: document as Schemas['ProfileDocument'], dryRun: dry },
        scope,
        signal: bench.signal,
        // The plane may render for its policies; what is published twice is published once.
        repeatable: true,
      });
    // All are looked at before the first is published.
    const looked: Schemas['PublishedProfileVersion'][] = [];
    for (const document of profiles) looked.push(await send(document, true));
    if (dryRun) return looked;
    const done: Schemas['PublishedProfileVersion'][] = [];
    for (const document of profiles) done.push(await send(document, false));
    return done;
  });
  writePublished(published, { output: options.output, dryRun });
}

/** The document with every pack found, and seen by the rules that its program attached. */
async function toPublish({ document, policies }: LoadedProfile, bench: Workbench): Promise<ProfileDocument> {
  const open = document.layers.some(({ type, resolved }) => type !== 'manifest' && resolved === undefined);
  if (!open && policies.length === 0) return document;
  const resolved = await resolveProfile(document, bench);
  if (policies.length > 0) {
    const rendered = await renderResolved(resolved, {
      source: bench.source,
      renderer: await bench.renderer(),
      signal: bench.signal,
    });
    const errors = checkPolicy(rendered, policies).filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      const lines = errors.map(
        ({ layer, object, field, message, rule }) =>
          `  ${layer}: ${object.kind} ${object.name}${field === undefined ? '' : `, ${field}`}: ${message} (${rule})`,
      );
      throw new CliError(`nothing was published, ${titleOf(document)} breaks its own policies:\n${lines.join('\n')}`);
    }
  }
  return resolved.document;
}
