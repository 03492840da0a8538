/**
 * Whoever registers a registry makes the plane speak to an address of their choice. Private networks are where
 * registries stand, so they are allowed; what only this machine or its cloud should reach is not.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

import { RegistryError } from './registry-error.ts';

export interface AddressGuard {
  /** For `net.connect`: resolves a name and leaves out what is refused, so the address that was checked is connected to. */
  readonly lookup: LookupFunction;
  /** @throws RegistryError for a host that is an address and refused; names are checked when they are looked up. */
  check(hostname: string): void;
}

/** Resolves a name to all its addresses. */
export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const systemResolve: Resolve = (hostname, done) => {
  dnsLookup(hostname, { all: true }, done);
};

export function createAddressGuard(options: {
  /** Whether this machine itself may be spoken to: for the embedded environment. */
  readonly allowLoopback: boolean;
  readonly resolve?: Resolve;
}): AddressGuard {
  const refused = refusedAddresses(options.allowLoopback);
  const { resolve = systemResolve } = options;
  const isRefused = (address: string): boolean => {
    const family = isIP(address);
    return family === 0 || refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
  return {
    check: (hostname) => {
      const address = hostname.replace(/^\[|\]$/g, '');
      if (isIP(address) !== 0 && isRefused(address)) throw refusal(address);
    },
    lookup: (hostname, { all }, done) => {
      resolve(hostname, (error, addresses) => {
        const allowed = error ? [] : addresses.filter(({ address }) => !isRefused(address));
        const [first] = allowed;
        if (first === undefined) {
          const failure = error ?? (addresses.length === 0 ? notResolved(hostname) : refusal(hostname));
          done(failure, '', 0);
        } else if (all === true) done(null, allowed);
        else done(null, first.address, first.family);
      });
    },
  };
}

function refusal(host: string): RegistryError {
  return new RegistryError(
    'RegistryAddressRefused',
    `${host} leads to an address that the plane does not speak to (this machine itself, or a service of its cloud)`,
  );
}

function notResolved(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}

function refusedAddresses(allowLoopback: boolean): BlockList {
  const list = new BlockList();
  // This host and this network, link-local (cloud metadata stands there), multicast, reserved, broadcast.
  list.addSubnet('0.0.0.0', 8, 'ipv4');
  list.addSubnet('169.254.0.0', 16, 'ipv4');
  list.addSubnet('224.0.0.0', 3, 'ipv4');
  // Metadata services that are not link-local.
  list.addAddress('100.100.100.200', 'ipv4');
  list.addSubnet('192.0.0.0', 24, 'ipv4');
  list.addAddress('168.63.129.16', 'ipv4');
  list.addAddress('fd00:ec2::254', 'ipv6');
  list.addAddress('::', 'ipv6');
  list.addSubnet('fe80::', 10, 'ipv6');
  list.addSubnet('ff00::', 8, 'ipv6');
  // IPv4 written in IPv6 in ways that a gateway may undo: NAT64, 6to4, compatible addresses.
  list.addSubnet('64:ff9b::', 96, 'ipv6');
  list.addSubnet('2002::', 16, 'ipv6');
  if (!allowLoopback) {
    list.addSubnet('127.0.0.0', 8, 'ipv4');
    list.addAddress('::1', 'ipv6');
  }
  return list;
}
