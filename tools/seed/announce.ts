import type { Settings } from '@kkt/config';
import { ReferenceOperatorRegistry } from '@kkt/operators';
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
  const operator = new ReferenceOperatorRegistry({
    baseUrl: `http://127.0.0.1:${settings.ofdPortalPort}`,
    ...(settings.ofdApiKey && { apiKey: settings.ofdApiKey }),
  });
  for (const register of registers)
    await operator.announce({
      ...register,
      enterpriseName: demoClient.name,
      place: demoShop.paymentAddress,
      address: demoShop.address,
    });
}
