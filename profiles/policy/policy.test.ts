import { describe, expect, it } from '@jest/globals';

import type { KubernetesObject } from '#packs/index';

import {
  checkPolicy,
  checkPolicyInTurns,
  definePolicy,
  policyFromSpec,
  rule,
  specOfPolicy,
  type PolicyRule,
} from './index.ts';

const layer = (name: string, objects: readonly KubernetesObject[]) => ({
  layer: {
    name,
    profile: { uid: '1', name: 'p', version: '1.0.0' },
    layer: 'addon' as const,
    version: '1.0.0',
    values: '',
    manifests: [],
    installPriority: 0,
  },
  objects,
});
const rendered = (...objects: readonly KubernetesObject[]) => ({
  name: 'p',
  version: '1.0.0',
  layers: [layer('app', objects)],
});
const pod = (spec: object, metadata: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec,
});
const container = (over: object = {}) => ({ name: 'web', image: 'nginx:1.27', ...over });

describe('built-in rules', () => {
  const workload = (kind: string, spec: object): KubernetesObject => ({
    apiVersion: kind === 'CronJob' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name: 'web' },
    spec,
  });
  it.each<{ name: string; spec: object; object: KubernetesObject; fields: string[] }>([
    {
      name: 'see a privileged container of a Deployment',
      spec: { rule: 'no-privileged-pods' },
      object: workload('Deployment', {
        template: { spec: { containers: [container(), container({ securityContext: { privileged: true } })] } },
      }),
      fields: ['spec.template.spec.containers[1].securityContext.privileged'],
    },
    {
      name: 'see a privileged init container of a CronJob',
      spec: { rule: 'no-privileged-pods' },
      object: workload('CronJob', {
        jobTemplate: {
          spec: {
            template: {
              spec: { initContainers: [container({ securityContext: { privileged: true } })], containers: [] },
            },
          },
        },
      }),
      fields: ['spec.jobTemplate.spec.template.spec.initContainers[0].securityContext.privileged'],
    },
    {
      name: 'see folders of the node, but those allowed',
      spec: { rule: 'no-host-path', params: { allow: ['/var/log/*'] } },
      object: pod({
        containers: [],
        volumes: [
          { name: 'a', hostPath: { path: '/var/log/pods' } },
          { name: 'b', hostPath: { path: '/etc' } },
          { name: 'c', emptyDir: {} },
        ],
      }),
      fields: ['spec.volumes[1].hostPath.path'],
    },
    {
      name: 'see images of other registries, Docker Hub written out',
      spec: { rule: 'allowed-registries', params: { registries: ['docker.io/library', 'localhost:5000/team/'] } },
      object: pod({
        containers: [
          container(),
          container({ image: 'bitnami/nginx:1' }),
          container({ image: 'localhost:5000/team/x@sha256:0' }),
          container({ image: 'localhost:5000/teammate/x' }),
          container({ image: 'docker.io.evil.example/library/nginx' }),
        ],
      }),
      fields: ['spec.containers[1].image', 'spec.containers[3].image', 'spec.containers[4].image'],
    },
    {
      name: 'see images that float',
      spec: { rule: 'no-latest-tag' },
      object: pod({
        containers: [
          container({ image: 'nginx' }),
          container({ image: 'host:5000/nginx' }),
          container({ image: 'nginx:latest' }),
          container({ image: 'nginx:latest@sha256:0' }),
          container(),
        ],
      }),
      fields: ['spec.containers[0].image', 'spec.containers[1].image', 'spec.containers[2].image'],
    },
    {
      name: 'see images without digest',
      spec: { rule: 'require-image-digest' },
      object: pod({ containers: [container(), container({ image: 'a@sha256:0' })] }),
      fields: ['spec.containers[0].image'],
    },
    {
      name: 'see limits that are not set',
      spec: { rule: 'require-limits' },
      object: pod({ containers: [container({ resources: { limits: { cpu: 1 } } })] }),
      fields: ['spec.containers[0].resources.limits.memory'],
    },
    {
      name: 'take a limit for a request',
      spec: { rule: 'require-requests', params: { resources: ['cpu', 'memory'] } },
      object: pod({ containers: [container({ resources: { limits: { cpu: 1 } } })] }),
      fields: ['spec.containers[0].resources.requests.memory'],
    },
    {
      name: 'see labels that are missing or do not fit, on pods too',
      spec: { rule: 'required-labels', params: { labels: { team: 'shop-*', 'app/x': '*' }, pods: true } },
      object: workload('Deployment', {
        template: { metadata: { labels: { team: 'shop-a', 'app/x': '1' } }, spec: { containers: [] } },
      }),
      fields: ['metadata.labels["team"]', 'metadata.labels["app/x"]'],
    },
    {
      name: "see what is taken of the node's namespaces",
      spec: { rule: 'no-host-namespaces', params: { allow: ['hostPID'] } },
      object: pod({ containers: [], hostNetwork: true, hostPID: true }),
      fields: ['spec.hostNetwork'],
    },
    {
      name: 'see ports of the node',
      spec: { rule: 'no-host-ports', params: { allow: [80] } },
      object: pod({ containers: [container({ ports: [{ hostPort: 80 }, { hostPort: 81 }, { containerPort: 82 }] })] }),
      fields: ['spec.containers[0].ports[1].hostPort'],
    },
    {
      name: 'see capabilities',
      spec: { rule: 'allowed-capabilities', params: { add: ['NET_BIND_SERVICE'], dropAll: true } },
      object: pod({
        containers: [
          container({
            securityContext: { capabilities: { add: ['CAP_NET_BIND_SERVICE', 'SYS_ADMIN'], drop: ['ALL'] } },
          }),
          container(),
        ],
      }),
      fields: [
        'spec.containers[0].securityContext.capabilities.add[1]',
        'spec.containers[1].securityContext.capabilities.drop',
      ],
    },
    {
      name: 'let a container say otherwise than its pod about its user',
      spec: { rule: 'run-as-non-root' },
      object: pod({
        securityContext: { runAsNonRoot: true },
        containers: [
          container(),
          container({ securityContext: { runAsUser: 0 } }),
          container({ securityContext: { runAsNonRoot: false } }),
        ],
      }),
      fields: ['spec.containers[1].securityContext.runAsUser', 'spec.containers[2].securityContext.runAsNonRoot'],
    },
    {
      name: 'see what is not forbidden to a container',
      spec: { rule: 'no-privilege-escalation' },
      object: pod({ containers: [container(), container({ securityContext: { allowPrivilegeEscalation: false } })] }),
      fields: ['spec.containers[0].securityContext.allowPrivilegeEscalation'],
    },
    {
      name: 'see file systems that can be written',
      spec: { rule: 'read-only-root-filesystem' },
      object: pod({ containers: [container()] }),
      fields: ['spec.containers[0].securityContext.readOnlyRootFilesystem'],
    },
    {
      name: 'see workloads without probes',
      spec: { rule: 'require-probes' },
      object: workload('StatefulSet', { template: { spec: { containers: [container()] } } }),
      fields: ['spec.template.spec.containers[0].readinessProbe'],
    },
    {
      name: 'see objects in other namespaces',
      spec: { rule: 'allowed-namespaces', params: { namespaces: ['team-*'] } },
      object: pod({ containers: [] }),
      fields: ['metadata.namespace'],
    },
    {
      name: 'see services for everyone',
      spec: { rule: 'allowed-service-types' },
      object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { type: 'LoadBalancer' } },
      fields: ['spec.type'],
    },
    {
      name: 'see kinds that are forbidden',
      spec: { rule: 'forbidden-kinds', params: { kinds: ['Pod'] } },
      object: pod({ containers: [] }),
      fields: ['kind'],
    },
    {
      name: 'see roles that allow everything',
      spec: { rule: 'no-wildcard-rbac' },
      object: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'r' },
        rules: [{ verbs: ['get'], resources: ['*'] }],
      },
      fields: ['rules[0].resources'],
    },
    {
      name: 'see who becomes administrator',
      spec: { rule: 'no-cluster-admin' },
      object: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'r' },
        roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      },
      fields: ['roleRef.name'],
    },
  ])('$name', ({ spec, object, fields }) => {
    const policy = policyFromSpec({ rules: [{ kind: 'builtin', ...spec }] });
    expect(checkPolicy(rendered(object), policy).map(({ field }) => field)).toEqual(fields);
    expect(policyFromSpec(specOfPolicy(policy)).rules.map(({ name }) => name)).toEqual(
      policy.rules.map(({ name }) => name),
    );
  });

  it('bear objects that are not what their kind says', () => {
    const every = policyFromSpec({
      rules: [
        { rule: 'allowed-registries', params: { registries: ['a'] } },
        { rule: 'required-labels', params: { labels: ['a'], pods: true } },
        { rule: 'allowed-namespaces', params: { namespaces: ['a'] } },
        { rule: 'forbidden-kinds', params: { kinds: ['X'] } },
        ...[
          'no-privileged-pods',
          'no-privilege-escalation',
          'run-as-non-root',
          'read-only-root-filesystem',
          'allowed-capabilities',
          'no-host-path',
          'no-host-namespaces',
          'no-host-ports',
          'require-limits',
          'require-requests',
          'require-probes',
          'no-latest-tag',
          'require-image-digest',
          'allowed-service-types',
          'no-wildcard-rbac',
          'no-cluster-admin',
        ].map((name) => ({ rule: name })),
      ].map((spec) => ({ kind: 'builtin', ...spec })),
    });
    const odd = [null, 1, 'x', [], [null], {}, { containers: [null, 1, {}], volumes: 'x' }];
    const objects = odd.flatMap((spec) => [
      pod({}, { labels: undefined }),
      { ...pod({}), spec },
      { ...pod({}), spec: { containers: spec } },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'r' }, rules: spec },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec },
    ]);
    expect(
      checkPolicy(rendered(...objects), every).filter(({ message }) => message.includes('the rule failed')),
    ).toEqual([]);
  });

  it('leave out what is excepted, and only warn when told so', () => {
    const policy = policyFromSpec({
      rules: [{ kind: 'builtin', rule: 'no-latest-tag', severity: 'warning', except: [{ namespace: 'kube-*' }] }],
    });
    const bad = { containers: [container({ image: 'nginx' })] };
    expect(checkPolicy(rendered(pod(bad), pod(bad, { namespace: 'kube-system' })), policy)).toEqual([
      {
        rule: 'no-latest-tag',
        severity: 'warning',
        layer: 'app',
        object: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' },
        field: 'spec.containers[0].image',
        message: 'container web: image nginx has no tag, which means latest; expected a version or a digest',
      },
    ]);
  });
});

