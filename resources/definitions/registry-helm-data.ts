import { namedRegistryData } from './shared/named-registry.ts';

export const registryHelmData = namedRegistryData('helm', 'Finds a chart repository by its name.');
