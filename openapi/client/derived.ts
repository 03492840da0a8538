/** Clients made of other clients: they add something to the calls and share everything else. */

const origins = new WeakMap<object, object>();

/** Notes that `derived` was made of `client`, so that what is kept for the one serves both. @returns `derived` */
export function derive<Client extends object>(client: Client, derived: Client): Client {
  origins.set(derived, originOf(client));
  return derived;
}

/** The client that this one was made of in the first place, or itself: what is kept by client is kept by this. */
export function originOf(client: object): object {
  return origins.get(client) ?? client;
}
