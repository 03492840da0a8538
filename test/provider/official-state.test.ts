import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { startReattachProvider, type ReattachProvider } from '#provider/terraform/testing/start-reattach-provider';

import { startFakeApi, type FakeApi } from './support/fake-api.ts';
import { createWorkspace } from './support/workspace.ts';

jest.setTimeout(120_000);

let api: FakeApi;
let provider: ReattachProvider;

beforeAll(async () => {
  api = await startFakeApi();
  provider = await startReattachProvider();
});

afterAll(async () => {
  await provider.close();
  await api.close();
});

interface Case {
  readonly type: string;
  readonly version: number;
  readonly config: string;
  /** As the official provider (plugin SDK 2) stores it: defaults in it, empty texts where nothing was set. */
  readonly attributes: object;
  /** Terraform marks these in a state, and takes a missing mark for a change. */
  readonly sensitive?: readonly string[];
}

const UID = '6650a1b2c3d4e5f601234567';

const cases: Case[] = [
  {
    type: 'spectrocloud_cluster_profile',
    version: 0,
    config: `
      name = "base"
      tags = ["env:dev"]
      pack {
        name   = "kubernetes"
        tag    = "1.30.x"
        uid    = "pack-1"
        values = "\\n  pack:\\n    a: 1\\n"
      }
      pack {
        name = "manifests"
        type = "manifest"
        manifest {
          name    = "one"
          content = "kind: ConfigMap\\n"
        }
      }
      profile_variables {
        variable {
          name         = "size"
          display_name = "Size"
        }
      }
    `,
    attributes: {
      cloud: 'all',
      context: 'project',
      description: '',
      id: UID,
      name: 'base',
      skip_destroy: false,
      tags: ['env:dev'],
      timeouts: null,
      type: 'add-on',
      version: '1.0.0',
      pack: [
        {
          manifest: [],
          name: 'kubernetes',
          registry_name: '',
          registry_uid: '',
          tag: '1.30.x',
          type: 'spectro',
          uid: 'pack-1',
          values: 'pack:\n    a: 1',
        },
        {
          manifest: [{ content: 'kind: ConfigMap', name: 'one', uid: 'm-1' }],
          name: 'manifests',
          registry_name: '',
          registry_uid: '',
          tag: '',
          type: 'manifest',
          uid: 'spectro-manifest-pack',
          values: '',
        },
      ],
      profile_variables: [
        {
          variable: [
            {
              default_value: '',
              description: '',
              display_name: 'Size',
              format: 'string',
              hidden: false,
              immutable: false,
              input_type: 'text',
              is_sensitive: false,
              name: 'size',
              options: [],
              regex: '',
              required: false,
            },
          ],
        },
      ],
    },
  },
  {
    type: 'spectrocloud_macros',
    version: 1,
    config: 'macros = {\n  region = "eu"\n}',
    attributes: { context: 'tenant', id: `tenant-macros-${UID}`, macros: { region: 'eu' }, timeouts: null },
  },
  {
    type: 'spectrocloud_registration_token',
    version: 2,
    sensitive: ['token'],
    config: 'name = "edge"\nexpiry_date = "2030-01-31"',
    attributes: {
      description: '',
      expiry_date: '2030-01-31',
      id: UID,
      name: 'edge',
      project_uid: '',
      status: 'active',
      timeouts: null,
      token: 'a-token',
    },
  },
  {
    type: 'spectrocloud_cloudaccount_aws',
    version: 0,
    sensitive: ['aws_secret_key', 'aws_secured_access_key', 'external_id'],
    config: 'name = "aws"\ntype = "sts"\narn = "arn:aws:iam::1:role/x"\nexternal_id = "e"\npolicy_arns = ["b", "a"]',
    attributes: {
      arn: 'arn:aws:iam::1:role/x',
      aws_access_key: null,
      aws_secret_key: null,
      aws_secured_access_key: null,
      context: 'project',
      external_id: 'e',
      id: UID,
      name: 'aws',
      partition: 'aws',
      permission_boundary_arn: '',
      policy_arns: ['a', 'b'],
      private_cloud_gateway_id: '',
      role_arn: null,
      type: 'sts',
    },
  },
  {
    type: 'spectrocloud_cluster_brownfield',
    version: 2,
    config: `
      name       = "imported"
      cloud_type = "generic"
      cluster_profile {
        id = "${UID}"
        pack {
          name   = "web"
          values = "a: 1\\n"
        }
      }
      namespaces {
        name = "shop"
        resource_allocation = { cpu_cores = "2" }
      }
      backup_policy {
        prefix             = "p"
        backup_location_id = "${UID}"
        schedule           = "0 0 * * *"
        expiry_in_hour     = 72
      }
    `,
    attributes: {
      apply_setting: 'DownloadAndInstall',
      backup_policy: [
        {
          backup_location_id: UID,
          cluster_uids: null,
          expiry_in_hour: 72,
          include_all_clusters: null,
          include_cluster_resources: true,
          include_cluster_resources_mode: '',
          include_disks: true,
          namespaces: [],
          prefix: 'p',
          schedule: '0 0 * * *',
        },
      ],
      cloud_config_id: 'cc-1',
      cloud_type: 'generic',
      cluster_rbac_binding: [],
      cluster_timezone: '',
      container_mount_path: '',
      context: 'project',
      cluster_profile: [
        {
          id: UID,
          variables: null,
          pack: [
            {
              manifest: [],
              name: 'web',
              registry_name: '',
              registry_uid: '',
              tag: '',
              type: 'spectro',
              uid: 'pack-1',
              values: 'a: 1',
            },
          ],
        },
      ],
      description: '',
      force_delete: false,
      force_delete_delay: 20,
      health_status: 'Healthy',
      host_config: [],
      host_path: '',
      id: UID,
      import_mode: '',
      kubectl_command: 'kubectl apply -f x',
      location_config: [
        { country_code: '', country_name: '', latitude: 1.25, longitude: -0.5, region_code: '', region_name: '' },
      ],
      machine_pool: [],
      manifest_url: 'x',
      name: 'imported',
      namespaces: [{ name: 'shop', resource_allocation: { cpu_cores: '2' } }],
      no_proxy: '',
      pause_agent_upgrades: 'unlock',
      proxy: '',
      renew_k8s_certificates_now: null,
      review_repave_state: '',
      scan_policy: [],
      skip_completion: false,
      status: 'Running',
      tags: null,
      timeouts: null,
    },
  },
];

