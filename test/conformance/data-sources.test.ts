/** Every data source against the real plane. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { indexCharts, packageCharts, serveFolder } from '../support/chart-repository.ts';
import { temporaryFolder } from '../support/palette.ts';
import { any } from './support/expectations.ts';
import { fail, startBench, succeed, type Bench } from './support/terraform.ts';

jest.setTimeout(120_000);

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(async () => {
  await bench.stop();
});

/** The outputs of a configuration. */
async function outputsOf(config: string): Promise<Readonly<Record<string, unknown>>> {
  const ws = await bench.workspace(config);
  await succeed(ws.run('apply', '-auto-approve'));
  const outputs = JSON.parse(await succeed(ws.run('output', '-json'))) as Record<string, { value: unknown }>; // as: Terraform's documented form
  await succeed(ws.run('destroy', '-auto-approve'));
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

describe('data sources', () => {
  it('find registries, packs and projects', async () => {
    const found = await outputsOf(`
      data "spectrocloud_project" "default" {
        name = "Default"
      }
      data "spectrocloud_registry" "packs" {
        name = "Palette Registry"
      }
      data "spectrocloud_pack" "newest" {
        name         = "hello-chart"
        registry_uid = data.spectrocloud_registry.packs.id
      }
      data "spectrocloud_pack" "same" {
        id = data.spectrocloud_pack.newest.id
      }
      data "spectrocloud_pack" "filtered" {
        filters = "spec.name=guardrailsANDspec.version=1.0.0"
      }
      data "spectrocloud_pack" "searched" {
        name = "hello-chart"
        advance_filters {
          pack_layer = ["addon"]
          addon_type = ["app services"]
        }
      }
      output "project"  { value = data.spectrocloud_project.default }
      output "registry" { value = data.spectrocloud_registry.packs }
      output "newest"   { value = data.spectrocloud_pack.newest }
      output "same"     { value = data.spectrocloud_pack.same.name }
      output "filtered" { value = data.spectrocloud_pack.filtered.name }
      output "searched" { value = data.spectrocloud_pack.searched.id == data.spectrocloud_pack.newest.id }
    `);
    expect(found).toMatchObject({
      project: { id: bench.plane.project.projectUid, name: 'Default' },
      registry: { id: bench.plane.registryUid, name: 'Palette Registry' },
      newest: {
        name: 'hello-chart',
        version: '1.0.0',
        registry_uid: bench.plane.registryUid,
        values: any.text,
        type: 'spectro',
      },
      same: 'hello-chart',
      filtered: 'guardrails',
      searched: true,
    });
  });

  it('find registries of every kind, and charts in them', async () => {
    const folder = await temporaryFolder('charts');
    await packageCharts(folder.dir, [{ name: 'web', version: '1.0.0' }]);
    await indexCharts(folder.dir);
    const server = await serveFolder(folder.dir);
    try {
      const found = await outputsOf(`
        resource "spectrocloud_registry_helm" "charts" {
          name          = "charts"
          endpoint      = "${server.url}"
          is_private    = false
          wait_for_sync = true
          credentials {
            credential_type = "noAuth"
          }
        }
        resource "spectrocloud_registry_oci" "artifacts" {
          name       = "artifacts"
          type       = "basic"
          endpoint   = "https://registry.invalid"
          is_private = false
          credentials {
            credential_type = "noAuth"
          }
        }
        data "spectrocloud_registry_helm" "charts" {
          name = spectrocloud_registry_helm.charts.name
        }
        data "spectrocloud_registry_oci" "artifacts" {
          name = spectrocloud_registry_oci.artifacts.name
        }
        data "spectrocloud_registry_pack" "own" {
          name = "Palette Registry"
        }
        data "spectrocloud_registry" "charts" {
          name = spectrocloud_registry_helm.charts.name
          type = "helm"
        }
        data "spectrocloud_pack_simple" "web" {
          name         = "mine--web"
          type         = "helm"
          registry_uid = data.spectrocloud_registry_helm.charts.id
        }
        data "spectrocloud_pack" "web" {
          name         = "web"
          registry_uid = data.spectrocloud_registry_helm.charts.id
        }
        resource "spectrocloud_cluster_profile" "web" {
          name = "web"
          type = "add-on"
          pack {
            name         = "web"
            type         = "helm"
            tag          = "1.0.0"
            registry_uid = data.spectrocloud_registry_helm.charts.id
            values       = data.spectrocloud_pack.web.values
          }
        }
        output "found" {
          value = [
            data.spectrocloud_registry_helm.charts.id == spectrocloud_registry_helm.charts.id,
            data.spectrocloud_registry_oci.artifacts.id == spectrocloud_registry_oci.artifacts.id,
            data.spectrocloud_registry_pack.own.id,
            data.spectrocloud_registry.charts.sync_status,
          ]
        }
        output "simple" { value = data.spectrocloud_pack_simple.web }
        output "pack"   { value = data.spectrocloud_pack.web }
      `);
      expect(found).toMatchObject({
        found: [true, true, bench.plane.registryUid, 'Success'],
        simple: { name: 'mine--web', values: any.text },
        pack: { version: '1.0.0', type: 'helm', values: any.text },
      });
    } finally {
      await server.stop();
      await folder.remove();
    }
  });

  it('find cluster profiles and clusters', async () => {
    const found = await outputsOf(`
      resource "spectrocloud_cluster_profile" "base" {
        name    = "base"
        version = "1.2.0"
        pack {
          name = "own"
          type = "manifest"
          manifest {
            name    = "settings"
            content = "kind: ConfigMap\\napiVersion: v1\\nmetadata: {name: a}\\n"
          }
        }
      }
      resource "spectrocloud_cluster_brownfield" "edge" {
        name             = "edge"
        cloud_type       = "generic"
        cluster_timezone = "Europe/Vienna"
        skip_completion  = true
      }
      data "spectrocloud_cluster_profile" "base" {
        name       = spectrocloud_cluster_profile.base.name
        depends_on = [spectrocloud_cluster_profile.base]
      }
      data "spectrocloud_cluster" "edge" {
        name       = "edge"
        depends_on = [spectrocloud_cluster_brownfield.edge]
      }
      output "profile" { value = data.spectrocloud_cluster_profile.base }
      output "cluster" {
        value     = data.spectrocloud_cluster.edge
        sensitive = true
      }
    `);
    expect(found).toMatchObject({
      profile: {
        id: any.identifier,
        version: '1.2.0',
        pack: [
          {
            name: 'own',
            type: 'manifest',
            manifest: [{ name: 'settings', uid: any.identifier, content: expect.stringContaining('ConfigMap') }],
          },
        ],
      },
      cluster: {
        id: any.identifier,
        state: 'Pending',
        health: 'Unknown',
        cluster_timezone: 'Europe/Vienna',
        kube_config: '',
        admin_kube_config: '',
      },
    });
  });

  it('find what clusters share: application profiles, policies, templates and groups', async () => {
    const found = await outputsOf(`
      resource "spectrocloud_application_profile" "shop" {
        name    = "shop"
        version = "1.2.0"
        pack {
          name   = "web"
          type   = "container"
          values = "containerService: {image: nginx}"
        }
      }
      resource "spectrocloud_cluster_config_policy" "nights" {
        name = "nights"
        tags = ["team:web"]
        schedules {
          name         = "sundays"
          start_cron   = "0 2 * * SUN"
          duration_hrs = 4
        }
      }
      resource "spectrocloud_cluster_config_template" "shops" {
        name        = "shops"
        cloud_type  = "generic"
        description = "All shops"
        policy { id = spectrocloud_cluster_config_policy.nights.id }
      }
      resource "spectrocloud_cluster_group" "development" {
        name = "development"
        config {}
      }
      data "spectrocloud_application_profile" "shop" {
        name       = "shop"
        depends_on = [spectrocloud_application_profile.shop]
      }
      data "spectrocloud_cluster_config_policy" "nights" {
        name       = "nights"
        depends_on = [spectrocloud_cluster_config_policy.nights]
      }
      data "spectrocloud_cluster_config_template" "shops" {
        name       = "shops"
        depends_on = [spectrocloud_cluster_config_template.shops]
      }
      data "spectrocloud_cluster_group" "development" {
        name       = "development"
        depends_on = [spectrocloud_cluster_group.development]
      }
      output "shop"        { value = data.spectrocloud_application_profile.shop }
      output "nights"      { value = data.spectrocloud_cluster_config_policy.nights }
      output "shops"       { value = data.spectrocloud_cluster_config_template.shops }
      output "development" { value = data.spectrocloud_cluster_group.development }
    `);
    expect(found).toMatchObject({
      shop: { id: any.identifier, version: '1.2.0' },
      nights: {
        id: any.identifier,
        tags: ['team:web'],
        schedules: [{ name: 'sundays', start_cron: '0 2 * * SUN', duration_hrs: 4 }],
      },
      shops: {
        id: any.identifier,
        cloud_type: 'generic',
        description: 'All shops',
        policy: [{ id: any.identifier, kind: 'maintenance' }],
        attached_cluster: [],
        execution_state: 'Pending',
      },
      development: { id: any.identifier },
    });
  });

  it.each([
    {
      name: 'a pack',
      config: 'data "spectrocloud_pack" "x" {\n  name = "nowhere"\n}',
      says: /No pack matches the name "nowhere"/,
    },
    {
      name: 'a version of a pack',
      config: 'data "spectrocloud_pack" "x" {\n  name    = "hello-chart"\n  version = "9.9.9"\n}',
      says: /Versions of the pack: "1\.0\.0"/,
    },
    {
      name: 'a registry',
      config: 'data "spectrocloud_registry" "x" {\n  name = "nowhere"\n}',
      says: /Registries in reach: "Palette Registry"/,
    },
    {
      name: 'a project',
      config: 'data "spectrocloud_project" "x" {\n  name = "nowhere"\n}',
      says: /Projects in reach: "Default"/,
    },
    {
      name: 'a cluster',
      config: 'data "spectrocloud_cluster" "x" {\n  name = "nowhere"\n}',
      says: /There is no cluster "nowhere"/,
    },
    {
      name: 'an application profile',
      config: 'data "spectrocloud_application_profile" "x" {\n  name = "nowhere"\n}',
      says: /There is no application profile "nowhere"/,
    },
    {
      name: 'a policy',
      config: 'data "spectrocloud_cluster_config_policy" "x" {\n  name = "nowhere"\n}',
      says: /There is no cluster config policy "nowhere"/,
    },
    {
      name: 'a template',
      config: 'data "spectrocloud_cluster_config_template" "x" {\n  name = "nowhere"\n}',
      says: /There is no cluster config template "nowhere"/,
    },
    {
      name: 'a cluster group',
      config: 'data "spectrocloud_cluster_group" "x" {\n  name = "nowhere"\n}',
      says: /There is no cluster group "nowhere"/,
    },
    {
      name: 'a profile',
      config: 'data "spectrocloud_cluster_profile" "x" {\n  name = "nowhere"\n}',
      says: /There is no cluster profile "nowhere"/,
    },
  ])('say that $name does not exist, at the line that names it', async ({ config, says }) => {
    const ws = await bench.workspace(config);
    const output = await fail(ws.run('plan'));
    expect(output).toMatch(says);
    expect(output).toMatch(/on main\.tf line [23], in data/);
  });
});
