import type { DesiredLayer, MacroContext } from './desired-state.ts';

/** What macros resolve to in one layer: the document's context, and what its own profile says beside and before it. */
export function layerContext(context: MacroContext, layer: Pick<DesiredLayer, 'profile' | 'variables'>): MacroContext {
  const { uid, name, version } = layer.profile;
  return {
    ...context,
    system: {
      ...context.system,
      'clusterprofile.uid': uid,
      'clusterprofile.name': name,
      'clusterprofile.version': version,
    },
    variables: { ...context.variables, ...layer.variables },
  };
}
