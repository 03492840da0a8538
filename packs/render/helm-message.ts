/** What Helm says about a template, taken apart. */
export interface HelmComplaint {
  /** The file below the chart; absent when Helm names none. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** Where Helm's errors name a place: `chart/templates/x.yaml:12:5`, or `(chart/templates/x.yaml:12)`. */
const PLACE =
  /(?<chart>[\w.-]{1,128})\/(?<file>[\w./-]{1,512}\.(?:ya?ml|tpl|txt|json))(?::(?<line>\d+)(?::(?<column>\d+))?)?/;

/** Characters of a complaint that anybody reads. */
const MAX_MESSAGE = 8192;

/**
 * Takes apart Helm's complaint. The last place named is where it happened: Helm lists the calls
 * from the outside in.
 */
export function parseHelmMessage(text: string): HelmComplaint {
  const message = text
    .slice(0, MAX_MESSAGE)
    .split('\n')
    .filter(
      (line) =>
        !/^(WARNING|coalesce\.go|walk\.go|Use --debug|index\.go|\s*$)/.test(line) && !/^\d{4}\/\d\d\/\d\d /.test(line),
    )
    .join('\n')
    .replace(/^Error: (INSTALLATION FAILED: )?/, '')
    .trim();
  const places = [...message.matchAll(new RegExp(PLACE, 'g'))].map(({ groups }) => groups);
  const withLine = places.filter((groups) => groups?.['line'] !== undefined);
  const place = withLine.at(-1) ?? places.at(-1);
  const line = place?.['line'];
  return {
    ...(place?.['file'] === undefined ? {} : { file: place['file'] }),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(place?.['column'] === undefined ? {} : { column: Number(place['column']) }),
    message: message === '' ? 'helm failed and did not say why' : message,
  };
}
