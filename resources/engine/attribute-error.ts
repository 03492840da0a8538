/** Where a value stands in a definition's own words: camelCase keys, indexes of lists, keys of maps. */
export type AttributePath = readonly (string | number)[];

/** A failure that belongs to one attribute of the configuration; Terraform shows it at that line. */
export class AttributeError extends Error {
  readonly code = 'InvalidAttribute';
  readonly path: AttributePath;
  readonly summary: string;
  readonly detail: string;

  /**
   * @param path `['pack', 0, 'tag']`; a path into a set ends at the set, whose elements have no address
   * @param summary one line: what is wrong
   * @param detail what was expected, and what to do
   */
  constructor(path: AttributePath, summary: string, detail: string, options?: ErrorOptions) {
    super(`${summary}: ${detail}`, options);
    this.name = 'AttributeError';
    this.path = path;
    this.summary = summary;
    this.detail = detail;
  }
}
