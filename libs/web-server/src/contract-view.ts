import type { ClientDocumentRow } from '@kkt/storage';
import type { ContractView } from '@kkt/web-contract';
import { momentOrNull } from './views';

export const contractView = (row: ClientDocumentRow): ContractView => ({
  id: row.id,
  clientName: row.clientName,
  number: row.number,
  day: row.day,
  state: row.state,
  signer: row.clientSigner,
  signedAt: momentOrNull(row.signedAt),
  decidedBy: row.decidedBy,
  decidedAt: momentOrNull(row.decidedAt),
  note: row.note,
  checks: row.signatureChecks,
});
