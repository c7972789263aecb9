import { COMMANDS } from '@kkt/atol-protocol';
import { decodeTlv, encodeTlv, tagByNumber, TAG, type TlvNode } from '@kkt/ffd';
import { FN_ONLY_TAGS } from '../../fn/compose';
import { on } from '../command-handler';
import type { KktDevice } from '../kkt-device';
import { ITEM_TAGS, REPEATABLE_TAGS } from '../receipt-in-progress';
import { DEVICE_ERROR, DeviceRefusal, EXTENDED_ERROR, extendedRefusal } from '../refusal';

/** Largest block of E9, bytes. */
const BLOCK_BYTES = 200;

/** Where an attribute goes now: the open item, the open receipt, or the next report. */
function shelfFor(device: KktDevice, tag: number): TlvNode[] {
  const { receipt } = device;
  if (!receipt) return device.reportAttributes;
  const itemTag = ITEM_TAGS.has(tag);
  if (receipt.itemAttributes) {
    if (!itemTag)
      throw extendedRefusal(EXTENDED_ERROR.receiptAttributeInItem, 'receipt attribute after EA', tag);
    return receipt.itemAttributes;
  }
  if (itemTag) throw extendedRefusal(EXTENDED_ERROR.itemNotBegun, 'EA was not given', tag);
  return receipt.attributes;
}

function checkTaxSystem(device: KktDevice, value: unknown): void {
  const registered = device.fn?.drive.registration?.taxSystems ?? 0;
  const single = typeof value === 'number' && value > 0 && (value & (value - 1)) === 0;
  if (!single || (registered & value) === 0) {
    throw extendedRefusal(EXTENDED_ERROR.badTaxSystem, 'tax system is not registered', TAG.taxSystem);
  }
}

function take(device: KktDevice, node: TlvNode): void {
  const { tag } = node;
  if (FN_ONLY_TAGS.has(tag) || tag === TAG.settlementSign || tag === TAG.total || tag === TAG.item) {
    throw extendedRefusal(EXTENDED_ERROR.attributeForbidden, 'the device writes it itself', tag);
  }
  if (device.receipt && tag === TAG.taxSystem) checkTaxSystem(device, node.value);
  const shelf = shelfFor(device, tag);
  const repeated = shelf.some((given) => given.tag === tag);
  if (repeated && !REPEATABLE_TAGS.has(tag) && !tagByNumber(tag)?.repeats) {
    throw extendedRefusal(EXTENDED_ERROR.attributeRepeated, 'attribute is already written', tag);
  }
  shelf.push(node);
}

/** E8 and E9: requisites of the document being made. */
export const attributeHandlers = [
  on(COMMANDS.writeAttribute, (device, { blockCount, blockNumber, data }) => {
    if (blockNumber === 0) device.assembler.reset();
    const whole = device.assembler.push({ blockCount, blockNumber, data });
    if (!whole) return {};
    let nodes: TlvNode[];
    try {
      nodes = decodeTlv(whole, { origin: 'CLIENT' });
    } catch {
      throw new DeviceRefusal(DEVICE_ERROR.badFormat, 'attribute is no TLV');
    }
    for (const node of nodes) take(device, node);
    return {};
  }),
  on(COMMANDS.readAttribute, (device, { tag, blockNumber }) => {
    const places = [device.receipt?.itemAttributes, device.receipt?.attributes, device.reportAttributes];
    const found = places.flatMap((nodes) => nodes ?? []).concat(device.registrationNodes());
    const node = found.find((given) => given.tag === tag);
    if (!node) throw extendedRefusal(EXTENDED_ERROR.attributeMissing, 'no such attribute', tag);
    const tlv = encodeTlv([node]);
    return {
      blockCount: Math.ceil(tlv.length / BLOCK_BYTES),
      data: tlv.subarray(blockNumber * BLOCK_BYTES, (blockNumber + 1) * BLOCK_BYTES),
    };
  }),
];
