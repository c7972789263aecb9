import type { PaymentConnection } from '@kkt/storage';
import type { Sealer } from '@kkt/security';
import type { ConnectionFacts, ConnectionSettings, ProviderName } from '../core/types';

/** What the shop's secrets are sealed for; see `Sealer`. */
export const sealPurpose = 'payment connection';

export const sealSecrets = (
  sealer: Sealer,
  connectionId: string,
  secrets: Readonly<Record<string, string>>,
): Buffer => sealer.seal(JSON.stringify(secrets), connectionId);

/** A stored connection with its secrets opened, as adapters and clients take it. */
export const factsOfConnection = (sealer: Sealer, row: PaymentConnection): ConnectionFacts => ({
  provider: row.provider as ProviderName,
  secrets: JSON.parse(sealer.open(row.secrets, row.id)) as Record<string, string>,
  settings: row.settings as ConnectionSettings,
});
