/** What is wrong with a profile that can be told without its packs. */
import semver from 'semver';

import { validateVariableDefinition } from '#packs/variables';
import type { ProfileDocument, ProfileLayer } from '#profiles/document';
import { titleOf, type ProfileProblem } from '#profiles/problem';
import { isPlainVersion } from '#profiles/version';

import { checkMacros } from './check-macros.ts';
import { checkTexts } from './check-texts.ts';

/** Every problem, in the order of the document: what a plane would refuse is an error. */
export function checkDocument(document: ProfileDocument): ProfileProblem[] {
  const profile = titleOf(document);
  const large = checkSizes(document);
  return [
    ...checkHead(document),
    ...checkVariables(document),
    ...checkStack(document),
    ...large,
    // What is too large is not read.
    ...(large.length > 0 ? [] : [...document.layers.flatMap((layer) => checkTexts(layer)), ...checkMacros(document)]),
  ].map((problem) => ({ profile, ...problem }));
}

/** Most characters of the values, or of a manifest, of one layer. The largest of honest ones, definitions, have one million. */
const MAX_TEXT = 8 * 1024 * 1024;

function checkSizes({ layers }: ProfileDocument): Found[] {
  return layers.flatMap(({ name, values, manifests }) =>
    [{ file: 'values', text: values }, ...manifests.map((one) => ({ file: `manifest ${one.name}`, text: one.content }))]
      .filter(({ text }) => text.length > MAX_TEXT)
      .map(({ file, text }): Found => ({
        ...error('too-large', `${text.length} characters; at most ${MAX_TEXT}`, name),
        file,
      })),
  );
}

type Found = Omit<ProfileProblem, 'profile'>;

function error(rule: string, message: string, layer?: string): Found {
  return { severity: 'error', rule, message, ...(layer === undefined ? {} : { layer }) };
}

function checkHead({ name, version, layers }: ProfileDocument): Found[] {
  const found: Found[] = [];
  if (name.trim() === '' || name !== name.trim())
    found.push(error('profile-name', 'expected a name without blanks around it'));
  if (semver.valid(version) === null || version.startsWith('v'))
    found.push(error('profile-version', `the version ${JSON.stringify(version)} is no semantic version such as 1.4.2`));
  if (layers.length === 0)
    found.push({
      severity: 'warning',
      rule: 'empty-profile',
      message: 'it has no layers, so clusters get nothing of it',
    });
  return found;
}

function checkVariables({ variables }: ProfileDocument): Found[] {
  return variables.flatMap((variable, index) => {
    const { name, hidden, required, defaultValue, isSensitive } = variable;
    const found = validateVariableDefinition(variable).map(({ message }) => error('variable-definition', message));
    if (variables.findIndex((other) => other.name === name) !== index)
      found.push(error('variable-definition', `variable ${name}: it is defined twice`));
    if (hidden && required && !defaultValue)
      found.push(error('variable-definition', `variable ${name}: it is hidden and required, so it needs a default`));
    if (isSensitive && defaultValue)
      found.push({
        severity: 'warning',
        rule: 'secret-in-profile',
        message: `variable ${name}: it is sensitive, and its default stands openly in the profile; let clusters give the value`,
      });
    return found;
  });
}

function checkStack({ type, layers }: ProfileDocument): Found[] {
  const found: Found[] = [];
  for (const [index, layer] of layers.entries()) {
    const before = layers.slice(0, index);
    if (before.some(({ name }) => name === layer.name))
      found.push(error('duplicate-layer', 'the layer stands twice; give one of them a name of its own', layer.name));
    const addon = layer.layer === 'addon';
    const other = before.find((candidate) => candidate.layer === layer.layer);
    if (!addon && other)
      found.push(
        error('layer-kind', `${other.name} is of layer ${layer.layer} too; a profile holds one of it`, layer.name),
      );
    if (type === 'add-on' && !addon)
      found.push(
        error('layer-kind', `it is of layer ${layer.layer}; a profile of type add-on holds add-ons only`, layer.name),
      );
    if (type === 'infra' && addon)
      found.push(
        error(
          'layer-kind',
          'it is an add-on; a profile of type infra holds kernel, os, k8s, cni and csi only',
          layer.name,
        ),
      );
    found.push(...checkVersion(layer));
    for (const [at, { name }] of layer.manifests.entries()) {
      if (layer.manifests.findIndex((manifest) => manifest.name === name) !== at)
        found.push(error('duplicate-manifest', `the manifest ${name} stands there twice`, layer.name));
    }
  }
  return found;
}

function checkVersion({ name, type, version, manifests }: ProfileLayer): Found[] {
  if (type === 'manifest')
    return manifests.length === 0
      ? [{ severity: 'warning', rule: 'empty-layer', layer: name, message: 'it is of manifests alone and has none' }]
      : [];
  const words = version.trim();
  return words === '' ||
    words === 'latest' ||
    isPlainVersion(words) ||
    semver.validRange(words, { loose: true }) !== null
    ? []
    : [
        error(
          'layer-version',
          `${JSON.stringify(version)} is no version, no tag such as 1.2.x and no range such as ^1.2.0`,
          name,
        ),
      ];
}
