export type TracingEnvironment = Readonly<Record<string, string | undefined>>;

/** Whether the environment asks for traces; a file of its own, for processes that must start fast. */
export function wantsTracing(env: TracingEnvironment): boolean {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
  return (
    endpoint !== '' && env['OTEL_SDK_DISABLED']?.toLowerCase() !== 'true' && env['OTEL_TRACES_EXPORTER'] !== 'none'
  );
}
