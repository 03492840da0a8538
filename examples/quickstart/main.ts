/**
 * A cluster profile and the cluster that runs it, as code: a project, a profile of two layers
 * with variables, and the local cluster imported with that profile attached.
 *
 * Run by `npm run quickstart`; by hand, with `palette up` running:
 *
 *   eval "$(palette env)" && node main.js && terraform -chdir=cdktf.out/stacks/quickstart apply
 */
import { App, Op, TerraformOutput, TerraformStack, conditional } from 'cdktf';
import type { Construct } from 'constructs';
import {
  ClusterBrownfield,
  ClusterProfile,
  DataPack,
  DataRegistry,
  Project,
  SpectrocloudProvider,
} from 'palette-iac/cdktf';

/** What this team wants to say about its cluster; everything below follows from it. */
const settings = {
  greeting: 'hello',
  replicas: 2,
  guardrails: true,
};

class Quickstart extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    new SpectrocloudProvider(this, 'tenant');
    const project = new Project(this, 'project', {
      name: 'quickstart',
      description: 'What the quickstart makes',
      tags: ['purpose:quickstart'],
    });

    const inProject = new SpectrocloudProvider(this, 'in-project', {
      alias: 'in_project',
      // The name, but unknown until the project has an id, so that nobody looks for the project before it exists.
      projectName: conditional(Op.neq(project.id, project.name), project.name, project.id),
    });

    const registry = new DataRegistry(this, 'registry', { name: 'Palette Registry' });
    const pack = (name: string): DataPack =>
      new DataPack(this, name, { name, version: '1.0.0', registryUid: registry.id });
    const guardrails = pack('guardrails');
    const hello = pack('hello-chart');

    const profile = new ClusterProfile(this, 'profile', {
      provider: inProject,
      name: 'hello-stack',
      version: '1.0.0',
      description: 'Guard rails first, then the application',
      type: 'add-on',
      cloud: 'all',
      pack: [
        ...(settings.guardrails
          ? [
              {
                name: guardrails.name,
                tag: guardrails.version,
                uid: guardrails.id,
                registryUid: registry.id,
                values: guardrails.values,
              },
            ]
          : []),
        { name: hello.name, tag: hello.version, uid: hello.id, registryUid: registry.id, values: hello.values },
      ],
      profileVariables: [
        {
          variable: [
            { name: 'team', displayName: 'Team', format: 'string', defaultValue: 'platform' },
            { name: 'greeting', displayName: 'Greeting', format: 'string', defaultValue: 'hello' },
            { name: 'replicas', displayName: 'Replicas', format: 'number', defaultValue: '1', required: true },
          ],
        },
      ],
    });

    const cluster = new ClusterBrownfield(this, 'cluster', {
      provider: inProject,
      name: 'local',
      cloudType: 'generic',
      importMode: 'full',
      clusterProfile: [
        { id: profile.id, variables: { greeting: settings.greeting, replicas: String(settings.replicas) } },
      ],
    });

    new TerraformOutput(this, 'status', { value: cluster.status });
    new TerraformOutput(this, 'health', { value: cluster.healthStatus });
  }
}

const app = new App();
new Quickstart(app, 'quickstart');
app.synth();
