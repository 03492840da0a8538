import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { CliError, exitCodes } from '#cli/cli-error';
import { cacheFolder } from '#cli/folders';
import { formatTable, write, writeJson } from '#cli/output';
import { createProgress } from '#cli/progress';
import { buildFolder } from '#cli/toolchain/build-tool';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { findTool } from '#cli/toolchain/find-tool';
import { type ToolName, isToolName, toolNames, tools, userToolNames } from '#cli/toolchain/tools';
import { untilTold } from '#cli/until-told';

import type { OutputOptions } from './options.ts';

export async function listTools(options: OutputOptions): Promise<void> {
  const { signal } = untilTold();
  const lines = await Promise.all(
    userToolNames.map(async (name) => ({ name, needed: tools[name].range, ...(await whereIs(name, signal)) })),
  );
  if (options.output === 'json') writeJson(lines);
  else
    write(
      formatTable(
        ['name', 'needed', 'version', 'where'],
        lines.map(({ name, needed, version, where }) => [name, needed, version, where]),
        'no tools',
      ),
    );
}

export async function printPath(name: string): Promise<void> {
  const { signal } = untilTold();
  write(await ensureTool(known(name), { signal, onProgress: createProgress().note }));
}

export async function buildTools(names: readonly string[]): Promise<void> {
  const { signal } = untilTold();
  const progress = createProgress();
  for (const name of names.length === 0 ? userToolNames : names.map(known)) {
    const path = await ensureTool(name, { signal, onProgress: progress.note });
    progress.note(`${name}: ${path}`);
  }
}

async function whereIs(
  name: ToolName,
  signal: AbortSignal,
): Promise<{ readonly version: string; readonly where: string }> {
  const found = await findTool(name, { env: process.env, signal });
  if (found.kind === 'found') return { version: found.version, where: found.path };
  const { build } = tools[name];
  const path = join(await buildFolder(build, cacheFolder()), name);
  return existsSync(path)
    ? { version: name === 'etcd' ? `of ${build.version}` : build.version, where: path }
    : { version: '', where: `not here; \`palette tools build ${name}\`` };
}

function known(name: string): ToolName {
  if (isToolName(name)) return name;
  throw new CliError(`there is no tool ${JSON.stringify(name)}`, {
    hint: `There are: ${toolNames.join(', ')}.`,
    exitCode: exitCodes.usage,
  });
}
