import { FarmError } from '@kkt/contracts';
import { type Buyer, fileName, paperPdf, type Seller } from '@kkt/papers';
import { MoneyReadStore, RequisitesStore, type Sql } from '@kkt/storage';

/** Both sides of a client's papers. @throws FarmError SYS-REQUISITES while the farm's own are not written */
export async function partiesOf(sql: Sql, clientId: string): Promise<{ seller: Seller; buyer: Buyer }> {
  const store = new RequisitesStore(sql);
  const seller = await store.farm();
  if (!seller) throw new FarmError('SYS-REQUISITES', 'The farm has no requisites: papers cannot be made');
  const [{ name, inn }, own] = await Promise.all([store.clientName(clientId), store.client(clientId)]);
  return {
    seller,
    buyer: {
      name: own?.fullName ?? name,
      inn,
      kpp: own?.kpp ?? null,
      ogrn: own?.ogrn ?? null,
      address: own?.address ?? null,
      bankName: own?.bankName ?? null,
      bik: own?.bik ?? null,
      account: own?.account ?? null,
      headPost: own?.headPost ?? null,
      headName: own?.headName ?? null,
      actsOn: own?.actsOn ?? null,
    },
  };
}

/** A paper of a client as a file; undefined for another's. */
export async function paperFile(
  sql: Sql,
  clientId: string,
  number: string,
): Promise<{ name: string; body: Buffer } | undefined> {
  const paper = await new MoneyReadStore(sql).paper(clientId, number);
  if (!paper) return undefined;
  const parties = await partiesOf(sql, clientId);
  return { name: fileName(number), body: await paperPdf({ paper, ...parties }) };
}
