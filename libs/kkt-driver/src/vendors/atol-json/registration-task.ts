import { AGENT_WORDS, FFD_WORDS, TAXATION_WORDS, wordsOf } from '@kkt/atol-protocol';
import type { RegistrationData } from '../../device';
import { operatorOf } from './receipt-task';
import type { JsonTask } from './web-server';

const TASK_OF_KIND = {
  new: 'registration',
  'fn-change': 'fnChange',
  parameters: 'changeRegistrationParameters',
} as const;

/** Bits of tag 1205 as numbers from 1: ours, only the name `changeInfoReasons` is public. */
const reasonsOf = (mask: number): number[] =>
  Array.from({ length: 32 }, (_, bit) => bit + 1).filter(
    (number) => Math.floor(mask / 2 ** (number - 1)) % 2 === 1,
  );

/**
 * The task of a registration (form 1) or a re-registration (form 11). Fields: atol-protocol facts, section 6.
 * The INN and the RNM of a register stay what they were, so a re-registration repeats them.
 */
export function registrationTask(data: RegistrationData): JsonTask {
  const operator = operatorOf(data.cashier?.name, data.cashier?.inn);
  const isChange = data.kind !== 'new';
  return {
    type: TASK_OF_KIND[data.kind],
    ...(operator ? { operator } : {}),
    ...(isChange ? { changeInfoReasons: reasonsOf(data.reasons ?? 0) } : {}),
    organization: {
      name: data.userName,
      vatin: data.inn,
      email: data.senderEmail,
      taxationTypes: wordsOf(data.taxSystems, TAXATION_WORDS),
      agents: wordsOf(data.agents ?? 0, AGENT_WORDS),
      address: data.address,
    },
    device: {
      registrationNumber: data.rnm,
      fnsUrl: data.fnsSite,
      paymentsAddress: data.place,
      ffdVersion: FFD_WORDS[data.ffd],
      offlineMode: false,
      autoMode: data.automaticMode,
      machineInstallation: data.machineNumber !== undefined,
      machineNumber: data.machineNumber,
      internet: data.internetOnly,
      service: data.services,
      excise: data.excise,
      marking: data.marking,
      bso: false,
      encryption: false,
      gambling: false,
      lottery: false,
      ...(data.defaultTaxSystem ? { defaultTaxationType: TAXATION_WORDS[data.defaultTaxSystem] } : {}),
    },
    ofd: { name: data.ofdName, vatin: data.ofdInn },
  };
}
