/** Checks what a request says of a channel. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import type { AddressGuard } from '#plane/registry/address-guard';
import { RegistryError } from '#plane/registry/registry-error';

import type { ChannelInput, ChannelRequest } from './channel.ts';

type ApiChannel = components['schemas']['v1Channel'];

const ADDRESS = /^[^\s@<>,;:"'()[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/;
/** As RFC 9110 has names of fields. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
/** No line breaks: they would end the header. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]{0,4096}$/;
/** The transport sets these by itself. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);
const MAX_IDENTIFIERS = 100;
const MAX_HEADERS = 30;
const MAX_BODY = 64 * 1024;

/** @throws PlaneError 422 that names the field, below `at` */
export function readChannel(
  channel: ApiChannel | undefined,
  at: string,
  guard: Pick<AddressGuard, 'check'>,
): ChannelInput {
  const field = (name: string): string => (at === '' ? name : `${at}.${name}`);
  if (!channel) throw invalidRequest(`${at === '' ? 'body' : at}: expected a channel`);
  const type = channel.type ?? (channel.http === undefined ? 'email' : 'http');
  const identifiers = [...new Set((channel.identifiers ?? []).map((text) => text.trim()))];
  const wrong = identifiers.find((text) => !ADDRESS.test(text));
  if (wrong !== undefined)
    throw invalidRequest(
      `${field('identifiers')}: ${JSON.stringify(wrong.slice(0, 100))} is no address of electronic mail`,
    );
  if (identifiers.length > MAX_IDENTIFIERS)
    throw invalidRequest(`${field('identifiers')}: ${identifiers.length} addresses; at most ${MAX_IDENTIFIERS}`);
  const isActive = channel.isActive ?? false;
  const allUsers = channel.alertAllUsers ?? false;
  if (type === 'email' && isActive && !allUsers && identifiers.length === 0) {
    throw invalidRequest(
      `${field('identifiers')}: an active channel of type email needs addresses, or \`alertAllUsers\``,
    );
  }
  if (type === 'http' && channel.http === undefined)
    throw invalidRequest(`${field('http')}: a channel of type http needs url and method`);
  return {
    type,
    isActive,
    allUsers,
    identifiers,
    http: type === 'http' ? readRequest(channel.http, field('http'), guard) : undefined,
    createdBy: channel.createdBy ?? '',
  };
}

function readRequest(http: ApiChannel['http'], at: string, guard: Pick<AddressGuard, 'check'>): ChannelRequest {
  const { url = '', body = '', headers = {} } = http ?? {};
  const method = (http?.method ?? '').toUpperCase();
  if (method !== 'POST' && method !== 'PUT' && method !== 'GET')
    throw invalidRequest(`${at}.method: '${method}' is none; expected POST, PUT or GET`);
  if (!URL.canParse(url)) throw invalidRequest(`${at}.url: expected an address that begins with https:// or http://`);
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    throw invalidRequest(`${at}.url: expected an address that begins with https:// or http://, got ${protocol}`);
  try {
    guard.check(hostname);
  } catch (error) {
    if (error instanceof RegistryError) throw invalidRequest(`${at}.url: ${error.message}`);
    throw error;
  }
  if (Buffer.byteLength(body) > MAX_BODY) throw invalidRequest(`${at}.body: longer than ${MAX_BODY} bytes`);
  const entries = Object.entries(headers);
  if (entries.length > MAX_HEADERS)
    throw invalidRequest(`${at}.headers: ${entries.length} headers; at most ${MAX_HEADERS}`);
  for (const [name, value] of entries) {
    if (!HEADER_NAME.test(name)) throw invalidRequest(`${at}.headers: '${name.slice(0, 100)}' is no name of a header`);
    if (OWN_HEADERS.has(name.toLowerCase()))
      throw invalidRequest(`${at}.headers: '${name}' is set by the plane itself; leave it out`);
    // The value may be a secret.
    if (!HEADER_VALUE.test(value))
      throw invalidRequest(`${at}.headers: the value of '${name}' cannot stand in a header`);
  }
  return { url, method, headers: { ...headers }, body };
}
