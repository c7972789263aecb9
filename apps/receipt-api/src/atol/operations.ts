import type { SettlementSign } from '@kkt/contracts';

/** Version of the compatible protocol: 4 speaks FFD 1.05, 5 speaks FFD 1.2. */
export type ProtocolVersion = 4 | 5;

/** What an operation's word means. */
export interface Operation {
  name: string;
  form: 'receipt' | 'correction';
  sign: SettlementSign;
  versions: readonly ProtocolVersion[];
}

const both: readonly ProtocolVersion[] = [4, 5];

const operations: readonly Operation[] = [
  { name: 'sell', form: 'receipt', sign: 1, versions: both },
  { name: 'sell_refund', form: 'receipt', sign: 2, versions: both },
  { name: 'buy', form: 'receipt', sign: 3, versions: both },
  { name: 'buy_refund', form: 'receipt', sign: 4, versions: both },
  { name: 'sell_correction', form: 'correction', sign: 1, versions: both },
  { name: 'sell_refund_correction', form: 'correction', sign: 2, versions: [5] },
  { name: 'buy_correction', form: 'correction', sign: 3, versions: both },
  { name: 'buy_refund_correction', form: 'correction', sign: 4, versions: [5] },
];

const byName = new Map(operations.map((operation) => [operation.name, operation]));

/** The operation of this word in this version; undefined is the protocol's error 31. */
export function operationOf(name: string, version: ProtocolVersion): Operation | undefined {
  const operation = byName.get(name);
  return operation?.versions.includes(version) ? operation : undefined;
}