describe('a policy as data', () => {
  it.each([
    {
      name: 'an unknown rule',
      rules: [{ kind: 'builtin', rule: 'no-privileged-pod' }],
      want: 'rules[0].rule: there is no built-in rule no-privileged-pod; did you mean "no-privileged-pods"?',
    },
    {
      name: 'parameters that do not fit',
      rules: [{ kind: 'builtin', rule: 'allowed-registries' }],
      want: /^rules\[0\]\.params\.registries: .* \(rule allowed-registries\)$/,
    },
    {
      name: 'a parameter that is not there',
      rules: [{ kind: 'builtin', rule: 'no-latest-tag', params: { x: 1 } }],
      want: /^rules\[0\]\.params: .*x/,
    },
    {
      name: 'a name given twice',
      rules: [
        { kind: 'builtin', rule: 'no-latest-tag' },
        { kind: 'builtin', rule: 'no-latest-tag' },
      ],
      want: 'rules[1].name: the rule no-latest-tag is there already; give it another name',
    },
    { name: 'another kind of rule', rules: [{ kind: 'rego' }], want: /^rules\[0\]\.kind/ },
    {
      name: 'an expression that cannot be read',
      rules: [{ kind: 'cel', name: 'a', expression: 'object.x &&\n' }],
      want: /^rules\[0\]\.expression: .*\(line 2, column 1\) \(rule a\)$/,
    },
    {
      name: 'an expression of another type',
      rules: [{ kind: 'cel', name: 'a', expression: '"x" + layer' }],
      want: /expected an expression of type bool, found string/,
    },
    {
      name: 'a variable that is not there',
      rules: [{ kind: 'cel', name: 'a', expression: 'variables.x', variables: [{ name: 'y', expression: '1' }] }],
      want: /there is no variable x before this expression; there are: y/,
    },
    {
      name: 'a variable that comes later',
      rules: [
        {
          kind: 'cel',
          name: 'a',
          expression: 'true',
          variables: [
            { name: 'y', expression: 'variables.z' },
            { name: 'z', expression: '1' },
          ],
        },
      ],
      want: /^rules\[0\]\.variables\[0\]\.expression: there is no variable z/,
    },
    {
      name: 'a name that is unknown',
      rules: [{ kind: 'cel', name: 'a', expression: 'objekt.x == 1' }],
      want: /objekt/,
    },
    {
      name: 'cel.bind',
      rules: [{ kind: 'cel', name: 'a', expression: 'cel.bind(x, 1, x == 1)' }],
      want: /cel\.bind is not available/,
    },
  ])('is refused for $name', ({ rules, want }) => {
    expect(() => policyFromSpec({ rules })).toThrow(want);
  });

  it('cannot hold a rule in TypeScript', () => {
    const policy = definePolicy({ name: 'p', rules: [rule({ name: 'mine', description: '', check: () => [] })] });
    expect(() => specOfPolicy(policy)).toThrow('rules[0]: the rule mine is written in TypeScript');
  });
});

