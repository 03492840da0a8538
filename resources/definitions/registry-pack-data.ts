import { namedRegistryData } from './shared/named-registry.ts';

export const registryPackData = namedRegistryData('pack', 'Finds a registry of packs by its name.');
