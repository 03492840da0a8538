import { describe, expect, it } from '@jest/globals';

import { managedKinds } from '../schema/kinds.ts';
import { controllerManifests, runtimeConfigs } from './install.ts';
import type { Manifest } from './manifest.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const rulesOf = (manifest: Manifest): readonly Rule[] =>
  'rules' in manifest ? (manifest['rules'] as readonly Rule[]) : []; // as: the shape that RBAC gives the field
const roles = controllerManifests().filter(({ kind }) => kind.endsWith('Role'));

describe('the manifests of the controller', () => {
  it('give no right by wildcard', () => {
    expect(roles.length).toBeGreaterThan(2);
    expect(JSON.stringify(roles)).not.toContain('"*"');
  });

  it('let it read Secrets by name alone', () => {
    const verbs = roles
      .flatMap(rulesOf)
      .filter(({ resources }) => resources.includes('secrets'))
      .flatMap(({ verbs }) => verbs);
    expect(verbs).toContain('get');
    expect(verbs).not.toContain('list');
    expect(verbs).not.toContain('watch');
  });

  it.each(managedKinds())('let Crossplane compose $kind of $group', ({ plural, group }) => {
    const aggregated = roles.find(
      ({ metadata }) => metadata.labels?.['rbac.crossplane.io/aggregate-to-crossplane'] === 'true',
    );
    if (aggregated === undefined) throw new Error('no role has the label that Crossplane looks for');
    const rule = rulesOf(aggregated).find(
      ({ apiGroups, resources }) => apiGroups.includes(group) && resources.includes(plural),
    );
    expect(rule?.verbs).toEqual(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']);
    expect(rule?.resources).toContain(`${plural}/status`);
  });

  it('bind each role to the account that the Deployment runs as', () => {
    const bindings = controllerManifests().filter(({ kind }) => kind.endsWith('RoleBinding'));
    expect(bindings).toHaveLength(2);
    for (const binding of bindings) {
      expect(binding).toMatchObject({
        subjects: [{ kind: 'ServiceAccount', name: 'palette-controller', namespace: 'palette-system' }],
      });
    }
    expect(controllerManifests().at(-1)).toMatchObject({
      kind: 'Deployment',
      metadata: { namespace: 'palette-system' },
      spec: { template: { spec: { serviceAccountName: 'palette-controller' } } },
    });
  });

  it('tell the controller its namespace, where its Lease and the rights to it are', () => {
    expect(JSON.stringify(controllerManifests().at(-1))).toContain(
      '{"name":"POD_NAMESPACE","valueFrom":{"fieldRef":{"fieldPath":"metadata.namespace"}}}',
    );
  });

  it("let Crossplane compose no record of who uses what: those are the controller's", () => {
    const aggregated = roles.filter(({ metadata }) => metadata.name.endsWith('aggregate-to-crossplane'));
    expect(aggregated).toHaveLength(1);
    expect(JSON.stringify(aggregated)).not.toContain('usages');
  });
});

describe('what Crossplane runs', () => {
  it.each([...runtimeConfigs(), ...controllerManifests().filter(({ kind }) => kind === 'Deployment')])(
    '$metadata.name has no right on its node, and a limit of memory',
    (manifest) => {
      const text = JSON.stringify(manifest);
      expect(text).toContain('"allowPrivilegeEscalation":false');
      expect(text).toContain('"readOnlyRootFilesystem":true');
      expect(text).toContain('"runAsNonRoot":true');
      expect(text).toMatch(/"limits":\{"memory":"\d+Mi"\}/);
    },
  );

  it('gives the function no access to Kubernetes: Crossplane hands it what it asks for', () => {
    const [provider, fn] = runtimeConfigs().map((manifest) => JSON.stringify(manifest));
    expect(fn).toContain('"automountServiceAccountToken":false');
    expect(provider).not.toContain('automountServiceAccountToken');
  });
});
