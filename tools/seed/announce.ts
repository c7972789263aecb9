import axios from 'axios';
import type { Settings } from '@kkt/config';
import { FarmError } from '@kkt/contracts';
import { demoClient, demoShop } from './demo-data';
import type { SeededRegister } from './seed-demo';

/**
 * Tells the reference operator which registers are about to report to it, as a client does when concluding the contract:
 * an operator refuses documents of registers that it does not know. Safe to repeat.
 */
export async function announceToOperator(
  settings: Settings<'tool'>,
  registers: readonly SeededRegister[],
): Promise<void> {
  const operator = axios.create({
    baseURL: `http://127.0.0.1:${settings.ofdPortalPort}`,
    timeout: 10_000,
    headers: settings.ofdApiKey ? { 'X-Api-Key': settings.ofdApiKey } : {},
    validateStatus: () => true,
  });
  for (const register of registers) {
    const answer = await operator.post('/api/kkts', {
      rnm: register.rnm,
      fnNumber: register.fnNumber,
      inn: register.inn,
      enterpriseName: demoClient.name,
      serial: register.serial,
      model: register.model,
      place: demoShop.paymentAddress,
      address: demoShop.address,
      state: 'active',
    });
    if (answer.status >= 300) {
      throw new FarmError(
        'OFD-REGISTER',
        `The operator refused register ${register.serial}: ${JSON.stringify(answer.data)}`,
      );
    }
  }
}
