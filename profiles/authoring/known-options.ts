import { didYouMean } from '#packs/macros/suggest';

/**
 * Refuses options that there are not: a program is run without the check of its types, and what it misspells must not be
 * lost.
 *
 * @param what for the message, such as `layer nginx`.
 * @param known each option there is; a record, so that the compiler says which one is missing here.
 * @throws TypeError that names the first such option.
 */
export function refuseUnknown(what: string, options: object, known: Readonly<Record<string, true>>): void {
  const names = Object.keys(known);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${what}: there is no option ${JSON.stringify(unknown)}${didYouMean(unknown, names)}`);
}
