import { BlockList, isIP } from 'node:net';

/**
 * Addresses that a call on a stranger's behalf must never reach: private, local, reserved and documentation ranges
 * (IANA special-purpose registries), and those through which IPv4 hides inside IPv6.
 */
// prettier-ignore
const blocked4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24',
  '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24',
  '224.0.0.0/4', '240.0.0.0/4',
];
// prettier-ignore
const blocked6 = [
  // All but 2000::/3, the only global unicast: unspecified, loopback, IPv4 inside IPv6 in each of its forms (::a.b.c.d,
  // ::ffff:a.b.c.d, ::ffff:0:a.b.c.d, NAT64 of 64:ff9b), discard, unique local, link-local, site-local, multicast.
  '::/3', '4000::/2', '8000::/1',
  // Inside it: Teredo, ORCHID and benchmarks; documentation; 6to4; AS112 and relays.
  '2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20',
];

function listOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const list4 = listOf(blocked4, 'ipv4');
const list6 = listOf(blocked6, 'ipv6');

/** Whether an IP address in canonical text is a public one. Anything that is no address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !list4.check(address, 'ipv4');
  return family === 6 && !address.includes('%') && !list6.check(address, 'ipv6');
}
