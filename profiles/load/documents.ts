import { z } from 'zod';

import { looksLikeProfile } from '#profiles/authoring/attached';
import { ProfileDocument, ProfileLayer, Variable } from '#profiles/document';
import { ProfileError } from '#profiles/problem';
import { isJsonObject } from '#packs/index';
import { didYouMean } from '#packs/macros/suggest';
import { parseYamlStream, type YamlDocument } from '#packs/yaml';

/**
 * The profiles of a text in YAML or JSON: one or several documents, or a list of them. What is of another kind is passed
 * over.
 *
 * @throws ProfileError with line and field of what is wrong.
 */
export function documentsOfText(file: string, text: string): readonly ProfileDocument[] {
  const { documents, problems } = parseYamlStream(text);
  if (problems.length > 0) {
    throw new ProfileError(
      problems.map((problem) => ({ severity: 'error', profile: '', file, rule: 'yaml-syntax', ...problem })),
    );
  }
  return documents.flatMap(({ value, line }: YamlDocument) =>
    (Array.isArray(value) ? value : [value])
      .filter(looksLikeProfile)
      .map((candidate) => parseDocument(candidate, { file, line })),
  );
}

/** @throws ProfileError that names each field with what was expected. */
export function parseDocument(
  value: unknown,
  place: { readonly file: string; readonly line?: number },
): ProfileDocument {
  const parsed = ProfileDocument.safeParse(value);
  const messages = parsed.success
    ? unknownFields(value, parsed.data, '')
    : parsed.error.issues.map((issue) => `${z.core.toDotPath(issue.path) || 'the profile'}: ${issue.message}`);
  if (parsed.success && messages.length === 0) return parsed.data;
  const name: unknown =
    typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' ? value.name : '';
  throw new ProfileError(
    messages.map((message) => ({
      severity: 'error',
      profile: String(name),
      ...place,
      rule: 'profile-shape',
      message,
    })),
  );
}

/** Fields that reading passed over: a misspelt one must not be lost. */
function unknownFields(given: unknown, read: unknown, path: string): string[] {
  if (Array.isArray(given) && Array.isArray(read))
    return given.flatMap((item, index) => unknownFields(item, read[index], `${path}[${index}]`));
  if (!isJsonObject(given) || !isJsonObject(read)) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (value === undefined) return [];
    if (key in read) return unknownFields(value, read[key], at);
    return [`${at}: there is no such field${didYouMean(key, FIELDS)}`];
  });
}

const FIELDS = [ProfileDocument, ProfileLayer, Variable].flatMap(({ shape }) => Object.keys(shape));
