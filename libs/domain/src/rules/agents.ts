import type { Agent, FfdVersion, Supplier } from '@kkt/contracts';
import { isInn } from '@kkt/ffd';
import type { Refusals } from '../refusal';
import { fiscalText } from '../texts';

/** Bits of tag 1222 that are payment agents: bank agent and subagent, agent and subagent. */
const payingAgents = 1 | 2 | 4 | 8;

/** Agent data with texts as the document can hold them (tags 1044, 1026, 1005). */
export function cleanAgent(agent: Agent, path: string, refusals: Refusals): Agent {
  const transfer = agent.transfer;
  if (transfer?.inn !== undefined && !isInn(transfer.inn))
    refusals.add(
      'InnChecksum',
      `${path}.money_transfer_operator.inn`,
      1016,
      'контрольное число ИНН оператора перевода не сходится',
    );
  return {
    ...agent,
    ...(agent.operation !== undefined && { operation: fiscalText(agent.operation, 24) || undefined }),
    ...(transfer && {
      transfer: {
        ...transfer,
        ...(transfer.name !== undefined && { name: fiscalText(transfer.name, 64) || undefined }),
        ...(transfer.address !== undefined && { address: fiscalText(transfer.address, 256) || undefined }),
      },
    }),
  };
}

export function cleanSupplier(supplier: Supplier, path: string, refusals: Refusals): Supplier {
  if (supplier.inn !== undefined && !isInn(supplier.inn))
    refusals.add('InnChecksum', `${path}.inn`, 1226, 'контрольное число ИНН поставщика не сходится');
  return {
    ...supplier,
    ...(supplier.name !== undefined && { name: fiscalText(supplier.name, 256) || undefined }),
  };
}

/**
 * An agent sells for somebody: the supplier must be named (tags 1224, 1226). By FFD 1.2 payment agents also give the
 * supplier's name and telephone. `at` is the place in the receipt, with a trailing dot, or empty.
 */
export function checkAgent(
  agent: Agent | undefined,
  supplier: Supplier | undefined,
  at: string,
  ffd: FfdVersion,
  refusals: Refusals,
): void {
  if (!agent) return;
  if (!supplier) {
    refusals.add('SupplierRequired', `${at}supplier_info`, 1224, 'для агента укажите поставщика');
    return;
  }
  if (ffd === 4 && (agent.kind & payingAgents) !== 0 && (!supplier.name || !supplier.phones?.length))
    refusals.add(
      'SupplierIncomplete',
      `${at}supplier_info`,
      1224,
      'для платёжного агента укажите наименование и телефон поставщика',
    );
}
