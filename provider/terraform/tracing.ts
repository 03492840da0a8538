/** What the provider loads when traces are asked for: a bundle of its own, since Terraform starts the provider several times for each command. */
export { startTracing } from '#core/tracing/start';
