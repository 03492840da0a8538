/** Which value a cluster of a template gives to a variable. */
import type { TemplateVariable } from './template.ts';

/** What a cluster gets of a template's values for one profile; variables without any are left out. */
export function valuesFor(
  variables: readonly TemplateVariable[],
  clusterUid: string,
): { readonly name: string; readonly value: string }[] {
  return variables.flatMap((variable) => {
    const value = valueFor(variable, clusterUid);
    return value === undefined || value === '' ? [] : [{ name: variable.name, value }];
  });
}

export function valueFor(variable: TemplateVariable, clusterUid: string): string | undefined {
  const own =
    variable.assignStrategy === 'cluster' ? variable.clusters.find(({ uid }) => uid === clusterUid)?.value : undefined;
  return own ?? variable.value;
}

/** The variables with a cluster's own values; a name that stands in none is added as the cluster's. */
export function withClusterValues(
  variables: readonly TemplateVariable[],
  clusterUid: string,
  given: readonly { readonly name: string; readonly value: string }[],
): TemplateVariable[] {
  const names = new Set(variables.map(({ name }) => name));
  const added = given
    .filter(({ name }) => !names.has(name))
    .map(({ name }): TemplateVariable => ({ name, assignStrategy: 'cluster', clusters: [] }));
  return [...variables, ...added].map((variable) => {
    const value = given.find(({ name }) => name === variable.name)?.value;
    if (value === undefined) return variable;
    const others = variable.clusters.filter(({ uid }) => uid !== clusterUid);
    return { ...variable, clusters: value === '' ? others : [...others, { uid: clusterUid, value }] };
  });
}
