import { readFile, stat } from 'node:fs/promises';

import { readIfThere } from '#cli/atomic-file';
import { CliError } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { formatTable, write, writeJson } from '#cli/output';
import type { PaletteClient } from '#openapi/client/index';
import { formatProblem, hasErrors, packArchive } from '#packs/index';

import type { ApiOptions, OutputOptions } from './options.ts';
import { problemsOf } from './pack-lint.ts';

const TENANT = { kind: 'tenant' } as const;

/** Checks all packs before it pushes the first. @throws CliError that names file and line of what is wrong. */
export async function push(
  paths: readonly string[],
  options: ApiOptions & OutputOptions & { readonly registry?: string },
): Promise<void> {
  for (const path of paths) {
    const problems = await problemsOf(path);
    if (hasErrors(problems)) {
      const errors = problems
        .filter(({ severity }) => severity === 'error')
        .map((problem) => `${path}: ${formatProblem(problem)}`);
      throw new CliError(`nothing was pushed, ${path} is not a valid pack:\n${errors.join('\n')}`, {
        hint: `\`palette pack lint ${path}\` checks it again.`,
      });
    }
  }
  const client = await connect(options);
  try {
    const registry = await findRegistry(client, options.registry);
    const pushed = [];
    for (const path of paths) {
      const isFolder = (await stat(path)).isDirectory();
      const body = isFolder ? await packArchive(path) : await readFile(path);
      // Over these very bytes: what a folder is packed into here may be signed elsewhere only by chance.
      const signature = isFolder ? undefined : (await readIfThere(`${path}.sig`))?.trim();
      pushed.push(
        await client.put('/v1/registries/pack/{uid}/packs', {
          path: { uid: registry.uid },
          body: new Uint8Array(body),
          scope: TENANT,
          ...(signature === undefined ? {} : { signature }),
        }),
      );
    }
    if (options.output === 'json') writeJson(pushed);
    else
      write(
        formatTable(
          ['name', 'version', 'uid', 'digest'],
          pushed.map(({ name, version, uid, digest }) => [name, version, uid, digest]),
          'nothing pushed',
        ),
      );
  } finally {
    client.close();
  }
}

async function findRegistry(client: PaletteClient, name: string | undefined): Promise<{ readonly uid: string }> {
  const { items } = await client.get('/v1/registries/metadata', { scope: TENANT });
  const registries = (items ?? []).filter(({ kind }) => kind === 'pack');
  const found =
    name === undefined
      ? (registries.find(({ isDefault }) => isDefault === true) ?? registries[0])
      : registries.find((registry) => registry.name === name);
  if (found?.uid !== undefined) return { uid: found.uid };
  throw new CliError(
    name === undefined ? 'the API has no pack registry' : `there is no pack registry named ${JSON.stringify(name)}`,
    {
      hint: `There are: ${registries.map((registry) => registry.name).join(', ') || 'none'}.`,
    },
  );
}