describe('a state of the official provider', () => {
  it.each(cases)('of $type leaves nothing to do', async ({ type, version, config, attributes, sensitive }) => {
    const ws = createWorkspace({ env: provider.env });
    const settings = `host = "${api.host}"\n  api_key = "${api.apiKey}"\n  ignore_insecure_tls_error = true`;
    ws.write('main.tf', `provider "spectrocloud" {\n  ${settings}\n}\nresource "${type}" "it" {\n${config}\n}\n`);
    const instance = {
      schema_version: version,
      attributes,
      sensitive_attributes: (sensitive ?? []).map((value) => [{ type: 'get_attr', value }]),
      private: Buffer.from(`{"schema_version":"${version}"}`).toString('base64'),
    };
    const resource = {
      mode: 'managed',
      type,
      name: 'it',
      provider: 'provider["registry.terraform.io/spectrocloud/spectrocloud"]',
      instances: [instance],
    };
    ws.write(
      'terraform.tfstate',
      JSON.stringify({
        version: 4,
        terraform_version: '1.11.4',
        serial: 1,
        lineage: 'l',
        outputs: {},
        resources: [resource],
      }),
    );
    // Without a refresh: what the API says is not the question here.
    expect(await ws.run('plan', '-refresh=false', '-detailed-exitcode')).toMatchObject({
      code: 0,
      output: expect.stringContaining('No changes'),
    });
    ws.remove();
  });
});
