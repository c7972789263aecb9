import { BlockList, isIP } from 'node:net';

/** `::ffff:10.0.0.1` is 10.0.0.1 seen by a socket of both families. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** Whether the address is in one of the networks; `10.0.0.0/8` or a single address each. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const text = plain(address);
  const family = isIP(text);
  if (family === 0) return false;
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const type = isIP(base) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(base) === 0) continue;
    list.addSubnet(base, bits === undefined ? (type === 'ipv6' ? 128 : 32) : Number(bits), type);
  }
  return list.check(text, family === 6 ? 'ipv6' : 'ipv4');
}

/** Whether the text is a network as `isInNetworks` takes it. */
export function isNetwork(text: string): boolean {
  const [base = '', bits, rest] = text.split('/');
  const family = isIP(base);
  if (family === 0 || rest !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}
