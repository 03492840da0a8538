/**
 * The profiles of this folder in Terraform, and a cluster that runs one of them. A new version of a profile is a new object:
 * clusters that run the old one keep it until they are given the new one.
 *
 *   eval "$(palette env)" && palette pack push ../packs/* packs/*
 *   node main.js && terraform -chdir=cdktf.out/stacks/profiles apply
 */
import { join } from 'node:path';

import { App, TerraformStack } from 'cdktf';
import { ClusterBrownfield, Profile, SpectrocloudProvider } from 'palette-iac/cdktf';

import { guests, site } from './profiles.ts';

const app = new App();
const stack = new TerraformStack(app, 'profiles');
new SpectrocloudProvider(stack, 'palette', { projectName: 'Default' });

/** Beside the program: what `palette profile lock` wrote. */
const lockFile = join(process.env['PROFILES_DIR'] ?? import.meta.dirname, 'palette.lock.json');
new Profile(stack, 'site', site, { lockFile, skipDestroy: true });
const attached = new Profile(stack, 'guests', guests, { lockFile, skipDestroy: true });

new ClusterBrownfield(stack, 'edge', {
  name: 'edge-1',
  cloudType: 'generic',
  clusterProfile: [{ id: attached.id, variables: { greeting: 'good morning', replicas: '3' } }],
});

app.synth();
