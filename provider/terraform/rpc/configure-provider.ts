import { connect } from '../configure.ts';
import { fromDynamicValue } from '../convert/from-proto.ts';
import { toDiagnostics } from '../convert/to-proto.ts';
import { isDiagnostic } from '../operation.ts';
import { providerModel, readSettings } from '../provider-config.ts';
import type { Rpc } from '../session.ts';

/** Reads the settings and connects. Settings that are not known yet defer that: a plan can do without. */
export const configureProvider: Rpc<'configureProvider'> = async ({ config, terraformVersion }, session) => {
  const { options } = session;
  // A provider that Terraform attaches to (in tests and debuggers) outlives an interrupted command.
  if (session.stop.signal.aborted) session.stop = new AbortController();
  const outcome = readSettings(fromDynamicValue(providerModel, config) ?? {}, options.env);
  switch (outcome.kind) {
    case 'invalid':
      return { diagnostics: toDiagnostics([outcome.diagnostic]) };
    case 'unknown':
      options.log.info({ setting: outcome.setting }, 'a setting is not known yet');
      session.connection = { kind: 'deferred', setting: outcome.setting };
      return { diagnostics: [] };
    case 'settings': {
      const log = options.log.child({ terraform: terraformVersion });
      const connection = await connect(outcome.settings, {
        createClient: await options.loadClient(),
        version: options.version,
        log,
        signal: session.stop.signal,
      });
      if (isDiagnostic(connection)) return { diagnostics: toDiagnostics([connection]) };
      session.connection = { kind: 'connected', connection };
      return { diagnostics: [] };
    }
  }
};
