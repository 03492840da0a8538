import { eventually } from './fleet-support.ts';
import type { Answer, TestPlane } from './fleet-plane.ts';

/** The status of a registry, once a run has come to its end. */
export async function synced(
  plane: TestPlane,
  path: string,
  status: 'Success' | 'Failed' = 'Success',
): Promise<{ readonly status: string; readonly message: string }> {
  let last: Answer['body'];
  await eventually(
    `${path} is ${status}, and not ${JSON.stringify(last)}`,
    async () => {
      const answer = await plane.call(path);
      last = answer.body;
      return (
        last.status === status || (last.status === (status === 'Success' ? 'Failed' : 'Success') && last.lastRunTime)
      );
    },
    30_000,
  );
  return last;
}

export async function createHelmRegistry(
  plane: TestPlane,
  name: string,
  endpoint: string,
  auth: object = { type: 'noAuth' },
): Promise<string> {
  const created = await plane.call('/v1/registries/helm', {
    method: 'POST',
    body: { metadata: { name }, spec: { endpoint, isPrivate: false, auth } },
  });
  if (created.status !== 201) throw new Error(`the registry was not created: ${JSON.stringify(created.body)}`);
  return created.body.uid;
}
