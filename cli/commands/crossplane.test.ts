import { describe, expect, it } from '@jest/globals';

import { controllerConfig } from './crossplane-controller.ts';
import { functionConfig } from './crossplane-function.ts';
import type { ControllerOptions, FunctionOptions } from './crossplane.ts';

const controller: ControllerOptions = {
  namespace: 'palette-system',
  workers: '10',
  pollInterval: '1m',
  resyncInterval: '10h',
  drain: '25s',
  leaderElection: true,
  leaseName: 'palette-controller',
  logLevel: 'info',
};

describe('options of palette crossplane controller', () => {
  it('become its configuration', () => {
    expect(controllerConfig({ ...controller, pollInterval: '1m30s', metrics: '127.0.0.1:0' })).toMatchObject({
      namespace: 'palette-system',
      workers: 10,
      pollIntervalMs: 90_000,
      resyncIntervalMs: 36_000_000,
      drainMs: 25_000,
      leaderElection: { namespace: 'palette-system', name: 'palette-controller' },
      metrics: { host: '127.0.0.1', port: 0 },
    });
  });

  it('listen for everybody in a cluster, and for this machine elsewhere', () => {
    expect(controllerConfig(controller).metrics).toEqual({ host: '0.0.0.0', port: 9090 });
    expect(controllerConfig({ ...controller, kubeconfig: 'k' }).metrics).toEqual({ host: '127.0.0.1', port: 0 });
  });

  it('may go without a leader', () => {
    expect(controllerConfig({ ...controller, leaderElection: false }).leaderElection).toBe(false);
  });

  it.each([
    { given: { workers: 'many' }, want: /--workers many/ },
    { given: { workers: '1000' }, want: /--workers/ },
    { given: { pollInterval: '10' }, want: /--poll-interval 10: not a duration/ },
    { given: { pollInterval: '1ms' }, want: /--poll-interval/ },
    { given: { metrics: 'here' }, want: /--metrics here: not host:port/ },
  ])('$given are refused as wrong use', ({ given, want }) => {
    expect(() => controllerConfig({ ...controller, ...given })).toThrow(want);
    expect(() => controllerConfig({ ...controller, ...given })).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});

const composer: FunctionOptions = { drain: '20s', logLevel: 'info' };

describe('options of palette crossplane function', () => {
  it('with certificates listen for everybody', () => {
    expect(functionConfig({ ...composer, tlsServerCertsDir: '/tls' })).toEqual({
      listen: { host: '0.0.0.0', port: 9443 },
      metrics: { host: '0.0.0.0', port: 9090 },
      tlsServerCertsDir: '/tls',
      insecure: false,
      drainMs: 20_000,
    });
  });

  it('without TLS listen for this machine', () => {
    expect(functionConfig({ ...composer, insecure: true })).toMatchObject({
      listen: { host: '127.0.0.1', port: 9443 },
      metrics: { host: '127.0.0.1', port: 0 },
    });
  });

  it.each([
    { given: {}, want: /--tls-server-certs-dir/ },
    { given: { insecure: true, tlsServerCertsDir: '/tls' }, want: /--insecure/ },
    { given: { insecure: true, address: '0.0.0.0:9443' }, want: /--address/ },
  ] as const)('$given are refused as wrong use', ({ given, want }) => {
    expect(() => functionConfig({ ...composer, ...given })).toThrow(want);
    expect(() => functionConfig({ ...composer, ...given })).toThrow(expect.objectContaining({ exitCode: 2 }));
  });
});
