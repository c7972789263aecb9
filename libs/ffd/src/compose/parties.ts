import type { Agent, SectoralProps, Supplier } from '@kkt/contracts';
import { TAG } from '../tags/tag-numbers';
import { Fields } from './fields';

/** `YYYY-MM-DD` to the `DD.MM.YYYY` of tag 1263. */
export const ruDate = (date: string): string => {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date);
  return match === null ? date : `${match[3]}.${match[2]}.${match[1]}`;
};

/** Children of 1223, which are also the receipt-level agent requisites of FFD 1.05 and 1.1. */
export function agentFields(agent: Agent): Fields {
  return new Fields()
    .texts(TAG.transferOperatorPhone, agent.transfer?.phones)
    .text(TAG.agentOperation, agent.operation)
    .texts(TAG.payingAgentPhone, agent.payingPhones)
    .texts(TAG.receiveOperatorPhone, agent.receivePhones)
    .text(TAG.transferOperatorName, agent.transfer?.name)
    .text(TAG.transferOperatorAddress, agent.transfer?.address)
    .text(TAG.transferOperatorInn, agent.transfer?.inn);
}

/** Children of 1224. */
export function supplierFields(supplier: Supplier): Fields {
  return new Fields().texts(TAG.supplierPhone, supplier.phones).text(TAG.supplierName, supplier.name);
}

/** Children of 1260 and 1261. */
export function industryFields(props: SectoralProps): Fields {
  return new Fields()
    .text(TAG.industryFoiv, props.federalId)
    .text(TAG.industryDate, ruDate(props.date))
    .text(TAG.industryNumber, props.number)
    .text(TAG.industryValue, props.value);
}
