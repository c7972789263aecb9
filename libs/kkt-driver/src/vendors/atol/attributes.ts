import { attributeBlocks, command } from '@kkt/atol-protocol';
import { encodeTlv, type TlvNode } from '@kkt/ffd';
import type { AtolProfile } from './atol.profile';

/** Body of one E8 command. */
export type AttributeRequest = ReturnType<ReturnType<typeof command<'writeAttribute'>>['decodeRequest']>;

const requestsOf = (tlv: Buffer, maxBlockBytes: number): AttributeRequest[] =>
  attributeBlocks(tlv, maxBlockBytes).map((block) => ({ flags: 0, ...block }));

/**
 * Requests of command E8 that write these requisites, in their order and in as few commands as the profile allows.
 * A requisite longer than a block goes alone, cut into blocks.
 */
export function attributeRequests(nodes: readonly TlvNode[], profile: AtolProfile): AttributeRequest[] {
  const { maxBlockBytes, groupsAttributes } = profile;
  const requests: AttributeRequest[] = [];
  let group: Buffer[] = [];
  let size = 0;
  const flush = (): void => {
    if (group.length > 0) requests.push(...requestsOf(Buffer.concat(group), maxBlockBytes));
    group = [];
    size = 0;
  };
  for (const node of nodes) {
    const tlv = encodeTlv([node]);
    if (!groupsAttributes || size + tlv.length > maxBlockBytes) flush();
    group.push(tlv);
    size += tlv.length;
  }
  flush();
  return requests;
}
