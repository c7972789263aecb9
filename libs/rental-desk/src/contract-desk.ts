import { createHash } from 'node:crypto';
import { FarmError } from '@kkt/contracts';
import { contractPdf, type DetachedSignature, readDetachedSignature } from '@kkt/papers';
import { BillingStore, ClientDocumentStore, type ClientDocumentRow, type Sql } from '@kkt/storage';
import { todayOf } from './billing';
import { partiesOf } from './paper-desk';
import type { RentalPorts } from './ports';

const state = (text: string): FarmError => new FarmError('CLIENT-STATE', text);

/**
 * Contracts of clients: made, signed by the client with a file of its own, accepted or rejected by the farm, archived. Each
 * method is given the transaction of its caller, who writes down in it who did it.
 */
export class ContractDesk {
  constructor(private readonly ports: RentalPorts) {}

  /** @throws FarmError CLIENT-REQUISITES while the client has not written his requisites */
  async make(sql: Sql, clientId: string, offerUrl: string): Promise<{ id: string; number: string }> {
    const day = todayOf(this.ports);
    const { seller, buyer } = await partiesOf(sql, clientId);
    const { headName, headPost, actsOn, address } = buyer;
    if (!headName || !headPost || !actsOn || !address)
      throw new FarmError('CLIENT-REQUISITES', 'Сначала заполните реквизиты компании', {
        field: 'fullName',
      });
    const store = new ClientDocumentStore(sql);
    await store.archiveUnsigned(clientId);
    const year = Number(day.slice(0, 4));
    const next = await new BillingStore(sql).nextNumber('contract', year);
    const number = `Д-${year}-${String(next).padStart(6, '0')}`;
    const pdf = await contractPdf({ number, day, seller, buyer, offerUrl });
    const id = this.ports.ids.uuid();
    await store.add({ id, clientId, number, day, pdf, sha256: createHash('sha256').update(pdf).digest() });
    return { id, number };
  }

  /**
   * Takes the client's detached signature: of this very file, by a certificate of his company that is valid today.
   * @throws FarmError CLIENT-SIGNATURE with what is wrong, CLIENT-STATE when it is signed already
   */
  async sign(
    sql: Sql,
    id: string,
    client: { id: string; inn: string },
    signature: Buffer,
  ): Promise<DetachedSignature> {
    const today = todayOf(this.ports);
    const store = new ClientDocumentStore(sql);
    const row = await this.found(store, id, client.id);
    if (row.state !== 'made' && row.state !== 'rejected') throw state('Договор уже подписан');
    const file = await store.file(id, client.id);
    if (!file) throw new FarmError('CLIENT-NOT-FOUND', 'Такого договора нет');
    const read = readDetachedSignature(signature, file.pdf);
    const wrong = this.objection(read, client.inn, today);
    if (wrong) throw new FarmError('CLIENT-SIGNATURE', wrong, { field: 'signature' });
    const { signer, ...checks } = read;
    await store.signed(id, signature, signer, checks);
    return read;
  }

  private objection(read: DetachedSignature, inn: string, today: string): string | undefined {
    if (!read.inns.includes(inn))
      return `Сертификат подписи не вашей компании: в нём ${read.inns.length > 0 ? `ИНН ${read.inns.join(', ')}` : 'нет ИНН'}, нужен ${inn}`;
    if (today < read.validFrom || today > read.validTo)
      return `Сертификат подписи действует с ${read.validFrom} по ${read.validTo}`;
    return undefined;
  }

  /** The farm accepts or rejects what the client signed. */
  async decide(
    sql: Sql,
    id: string,
    isAccepted: boolean,
    by: string,
    note: string | null,
  ): Promise<ClientDocumentRow> {
    const store = new ClientDocumentStore(sql);
    const row = await this.found(store, id, null);
    if (row.state !== 'signed') throw state('Договор не ждёт решения');
    if (!isAccepted && !note)
      throw new FarmError('CLIENT-NOTE', 'Напишите причину отказа', { field: 'note' });
    await store.decide(id, isAccepted ? 'in_force' : 'rejected', by, note);
    return row;
  }

  /** Puts away what is not in force. */
  async archive(sql: Sql, id: string, clientId: string, by: string): Promise<void> {
    const store = new ClientDocumentStore(sql);
    const row = await this.found(store, id, clientId);
    if (row.state !== 'made' && row.state !== 'rejected')
      throw state('В архив убирают то, что не подписано или отклонено');
    await store.decide(id, 'archived', by, row.note);
  }

  private async found(
    store: ClientDocumentStore,
    id: string,
    clientId: string | null,
  ): Promise<ClientDocumentRow> {
    const row = await store.lock(id, clientId);
    if (!row) throw new FarmError('CLIENT-NOT-FOUND', 'Такого договора нет');
    return row;
  }
}
