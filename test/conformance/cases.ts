/** What each resource must do, as Terraform's own words and the plane's operations. */
import { any } from './support/expectations.ts';
import type { ConformancePlane } from './support/plane.ts';

/** Whatever an operation answers. */
export type Answered = unknown;

/** One resource's table row. Bodies are the inside of its block. */
export interface Case {
  readonly type: string;
  readonly create: string;
  /** What the state holds then. */
  readonly created: Readonly<Record<string, unknown>>;
  /** A change in place. */
  readonly change: string;
  readonly changed: Readonly<Record<string, unknown>>;
  /** A change that replaces it, for resources that have one. */
  readonly replace?: string;
  /** Changes it behind Terraform's back. */
  readonly drift: (plane: ConformancePlane, id: string) => Promise<Answered>;
  /** Deletes it behind Terraform's back. */
  readonly remove: (plane: ConformancePlane, id: string) => Promise<Answered>;
  readonly importId: (id: string) => string;
  /** Whether everything can be read back. */
  readonly importedExactly: boolean;
  /** Configurations that are refused: `at` stands in the line that is shown. */
  readonly wrong: readonly {
    readonly name: string;
    readonly body: string;
    readonly at: string;
    readonly says: RegExp;
  }[];
}

const pack = (name: string, more = ''): string => `pack {
    name          = "${name}"
    tag           = "1.0.0"
    registry_name = "Palette Registry"
    ${more}
  }`;

const variable = (more: string): string => `profile_variables {
    variable {
      name         = "greeting"
      display_name = "Greeting"
      ${more}
    }
    variable {
      name          = "replicas"
      display_name  = "Replicas"
      format        = "number"
      default_value = "1"
      required      = true
    }
  }`;

const manifest = (content: string): string => `pack {
    name = "own"
    type = "manifest"
    manifest {
      name    = "settings"
      content = <<-EOT
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
        data:
          mode: ${content}
      EOT
    }
  }`;

