import { namedRegistryData } from './shared/named-registry.ts';

export const registryOciData = namedRegistryData('oci', 'Finds an OCI registry by its name.');
