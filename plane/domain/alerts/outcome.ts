/** What came of a try to deliver an alert. */
export type DeliveryOutcome =
  | { readonly kind: 'sent'; readonly message: string }
  /** `final`: the same again would fail the same. */
  | { readonly kind: 'failed'; readonly message: string; readonly final: boolean };

/** No try takes longer, in milliseconds. */
export const MOST_DELIVERY_MS = 110_000;