export const cases: readonly Case[] = [
  {
    type: 'spectrocloud_project',
    create: 'name = "shop"\ntags = ["team:web", "gold"]',
    created: { name: 'shop', tags: ['gold', 'team:web'] },
    change: 'name = "shop-2"\ndescription = "The shop"\ntags = ["team:web"]',
    changed: { name: 'shop-2', description: 'The shop', tags: ['team:web'] },
    drift: async ({ client }, uid) => {
      await client.put('/v1/projects/{uid}', {
        path: { uid },
        body: { metadata: { name: 'renamed', labels: {}, annotations: {} } },
      });
    },
    remove: async ({ client }, uid) => {
      await client.delete('/v1/projects/{uid}', { path: { uid } });
    },
    importId: () => 'shop-2',
    importedExactly: true,
    wrong: [{ name: 'an empty name', body: 'name = ""', at: 'name', says: /Too small|at least 1|empty/i }],
  },
  {
    type: 'spectrocloud_cluster_profile',
    create: [
      'name = "base"',
      'tags = ["tier:gold", "plain"]',
      pack('hello-chart'),
      manifest('one'),
      variable('default_value = "hello"'),
    ].join('\n'),
    created: {
      name: 'base',
      version: '1.0.0',
      type: 'add-on',
      cloud: 'all',
      pack: [
        any.like({
          name: 'hello-chart',
          tag: '1.0.0',
          registry_name: 'Palette Registry',
          uid: any.identifier,
          registry_uid: null,
        }),
        any.like({
          name: 'own',
          uid: 'spectro-manifest-pack',
          manifest: [any.like({ name: 'settings', uid: any.identifier })],
        }),
      ],
    },
    change: [
      'name = "base"',
      'version = "1.1.0"',
      'description = "Greets"',
      'tags = ["tier:silver"]',
      pack('hello-chart', 'values = "charts:\\n  hello:\\n    replicas: {{.spectro.var.replicas}}\\n"'),
      manifest('two'),
      variable('default_value = "hi"'),
    ].join('\n'),
    changed: { version: '1.1.0', description: 'Greets', tags: ['tier:silver'] },
    replace: ['name = "base"', 'cloud = "aws"', pack('hello-chart'), variable('default_value = "hi"')].join('\n'),
    drift: async ({ client, project }, uid) => {
      await client.patch('/v1/clusterprofiles/{uid}/metadata', {
        path: { uid },
        body: { metadata: { name: 'base', labels: { somebody: 'else' } }, spec: { version: '1.1.0' } },
        scope: project,
      });
    },
    remove: async ({ client, project }, uid) => {
      await client.delete('/v1/clusterprofiles/{uid}', { path: { uid }, scope: project });
    },
    importId: () => 'base:project:1.1.0',
    importedExactly: false,
    wrong: [
      {
        name: 'a pack that does not exist',
        body: ['name = "bad"', pack('nowhere')].join('\n'),
        at: 'name += "nowhere"',
        says: /There is no pack "nowhere"/,
      },
      {
        name: 'a tag that does not exist',
        body: ['name = "bad"', pack('hello-chart').replace('1.0.0', '9.9.9')].join('\n'),
        at: 'tag += "9\\.9\\.9"',
        says: /no tag "9\.9\.9".*Tags of the pack in "Palette Registry": "1\.0\.0"/,
      },
      {
        name: 'a default of the wrong format',
        body: ['name = "bad"', pack('hello-chart'), variable('format = "number"\n default_value = "many"')].join('\n'),
        at: 'default_value += "many"',
        says: /the format is number/,
      },
      {
        name: 'a registry given twice',
        body: ['name = "bad"', pack('hello-chart', 'registry_uid = "x"')].join('\n'),
        at: 'registry_name',
        says: /registry_uid or registry_name, not both/,
      },
    ],
  },
  {
    type: 'spectrocloud_macros',
    create: 'context = "project"\nmacros = { region = "eu", zone = "a" }',
    created: { context: 'project', macros: { region: 'eu', zone: 'a' } },
    change: 'context = "project"\nmacros = { region = "us" }',
    changed: { macros: { region: 'us' } },
    drift: async ({ client, project }) => {
      await client.put('/v1/projects/{uid}/macros', {
        path: { uid: project.projectUid },
        body: {
          macros: [
            { name: 'region', value: 'moon' },
            { name: 'theirs', value: 'x' },
          ],
        },
        scope: project,
      });
    },
    remove: async ({ client, project }) => {
      await client.delete('/v1/projects/{uid}/macros', {
        path: { uid: project.projectUid },
        body: { macros: [{ name: 'region' }, { name: 'theirs' }] },
        scope: project,
      });
    },
    importId: () => 'Default:project',
    importedExactly: false,
    wrong: [
      {
        name: 'an unknown context',
        body: 'context = "planet"\nmacros = { a = "b" }',
        at: 'context',
        says: /"project"\|"tenant"|project.*tenant/,
      },
    ],
  },
  {
    type: 'spectrocloud_registration_token',
    create: 'name = "edge"\nexpiry_date = "2099-12-31"\nstatus = "inactive"',
    created: { name: 'edge', expiry_date: '2099-12-31', status: 'inactive', token: any.text, project_uid: '' },
    change: 'name = "edge"\nexpiry_date = "2098-01-01"\ndescription = "hosts"',
    changed: { expiry_date: '2098-01-01', status: 'active', description: 'hosts' },
    drift: async ({ client }, uid) => {
      await client.put('/v1/edgehosts/tokens/{uid}/state', { path: { uid }, body: { isActive: false } });
    },
    remove: async ({ client }, uid) => {
      await client.delete('/v1/edgehosts/tokens/{uid}', { path: { uid } });
    },
    importId: () => 'edge',
    importedExactly: true,
    wrong: [
      {
        name: 'a date in another form',
        body: 'name = "x"\nexpiry_date = "31.12.2099"',
        at: 'expiry_date',
        says: /YYYY-MM-DD/,
      },
      {
        name: 'a day that is none',
        body: 'name = "x"\nexpiry_date = "2099-02-30"',
        at: 'expiry_date',
        says: /not a day of the calendar/,
      },
    ],
  },
  {
    type: 'spectrocloud_cloudaccount_aws',
    create:
      'name = "aws"\naws_access_key = "AKIAIOSFODNN7EXAMPLE"\naws_secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
    created: { name: 'aws', type: 'secret', partition: 'aws', context: 'project' },
    change:
      'name = "aws"\ntype = "sts"\narn = "arn:aws:iam::123456789012:role/palette"\nexternal_id = "e-1"\npolicy_arns = ["arn:aws:iam::123456789012:policy/p"]',
    changed: {
      type: 'sts',
      arn: 'arn:aws:iam::123456789012:role/palette',
      policy_arns: ['arn:aws:iam::123456789012:policy/p'],
    },
    drift: async ({ client, project }, uid) => {
      const account = await client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: project });
      await client.put('/v1/cloudaccounts/aws/{uid}', {
        path: { uid },
        body: {
          ...account,
          spec: { ...account.spec, sts: { arn: 'arn:aws:iam::123456789012:role/other', externalId: 'e-1' } },
        },
        scope: project,
      });
    },
    remove: async ({ client, project }, uid) => {
      await client.delete('/v1/cloudaccounts/aws/{uid}', { path: { uid }, scope: project });
    },
    importId: () => 'aws:project',
    // External ids are not read back.
    importedExactly: false,
    wrong: [
      {
        name: 'a role without external id',
        body: 'name = "x"\ntype = "sts"\narn = "arn:aws:iam::1:role/x"',
        at: 'type|resource',
        says: /incomplete/,
      },
      { name: 'an unknown kind of credentials', body: 'name = "x"\ntype = "magic"', at: 'type', says: /secret/ },
    ],
  },
];
