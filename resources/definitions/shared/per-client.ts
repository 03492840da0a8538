import { originOf } from '#openapi/client/index';

/** Milliseconds that an answer is used for: long enough for one Terraform command over many resources, short enough to notice a push. */
const LIFE_MS = 15_000;

/**
 * Shares answers of an API among all who ask the same client the same question at about the same
 * time: a hundred profiles made of the same packs look each pack up once. Two clients never see
 * each other's answers unless one was made of the other, and a failure is not kept.
 */
export function perClient<Client extends object, Arguments extends readonly unknown[], Result>(
  load: (client: Client, ...given: Arguments) => Promise<Result>,
  { lifeMs = LIFE_MS, now = Date.now }: { readonly lifeMs?: number; readonly now?: () => number } = {},
): (client: Client, ...given: Arguments) => Promise<Result> {
  const kept = new WeakMap<object, Map<string, { readonly answer: Promise<Result>; readonly askedAt: number }>>();
  return async (client, ...given) => {
    const answers =
      kept.get(originOf(client)) ?? new Map<string, { readonly answer: Promise<Result>; readonly askedAt: number }>();
    kept.set(originOf(client), answers);
    const key = JSON.stringify(given);
    const known = answers.get(key);
    if (known !== undefined && now() - known.askedAt < lifeMs) return known.answer;
    const entry = { answer: load(client, ...given), askedAt: now() };
    // The oldest come first: what nobody asks for any more must not stay for as long as the client lives.
    answers.delete(key);
    answers.set(key, entry);
    for (const [old, { askedAt }] of answers) {
      if (now() - askedAt < lifeMs) break;
      answers.delete(old);
    }
    entry.answer.catch(() => {
      if (answers.get(key) === entry) answers.delete(key);
    });
    return entry.answer;
  };
}
