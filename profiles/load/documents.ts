import { z } from 'zod';

import { looksLikeProfile } from '#profiles/authoring/attached';
import { ProfileDocument } from '#profiles/document';
import { ProfileError } from '#profiles/problem';
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
  if (parsed.success) return parsed.data;
  const name: unknown =
    typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string' ? value.name : '';
  throw new ProfileError(
    parsed.error.issues.map((issue) => ({
      severity: 'error',
      profile: String(name),
      ...place,
      rule: 'profile-shape',
      message: `${z.core.toDotPath(issue.path) || 'the profile'}: ${issue.message}`,
    })),
  );
}
