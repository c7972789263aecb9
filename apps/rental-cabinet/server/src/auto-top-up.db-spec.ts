import type { Acquirer, CardVerdict } from '@kkt/acquiring';
import { topUp } from '@kkt/billing';
import { FarmError, silentLog, systemClock, systemIds } from '@kkt/contracts';
import { AutoTopUpDesk, CardDesk } from '@kkt/rental-desk';
import { BillingStore } from '@kkt/storage';
import type { TestClient } from '@kkt/testing';
import type { AutoTopUpView } from '@kkt/web-contract';
import { startTestCabinet, type TestCabinet } from '../test/test-cabinet';

jest.setTimeout(60_000);

const url = 'https://cabinet.farm.example';
let cabinet: TestCabinet;
let client: TestClient;
type Agent = Awaited<ReturnType<TestCabinet['loggedIn']>>;
let owner: Agent;

/** A bank that remembers what it was asked to take. */
const bank = {
  taken: new Map<string, number>(),
  forgotten: [] as string[],
  refusal: null as string | null,
  isSilent: false,
};
const acquirer: Acquirer = {
  begin: () => Promise.reject(new Error('not asked')),
  ask: async (orderNo): Promise<CardVerdict> => {
    const amountKop = bank.taken.get(orderNo);
    return amountKop === undefined
      ? { state: 'pending' }
      : { state: 'paid', reference: `r-${orderNo}`, amountKop };
  },
  async charge({ orderNo, amountKop }) {
    if (bank.refusal === null) bank.taken.set(orderNo, amountKop);
    if (bank.isSilent) throw new FarmError('WIRE-ACQUIRER', 'the answer was lost');
    return { reference: `r-${orderNo}`, refusal: bank.refusal };
  },
  forget: async (binding) => void bank.forgotten.push(binding),
  refund: async () => ({ ok: false, note: 'not here' }),
  refundedKop: async () => 0,
};

const sweep = async () => {
  const ports = { database: cabinet.database, clock: systemClock, ids: systemIds, log: silentLog };
  const desk = new AutoTopUpDesk(ports, acquirer, url);
  await desk.forget();
  await desk.sweep();
  await cabinet.database.query(
    `update card_payments set ask_at = farm_now() where state in ('new', 'pending')`,
  );
  await new CardDesk(ports, acquirer, url).sweep();
};
const again = () => cabinet.database.query('update auto_top_ups set next_at = farm_now()');
const told = async () =>
  (
    await cabinet.database.query<{ kind: string }>(
      `select kind from notifications where client_id = $1 and kind like 'money.auto-%' order by id`,
      [client.id],
    )
  ).map(({ kind }) => kind.replace('money.auto-', ''));
const view = async () => (await owner.get('/api/money/auto').expect(200)).body as AutoTopUpView;
const balance = async () => (await owner.get('/api/money').expect(200)).body.balanceKop as number;
const spend = (kop: number) =>
  cabinet.database.transaction((sql) =>
    new BillingStore(sql).book({
      key: systemIds.uuid(),
      kind: 'rent_paid',
      day: '2026-11-27',
      text: 'аренда',
      postings: [
        { account: `client:${client.id}`, amountKop: -kop },
        { account: 'revenue', amountKop: kop },
      ],
    }),
  );

beforeAll(async () => {
  cabinet = await startTestCabinet();
  client = await cabinet.rows.client();
  owner = await cabinet.loggedIn(client);
});
afterAll(() => cabinet?.stop());

const wish = (cardId: string, more: object = {}) => ({
  cardId,
  belowKop: 50_000,
  amountKop: 100_000,
  monthLimitKop: 250_000,
  receiptEmail: 'a@b.example',
  consent: 'auto-2026-11',
  ...more,
});

