/** Definitions of every resource and data source, and the engine that they are written with. */
export * from './engine/index.ts';
export { dataSources, resources, type DataSourceType, type ResourceType } from './registry.ts';
