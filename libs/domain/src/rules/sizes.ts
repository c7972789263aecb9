import type { Agent, ReceiptContent, ReceiptItem, SectoralProps, Supplier } from '@kkt/contracts';
import type { Refusals } from '../refusal';

/**
 * Lengths of the documents that a receipt will become, counted without composing them: tag and length take four
 * bytes, a text takes its characters (they are CP866 by now), money the bytes it needs.
 * Limits of FFD 1.2: item 1024, agent and supplier data 512, user requisite 320, document 32768.
 */
const head = 4;
const itemLimit = 1024;
const partyLimit = 512;
const userPropsLimit = 320;
const documentLimit = 32_768;

/** What register and FN add around the shop's data: names, addresses, sites, numbers; the longest such set is shorter. */
const reserved = 2048;

const textBytes = (text: string | undefined): number => (text === undefined ? 0 : head + text.length);
const textsBytes = (texts: readonly string[] | undefined): number =>
  texts === undefined ? 0 : texts.reduce((sum, text) => sum + head + text.length, 0);

function numberBytes(value: number | undefined): number {
  if (value === undefined) return 0;
  let bytes = 1;
  for (let rest = value; rest >= 256; rest /= 256) bytes++;
  return head + bytes;
}

function agentBytes(agent: Agent): number {
  const transfer = agent.transfer;
  return (
    textBytes(agent.operation) +
    textsBytes(agent.payingPhones) +
    textsBytes(agent.receivePhones) +
    textsBytes(transfer?.phones) +
    textBytes(transfer?.name) +
    textBytes(transfer?.address) +
    (transfer?.inn === undefined ? 0 : head + 12)
  );
}

const supplierBytes = (supplier: Supplier): number => textsBytes(supplier.phones) + textBytes(supplier.name);

const sectoralBytes = (list: readonly SectoralProps[] | undefined): number =>
  list === undefined
    ? 0
    : list.reduce(
        (sum, props) =>
          sum +
          head +
          textBytes(props.federalId) +
          head +
          10 +
          textBytes(props.number) +
          textBytes(props.value),
        0,
      );

/** Flags and codes of one byte each: 1214, 1212, 1199, 2108, 2102, 2106 and the agent's kind. */
const itemCodes = 7 * (head + 1);
/** Tag 1163 around its identifier, which is at most 38 bytes whatever the full code was. */
const markBytes = head + head + 38;

function itemBytes(item: ReceiptItem): number {
  return (
    itemCodes +
    textBytes(item.name) +
    numberBytes(item.priceKop) +
    numberBytes(item.quantityMicro) +
    1 +
    numberBytes(item.sumKop) +
    numberBytes(item.vatSumKop) +
    numberBytes(item.exciseKop) +
    textBytes(item.unit) +
    textBytes(item.userData) +
    textBytes(item.countryCode) +
    textBytes(item.declaration) +
    (item.nomenclatureHex === undefined ? 0 : head + item.nomenclatureHex.length / 2) +
    (item.mark ? markBytes : 0) +
    (item.markQuantity
      ? head +
        head +
        24 +
        numberBytes(item.markQuantity.numerator) +
        numberBytes(item.markQuantity.denominator)
      : 0) +
    sectoralBytes(item.sectoral) +
    (item.agent ? head + agentBytes(item.agent) : 0) +
    (item.supplier ? head + supplierBytes(item.supplier) + head + 12 : 0)
  );
}

function checkParty(bytes: number, path: string, tag: number, refusals: Refusals): void {
  if (bytes > partyLimit)
    refusals.add('TooLong', path, tag, `данные занимают ${bytes} байт, наибольшее ${partyLimit}`);
}

/** Refuses what would not fit into the requisites or the document. */
export function checkSizes(content: ReceiptContent, refusals: Refusals): void {
  let total = reserved;
  content.items.forEach((item, index) => {
    const at = `items[${index}]`;
    const bytes = itemBytes(item);
    total += head + bytes;
    if (item.agent) checkParty(agentBytes(item.agent), `${at}.agent_info`, 1223, refusals);
    if (item.supplier) checkParty(supplierBytes(item.supplier), `${at}.supplier_info`, 1224, refusals);
    if (bytes > itemLimit)
      refusals.add('TooLong', at, 1059, `позиция занимает ${bytes} байт, наибольшее ${itemLimit}`);
  });
  if (content.userProps) {
    const bytes = textBytes(content.userProps.name) + textBytes(content.userProps.value);
    total += head + bytes;
    if (bytes > userPropsLimit)
      refusals.add(
        'TooLong',
        'additional_user_props',
        1084,
        `реквизит занимает ${bytes} байт, наибольшее ${userPropsLimit}`,
      );
  }
  total += sectoralBytes(content.sectoral);
  for (const line of content.cashless ?? [])
    total += head + 2 * (head + 6) + textBytes(line.id) + textBytes(line.info);
  if (total > documentLimit)
    refusals.add('TooLong', 'items', 1059, `чек занимает около ${total} байт, наибольшее ${documentLimit}`);
}
