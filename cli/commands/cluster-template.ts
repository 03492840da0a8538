import { CliError, exitCodes } from '#cli/cli-error';
import { write, writeJson } from '#cli/output';
import type { PaletteClient, Scope } from '#openapi/client/index';

import { findCluster, withClient } from './cluster-read.ts';
import type { ApiOptions, OutputOptions } from './options.ts';

export interface TemplateOptions extends ApiOptions, OutputOptions {
  readonly project?: string;
  readonly none?: boolean;
  /** Values of the cluster's own, each `NAME=VALUE`. */
  readonly set?: readonly string[];
}

/** Makes a cluster follow a template, or none, or says which it follows. */
export async function followTemplate(
  name: string,
  template: string | undefined,
  options: TemplateOptions,
): Promise<void> {
  if (template !== undefined && options.none === true)
    throw new CliError('give a template or --none, not both', { exitCode: exitCodes.usage });
  await withClient(options, async (client, scope) => {
    const { uid, name: clusterName } = await findCluster(client, scope, name);
    const cluster = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope });
    const projectUid = cluster.metadata?.annotations?.['projectUid'] ?? '';
    const project = { kind: 'project', projectUid } as const;
    if (template === undefined && options.none !== true) {
      await tell(client, project, { uid, name: clusterName }, cluster.spec?.clusterTemplate?.uid, options);
      return;
    }
    const templateUid = template === undefined ? '' : await findTemplate(client, project, template);
    await client.put('/v1/spectroclusters/{uid}/clusterTemplate', {
      path: { uid },
      body: { uid: templateUid, profiles: await profilesWith(client, project, templateUid, options.set ?? []) },
      scope: project,
    });
    await tell(client, project, { uid, name: clusterName }, templateUid, options);
  });
}

async function tell(
  client: PaletteClient,
  scope: Scope,
  cluster: { readonly uid: string; readonly name: string },
  templateUid: string | undefined,
  { output }: OutputOptions,
): Promise<void> {
  if (templateUid === undefined || templateUid === '') {
    if (output === 'json') writeJson({ cluster, template: null });
    else write(`${cluster.name} follows no template`);
    return;
  }
  const { metadata, status } = await client.get('/v1/clusterTemplates/{uid}', { path: { uid: templateUid }, scope });
  const { status: stand } = await client.get('/v1/clusterTemplates/{uid}/spectroclusters/{clusterUid}/reconcile', {
    path: { uid: templateUid, clusterUid: cluster.uid },
    scope,
  });
  const next = status?.maintenance?.nextWindowStartTime;
  const said = {
    name: metadata?.name ?? '',
    uid: templateUid,
    state: stand?.state ?? '',
    message: stand?.message ?? '',
  };
  if (output === 'json')
    writeJson({ cluster, template: { ...said, ...(next === undefined ? {} : { nextWindow: next }) } });
  else
    write(
      [
        `${cluster.name} follows ${said.name}: ${said.state}`,
        ...(said.message === '' ? [] : [said.message]),
        ...(next === undefined ? [] : [`next window: ${next}`]),
      ].join('\n'),
    );
}

async function findTemplate(client: PaletteClient, scope: Scope, idOrName: string): Promise<string> {
  const { items } = await client.get('/v1/dashboard/clusterTemplates/metadata', { scope });
  const [found, ...others] = items.filter(({ uid, name }) => uid === idOrName || name === idOrName);
  if (found?.uid === undefined)
    throw new CliError(`there is no cluster template ${JSON.stringify(idOrName)}`, {
      hint: items.length === 0 ? 'There are none here.' : `There are: ${items.map(({ name }) => name).join(', ')}.`,
    });
  if (others.length > 0)
    throw new CliError(`${others.length + 1} cluster templates are named ${JSON.stringify(idOrName)}`, {
      hint: `Give the identifier: ${[found, ...others].map(({ uid }) => uid).join(', ')}.`,
    });
  return found.uid;
}

/** Each value goes to the profiles of the template that define the variable. */
async function profilesWith(
  client: PaletteClient,
  scope: Scope,
  templateUid: string,
  set: readonly string[],
): Promise<{ uid: string; variables: { name: string; value: string }[] }[]> {
  if (templateUid === '' || set.length === 0) return [];
  const values = new Map(set.map(readValue));
  const template = await client.get('/v1/clusterTemplates/{uid}', { path: { uid: templateUid }, scope });
  const profiles: { uid: string; variables: { name: string; value: string }[] }[] = [];
  for (const { uid = '' } of template.spec?.profiles ?? []) {
    const { variables = [] } = await client.get('/v1/clusterprofiles/{uid}/variables', { path: { uid }, scope });
    const own = variables.flatMap(({ name }) => (values.has(name) ? [{ name, value: values.get(name) ?? '' }] : []));
    if (own.length > 0) profiles.push({ uid, variables: own });
  }
  const unknown = [...values.keys()].filter(
    (name) => !profiles.some(({ variables }) => variables.some((variable) => variable.name === name)),
  );
  if (unknown.length > 0)
    throw new CliError(`no profile of the template defines ${unknown.join(', ')}`, {
      hint: 'Look at the variables of its profiles.',
    });
  return profiles;
}

function readValue(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new CliError(`--set ${text}: expected NAME=VALUE`, { exitCode: exitCodes.usage });
  return [text.slice(0, at), text.slice(at + 1)];
}
