/** The list of what is reached without a proxy, as other programs read NO_PROXY. */
import { BlockList, isIP } from 'node:net';

export interface NetworkTarget {
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
}

/**
 * Whether `list` excepts the target. Entries are joined by commas or spaces: `*`, a name with all that is below it
 * (`example.com`, `.example.com`, `*.example.com`), an address, or a range of addresses (`10.0.0.0/8`); each but a
 * range may end in `:port`. Names are never resolved to be compared with addresses: behind a proxy there may be no DNS.
 */
export function isExcepted({ host, port }: NetworkTarget, list: string): boolean {
  const name = plainName(host);
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && covers(entry, name, port));
}

/** This very machine: never behind a proxy. */
export function isLoopback(host: string): boolean {
  const name = plainName(host);
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/** Lower case, without the brackets of an IPv6 address and the dot that ends a full name. */
function plainName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function covers(entry: string, name: string, port: number): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return inRange(entry, name);
  const [pattern, onlyPort] = splitPort(entry);
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (isIP(pattern) !== 0) return isIP(name) !== 0 && inRange(`${pattern}/${isIP(pattern) === 4 ? 32 : 128}`, name);
  const suffix = pattern.replace(/^\*?\./, '').replace(/\.$/, '');
  if (suffix === '' || isIP(name) !== 0) return false;
  return name === suffix || name.endsWith(`.${suffix}`);
}

/** `name:443`, `[::1]:443`, or an address alone, whose colons are its own. */
function splitPort(entry: string): readonly [pattern: string, port: number | undefined] {
  if (isIP(entry) !== 0) return [entry, undefined];
  const match = /^(?:\[(.+)\]|([^:]*))(?::(\d+))?$/.exec(entry);
  if (!match) return [entry, undefined];
  return [match[1] ?? match[2] ?? '', match[3] === undefined ? undefined : Number(match[3])];
}

function inRange(range: string, name: string): boolean {
  const version = isIP(name);
  const [address = '', bits = ''] = range.replace(/^\[|\]/g, '').split('/');
  const length = Number(bits);
  const most = isIP(address) === 4 ? 32 : 128;
  if (version === 0 || isIP(address) !== version || !/^\d+$/.test(bits) || length > most) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const ranges = new BlockList();
  ranges.addSubnet(address, length, family);
  return ranges.check(name, family);
}
