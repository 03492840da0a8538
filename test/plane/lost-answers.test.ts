/** Terraform against a real plane, over a way that loses the first answer to every POST. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createClient, type Fetch } from '#openapi/client/index';
import { createHttpsFetch } from '#openapi/client/https-fetch';
import { startReattachProvider, type ReattachProvider } from '#provider/terraform/testing/start-reattach-provider';
import { createWorkspace, type Workspace } from '#test/provider/support/workspace';
import { startWholePlane, type TestPlane } from '#test/support/plane';

const CONFIG = `
resource "spectrocloud_project" "p" {
  name = "lost-answers"
}
resource "spectrocloud_macros" "m" {
  context = "project"
  macros  = { region = "eu" }
}
resource "spectrocloud_registration_token" "t" {
  name        = "lost-answers"
  expiry_date = "2099-12-31"
}
resource "spectrocloud_cloudaccount_aws" "a" {
  name           = "lost-answers"
  aws_access_key = "AKIAIOSFODNN7EXAMPLE"
  aws_secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}
resource "spectrocloud_cluster_profile" "c" {
  name = "lost-answers"
  pack {
    name = "own"
    type = "manifest"
    manifest {
      name    = "settings"
      content = "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: settings, namespace: default}\\n"
    }
  }
}
resource "spectrocloud_backup_storage_location" "l" {
  name        = "lost-answers"
  bucket_name = "backups"
  region      = "eu-central-1"
  s3 {
    credential_type = "secret"
    access_key      = "AKIAIOSFODNN7EXAMPLE"
    secret_key      = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
  }
}
resource "spectrocloud_cluster_brownfield" "b" {
  name       = "lost-answers"
  cloud_type = "generic"
  timeouts {
    create = "10s" # no agent will come
  }
  backup_policy {
    prefix             = "nightly"
    backup_location_id = spectrocloud_backup_storage_location.l.id
    schedule           = "0 1 * * *"
    expiry_in_hour     = 24
  }
}
`;

describe('answers that get lost on the way', () => {
  let plane: TestPlane;
  let provider: ReattachProvider;
  let workspace: Workspace;
  const way: { close: () => void }[] = [];
  const lost: string[] = [];

  beforeAll(async () => {
    plane = await startWholePlane();
    const direct = createHttpsFetch({ ca: plane.ca });
    way.push(direct);
    const careless: Fetch = async (request) => {
      const response = await direct.fetch(request);
      const path = new URL(request.url).pathname.replaceAll(/[0-9a-f]{24}/g, '{uid}');
      if (request.method !== 'POST' || lost.includes(path)) return response;
      lost.push(path);
      const pieces: Uint8Array[] = [];
      for await (const piece of response.body) pieces.push(piece);
      throw Object.assign(new Error(`${Buffer.concat(pieces).length} bytes went nowhere`), { code: 'ECONNRESET' });
    };
    provider = await startReattachProvider({
      env: { SPECTROCLOUD_HOST: plane.host, SPECTROCLOUD_APIKEY: plane.apiKey },
      loadClient: async () => Promise.resolve((options) => createClient({ ...options, env: {}, fetch: careless })),
    });
    workspace = createWorkspace({ env: provider.env });
    workspace.write('main.tf', `provider "spectrocloud" {\n  project_name = "Default"\n}\n${CONFIG}`);
  }, 120_000);
  afterAll(async () => {
    workspace?.remove();
    await provider?.close();
    for (const one of way) one.close();
    await plane?.stop();
  }, 30_000);

  it('are asked for again: one apply makes each object once, and then nothing is left to do', async () => {
    const applied = await workspace.run('apply', '-auto-approve');
    expect(applied.output).toContain('Apply complete! Resources: 7 added');
    expect(lost.toSorted()).toEqual(
      [
        '/v1/bulk/clusterprofiles',
        '/v1/cloudaccounts/aws',
        '/v1/clouds/aws/account/validate',
        '/v1/clouds/aws/s3/validate',
        '/v1/clusterprofiles',
        '/v1/edgehosts/tokens',
        '/v1/projects',
        '/v1/projects/{uid}/macros',
        '/v1/spectroclusters/generic/import',
        '/v1/spectroclusters/{uid}/features/backup',
        '/v1/users/assets/locations/s3',
      ].toSorted(),
    );
    const plan = await workspace.run('plan', '-detailed-exitcode');
    expect({ code: plan.code, output: plan.code === 0 ? '' : plan.output }).toEqual({ code: 0, output: '' });
  }, 120_000);
});
