import { describe, expect, it } from '@jest/globals';

import { externalNameOf, type Naming } from './external-name.ts';

const UID = '687f86db08e0e7ea51677fa3';
const OTHER = '687f86db08e0e7ea51677fa4';
const naming = (given: Partial<Naming>): Naming => ({
  annotation: undefined,
  observedId: undefined,
  name: undefined,
  context: undefined,
  version: undefined,
  cloudType: undefined,
  project: undefined,
  ...given,
});

describe('externalNameOf', () => {
  it.each([
    {
      name: 'an identifier is kept',
      type: 'spectrocloud_cluster_profile',
      given: { annotation: UID, observedId: OTHER, name: 'base' },
      want: { kind: 'identifier', externalName: UID },
    },
    {
      name: "the context after Terraform's identifier is in the spec already",
      type: 'spectrocloud_cluster_brownfield',
      given: { annotation: `${UID}:project:generic` },
      want: { kind: 'identifier', externalName: UID },
    },
    {
      name: 'what the status knows comes before a name',
      type: 'spectrocloud_project',
      given: { annotation: 'team', observedId: UID },
      want: { kind: 'identifier', externalName: UID },
    },
    {
      name: 'an import id stays one',
      type: 'spectrocloud_cluster_profile',
      given: { annotation: 'base:tenant:2.0.0', version: '1.0.0' },
      want: { kind: 'by-name', externalName: 'base:tenant:2.0.0' },
    },
    {
      name: 'a profile is found by name, context and version',
      type: 'spectrocloud_cluster_profile',
      given: { name: 'base', context: 'tenant', version: '1.2.3' },
      want: { kind: 'by-name', externalName: 'base:tenant:1.2.3' },
    },
    {
      name: 'a profile has the defaults that it was made with',
      type: 'spectrocloud_cluster_profile',
      given: { name: 'base' },
      want: { kind: 'by-name', externalName: 'base:project:1.0.0' },
    },
    {
      name: 'a cluster is found by name, context and cloud',
      type: 'spectrocloud_cluster_brownfield',
      given: { name: 'edge', cloudType: 'aws' },
      want: { kind: 'by-name', externalName: 'edge:project:aws' },
    },
    {
      name: 'a cloud account is found by name and context',
      type: 'spectrocloud_cloudaccount_aws',
      given: { name: 'aws', context: 'tenant' },
      want: { kind: 'by-name', externalName: 'aws:tenant' },
    },
    {
      name: 'before 0.23.8 the external name was the name',
      type: 'spectrocloud_cloudaccount_aws',
      given: { annotation: 'aws', name: 'aws' },
      want: { kind: 'by-name', externalName: 'aws:project' },
    },
    {
      name: 'a registration token is found by name alone',
      type: 'spectrocloud_registration_token',
      given: { name: 'edge' },
      want: { kind: 'by-name', externalName: 'edge' },
    },
    {
      name: 'macros keep their identifier',
      type: 'spectrocloud_macros',
      given: { annotation: `project-macros-${UID}` },
      want: { kind: 'identifier', externalName: `project-macros-${UID}` },
    },
    {
      name: "macros of a project are found by the configuration's project",
      type: 'spectrocloud_macros',
      given: { context: 'project', project: 'Default' },
      want: { kind: 'by-name', externalName: 'Default:project' },
    },
    {
      name: 'macros of the tenant need no name',
      type: 'spectrocloud_macros',
      given: {},
      want: { kind: 'by-name', externalName: 'tenant:tenant' },
    },
    {
      name: 'macros of a project that is not known are not guessed',
      type: 'spectrocloud_macros',
      given: { context: 'project' },
      want: { kind: 'unknown' },
    },
    {
      name: 'nothing follows from nothing',
      type: 'spectrocloud_cluster_profile',
      given: {},
      want: { kind: 'unknown' },
    },
  ] as const)('$name', ({ type, given, want }) => {
    expect(externalNameOf(type, naming(given))).toEqual(want);
  });
});