describe('CEL rules', () => {
  const object: KubernetesObject = pod(
    {
      replicas: 3,
      ratio: 1.5,
      containers: [container({ resources: { limits: { cpu: '500m', memory: '1Gi' } } })],
      nothing: null,
    },
    { labels: { 'app.kubernetes.io/name': 'web' } },
  );
  it.each([
    ['object.spec.replicas == 3'],
    ['object.spec.replicas < 3.5'],
    ['has(object.spec.replicas) && !has(object.spec.missing)'],
    ['object.?spec.?missing.orValue(7) == 7'],
    ['object.spec.nothing == null'],
    ['oldObject == null'],
    ['object.metadata.labels["app.kubernetes.io/name"] == "web"'],
    ['"team" in object.metadata.labels || layer == "app"'],
    ['profile.name == "p" && profile.version.startsWith("1.")'],
    ['object.spec.containers.all(c, c.image.matches("^[a-z]+:[0-9.]+$"))'],
    ['object.spec.containers.exists_one(c, c.name == "web")'],
    ['object.spec.containers.map(c, c.name).join(",") == "web"'],
    ['object.spec.containers.all(c, quantity(c.resources.limits.cpu).isLessThan(quantity("1")))'],
    [
      'quantity("1Gi").compareTo(quantity("1024Mi")) == 0 && quantity("1e3").asInteger() == 1000 && !isQuantity("1Gib")',
    ],
    ['quantity("0.5").add(quantity("500m")).isInteger() && quantity(2).isGreaterThan(quantity(1.5))'],
    ['[1, 2, 3].sum() == 6 && [1, 2].max() == 2 && [2, 1].min() == 1 && [1, 2].isSorted() && ["a"].indexOf("a") == 0'],
    ['sets.contains([1, 2], [1]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 2], [2, 1])'],
    ['"a-b-c".replace("-", "+") == "a+b+c" && "a-b-c".replace("-", "+", 1) == "a+b-c" && "abc".charAt(1) == "b"'],
    ['"nginx:1.27".find("[0-9.]+") == "1.27" && "a1b2".findAll("[0-9]") == ["1", "2"]'],
    ['"A".lowerAscii() == "a" && " a ".trim() == "a" && "a,b".split(",").size() == 2'],
    ['type(object.spec.replicas) == int && type(object.spec.ratio) == double'],
  ])('find true: %s', (expression) => {
    expect(checkPolicy(rendered(object), policyFromSpec({ rules: [{ kind: 'cel', name: 'a', expression }] }))).toEqual(
      [],
    );
  });

  const messages = (spec: object) =>
    checkPolicy(rendered(object), policyFromSpec({ rules: [{ kind: 'cel', name: 'a', ...spec }] })).map(
      ({ message }) => message,
    );

  it.each([
    {
      name: 'the expression when nothing else is given',
      spec: { expression: 'object.spec.replicas > 5' },
      want: ['is not true: object.spec.replicas > 5'],
    },
    { name: 'the message', spec: { expression: 'false', message: 'never' }, want: ['never'] },
    {
      name: 'the message that an expression makes',
      spec: {
        expression: 'variables.n > 5',
        variables: [{ name: 'n', expression: 'object.spec.replicas' }],
        messageExpression: '"only " + string(variables.n)',
      },
      want: ['only 3'],
    },
    {
      name: 'the message when the expression for it fails',
      spec: { expression: 'false', message: 'never', messageExpression: 'object.nope' },
      want: ['never'],
    },
    {
      name: 'that a field is missing',
      spec: { expression: 'object.spec.missing.x == 1' },
      want: ['the expression cannot be evaluated: No such key: missing (line 1, column 13)'],
    },
    {
      name: 'that the value is no truth value',
      spec: { expression: 'object.spec.replicas' },
      want: ['the expression gives bigint, expected true or false'],
    },
    {
      name: 'nothing of a variable that is not used',
      spec: { expression: 'true', variables: [{ name: 'bad', expression: 'object.nope' }] },
      want: [],
    },
    {
      name: 'nothing of objects that do not match',
      spec: { expression: 'false', match: [{ kind: 'Deployment' }] },
      want: [],
    },
    {
      name: 'nothing when parameters allow it',
      spec: { expression: 'object.spec.replicas <= params.max', params: { max: 3 } },
      want: [],
    },
  ])('say $name', ({ spec, want }) => {
    expect(messages(spec)).toEqual(want);
  });

  it.each([
    {
      name: 'lists that double',
      variables: Array.from({ length: 24 }, (_, at) => ({
        name: `v${at}`,
        expression: at === 0 ? '[1, 2]' : `variables.v${at - 1} + variables.v${at - 1}`,
      })),
      expression: 'variables.v23.size() > 0',
      want: /variable v\d+ is longer than/,
    },
    {
      name: 'texts that grow',
      variables: [],
      expression: `'aaaaaaaaaa'${".replace('a', 'aaaaaaaaaa')".repeat(7)}.size() > 0`,
      want: /replace: .* longer than/,
    },
  ])('end $name before they fill the memory', ({ variables, expression, want }) => {
    const policy = policyFromSpec({ rules: [{ kind: 'cel', name: 'a', expression, variables }] });
    expect(checkPolicy(rendered(object), policy, { ruleTimeoutMs: 10_000 })).toMatchObject([
      { message: expect.stringMatching(want) },
    ]);
  });

  it.each([
    {
      name: 'an expression that counts for ever',
      expression: `[${Array.from({ length: 100 }, (_, at) => at).join(',')}]`.concat(
        '.all(a, params.l.all(b, params.l.all(c, params.l.all(d, params.l.all(e, a + b + c + d + e >= 0)))))',
      ),
    },
    {
      name: 'a pattern that backtracks',
      expression: '("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" + "!").matches("^(a+)+$") || true',
    },
  ])('end $name, once for all objects', ({ expression }) => {
    const policy = policyFromSpec({
      rules: [{ kind: 'cel', name: 'a', expression, params: { l: Array.from({ length: 100 }, (_, at) => at) } }],
    });
    const began = performance.now();
    expect(
      checkPolicy(rendered(...Array.from({ length: 50 }, () => object)), policy, { ruleTimeoutMs: 300 }),
    ).toMatchObject([{ message: 'the rule took more than 300 ms; it looks at no further object' }]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it.each([
    'object.constructor == null',
    'object.__proto__ == null',
    'object.spec.containers.length == 1',
    'object.toString == 1',
  ])('see no more of an object than its fields: %s', (expression) => {
    expect(messages({ expression })).toEqual([expect.stringMatching(/cannot be evaluated: No such key/)]);
  });
});

describe('checking a policy', () => {
  it('finds a rule that fails, goes on, and hides what is sensitive', () => {
    const rules: PolicyRule[] = [
      rule({
        name: 'broken',
        description: '',
        check: () => {
          throw new Error('oops s3cr3t');
        },
      }),
      rule({ name: 'fine', description: '', check: () => [{ message: 'seen' }] }),
    ];
    const mask = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('s3cr3t', '***') : value);
    expect(
      checkPolicy(rendered(pod({})), definePolicy({ name: 'p', rules }), { mask }).map(({ rule, message }) => [
        rule,
        message,
      ]),
    ).toEqual([
      ['broken', 'the rule failed: oops ***'],
      ['fine', 'seen'],
    ]);
  });

  it('lists so many findings of a rule and says how many more there are', () => {
    const many = rule({ name: 'many', description: '', check: () => [{ message: 'no' }] });
    const findings = checkPolicy(rendered(...Array.from({ length: 30 }, () => pod({}))), [many], {
      findingsPerRule: 10,
    });
    expect(findings.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 10 }, () => 'no'),
      '20 more findings of this rule are not listed',
    ]);
  });

  it('gives others their turn between two rules, and ends when told to', async () => {
    const rules = ['one', 'two', 'three'].map((name) =>
      rule({ name, description: '', check: () => [{ message: name }] }),
    );
    let turns = 0;
    const count = (): void => {
      turns++;
      setImmediate(count).unref();
    };
    count();
    const { signal } = new AbortController();
    const findings = await checkPolicyInTurns(rendered(pod({}), pod({})), rules, { signal });
    expect(findings).toEqual(checkPolicy(rendered(pod({}), pod({})), rules));
    expect(turns).toBeGreaterThan(2);
    await expect(checkPolicyInTurns(rendered(pod({})), rules, { signal: AbortSignal.abort() })).rejects.toThrow(
      /abort/,
    );
  });

  it('ends a slow rule', () => {
    const slow = rule({
      name: 'slow',
      description: '',
      check: () => {
        const end = performance.now() + 5;
        while (performance.now() < end);
        return [];
      },
    });
    expect(
      checkPolicy(rendered(...Array.from({ length: 30 }, () => pod({}))), [slow], { ruleTimeoutMs: 20 }),
    ).toMatchObject([{ rule: 'slow', message: 'the rule took more than 20 ms; it looks at no further object' }]);
  });
});
