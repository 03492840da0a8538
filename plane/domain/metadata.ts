import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';

type ObjectMeta = components['schemas']['v1ObjectMeta'];
type Texts = Readonly<Record<string, string>>;

/** The columns that every named object has. */
export interface MetadataRow {
  readonly uid: string;
  readonly name: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** An object's metadata as the API shows it. */
export function toMetadata(row: MetadataRow): ObjectMeta {
  return {
    uid: row.uid,
    name: row.name,
    labels: { ...row.labels },
    annotations: { ...row.annotations },
    creationTimestamp: row.created_at.toISOString(),
    lastModifiedTimestamp: row.updated_at.toISOString(),
  };
}

/** Metadata as a user sent it, ready to be stored. */
export interface NewMetadata {
  readonly name: string;
  /** JSON texts. */
  readonly labels: string;
  readonly annotations: string;
}

const LONGEST_NAME = 128;

/** Reads metadata of a request. @throws PlaneError 422 when the name cannot be one. */
export function readMetadata(metadata: ObjectMeta | undefined): NewMetadata {
  return {
    name: readName(metadata?.name),
    labels: JSON.stringify(metadata?.labels ?? {}),
    annotations: JSON.stringify(metadata?.annotations ?? {}),
  };
}

function readName(name: string | undefined): string {
  if (name === undefined || name.trim() === '') throw invalidRequest('body.metadata.name: a name is needed');
  if (name !== name.trim()) throw invalidRequest('body.metadata.name: must not begin or end with a blank');
  if (name.length > LONGEST_NAME)
    throw invalidRequest(`body.metadata.name: has ${name.length} characters, ${LONGEST_NAME} at most are allowed`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) throw invalidRequest('body.metadata.name: must not hold control characters');
  return name;
}