it('remembers a card only when the payer agreed to it, and never shows the bank’s name of it', async () => {
  const pay = async (body: object) => {
    const { body: begun } = await owner
      .post('/api/money/cards')
      .send({ amountKop: 20_000, receiptEmail: 'a@b.example', ...body })
      .expect(201);
    const orderNo = begun.id.replaceAll('-', '');
    const card = {
      binding: `secret-${orderNo}`,
      mask: '220000**0001',
      system: 'MIR',
      expiresOn: '2030-12-31',
    };
    cabinet.verdicts.set(orderNo, { state: 'paid', reference: `b-${orderNo}`, amountKop: 20_000, card });
    await owner.get(`/api/money/cards/${begun.id}`).expect(200);
  };
  await pay({});
  expect((await view()).cards).toEqual([]);
  await pay({ saveConsent: 'card-2026-11' });
  const { cards } = await view();
  expect(cards).toMatchObject([{ mask: '220000**0001', expiresOn: '2030-12-31', savedBy: 'Пётр Первый' }]);
  expect(JSON.stringify(cards)).not.toContain('secret');
  const [kept] = await cabinet.database.query<{ consent: string }>('select consent from saved_cards');
  expect(kept?.consent).toContain('Я прошу банк запомнить карту');
});

it('needs agreement, a card of his own and a limit that holds one sum', async () => {
  const [card] = (await view()).cards;
  const fields = async (body: object) =>
    Object.keys((await owner.put('/api/money/auto').send(body).expect(400)).body.error.fields);
  expect(await fields(wish(card?.id ?? '', { consent: '' }))).toEqual(['consent']);
  expect(await fields(wish(card?.id ?? '', { monthLimitKop: 50_000 }))).toEqual(['monthLimitKop']);
  await owner.put('/api/money/auto').send(wish(systemIds.uuid())).expect(404);
  await owner
    .put('/api/money/auto')
    .send(wish(card?.id ?? ''))
    .expect(204);
});

it('tops up once when the balance is low, also when the bank’s answer is lost, up to the limit of the month', async () => {
  await cabinet.database.transaction((sql) =>
    new BillingStore(sql).book(topUp(client.id, 'bank', 'x', 60_000, '2026-11-27')),
  );
  await sweep();
  expect(await balance()).toBe(100_000);
  await spend(60_000);
  bank.isSilent = true;
  await sweep();
  await sweep();
  bank.isSilent = false;
  expect(await balance()).toBe(140_000);
  expect(await told()).toEqual(['paid']);
  await spend(120_000);
  await sweep();
  expect(await balance()).toBe(120_000);
  await spend(100_000);
  for (let times = 0; times < 2; times += 1) {
    await sweep();
    await again();
  }
  expect([await balance(), (await view()).monthKop]).toEqual([20_000, 200_000]);
  expect(await told()).toEqual(['paid', 'paid', 'limit']);
  const { body } = await owner.get('/api/money/cards').expect(200);
  expect(
    (body.payments as { isAuto: boolean; receipt: string }[]).filter(({ isAuto }) => isAuto),
  ).toMatchObject([
    { state: 'paid', receipt: 'awaited' },
    { state: 'paid', receipt: 'awaited' },
  ]);
});

it('tells of each failure, turns itself off at the third, and is switched off at any time', async () => {
  const [card] = (await view()).cards;
  await owner
    .put('/api/money/auto')
    .send(wish(card?.id ?? '', { monthLimitKop: 900_000 }))
    .expect(204);
  bank.refusal = 'Недостаточно средств';
  for (let times = 0; times < 5; times += 1) {
    await sweep();
    await again();
  }
  expect((await told()).slice(3)).toEqual(['failed', 'failed', 'off']);
  expect((await view()).auto).toMatchObject({
    isOn: false,
    failures: 3,
    lastFailure: 'Недостаточно средств',
  });
  expect(await balance()).toBe(20_000);
  bank.refusal = null;
  await owner
    .put('/api/money/auto')
    .send(wish(card?.id ?? ''))
    .expect(204);
  await owner.delete('/api/money/auto').expect(204);
  await again();
  await sweep();
  expect(await balance()).toBe(20_000);
  await owner.delete(`/api/money/saved-cards/${card?.id}`).expect(204);
  await owner.delete(`/api/money/saved-cards/${card?.id}`).expect(404);
  await sweep();
  expect(bank.forgotten).toHaveLength(1);
  expect((await view()).cards).toEqual([]);
  expect(await new BillingStore(cabinet.database).sumOfEverythingKop()).toBe(0);
});
