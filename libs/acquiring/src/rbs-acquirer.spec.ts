import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { acquirerAccount, EmulatedAcquirer, savedCardLimitKop, serveAcquirer } from '@hardware/emulator';
import { acquirerOf, type Acquirer, RbsAcquirer } from './index';

const order = {
  orderNo: 'a1',
  amountKop: 150_000,
  description: 'Аренда',
  returnUrl: 'http://shop.example/back',
};

describe('RbsAcquirer beside the emulated bank', () => {
  let server: Server;
  let acquirer: Acquirer;
  let baseUrl: string;

  beforeAll(async () => {
    const bank = new EmulatedAcquirer();
    server = createServer((request, response) => {
      void serveAcquirer(bank, request, response, new URL(request.url ?? '/', 'http://127.0.0.1'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acquirer`;
    acquirer = new RbsAcquirer({ baseUrl, ...acquirerAccount });
  });
  afterAll(() => server.close());

  const decide = (payUrl: string, decision: string) =>
    fetch(payUrl, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' });

  it('pays: the page, the way back, the verdict by our own number', async () => {
    expect(await acquirer.ask('a1')).toEqual({ state: 'unknown' });
    const { reference, payUrl } = await acquirer.begin(order);
    expect(await acquirer.ask('a1')).toEqual({ state: 'pending' });
    expect(await (await fetch(payUrl)).text()).toMatch(/1\s500,00/);
    const back = await decide(payUrl, 'pay');
    expect(back.headers.get('location')).toBe(order.returnUrl);
    expect(await acquirer.ask('a1')).toEqual({ state: 'paid', reference, amountKop: 150_000 });
    await decide(payUrl, 'decline');
    expect(await acquirer.ask('a1')).toMatchObject({ state: 'paid' });
    await expect(acquirer.begin(order)).rejects.toMatchObject({ code: 'WIRE-ACQUIRER' });
  });

  it('gives money back by parts, never more than was paid, and tells how much went back', async () => {
    const { reference, payUrl } = await acquirer.begin({ ...order, orderNo: 'a3' });
    expect(await acquirer.refund({ reference, amountKop: 100 })).toMatchObject({ ok: false });
    await decide(payUrl, 'pay');
    expect(await acquirer.refundedKop('a3')).toBe(0);
    expect(await acquirer.refund({ reference, amountKop: 50_000 })).toEqual({ ok: true });
    expect(await acquirer.refundedKop('a3')).toBe(50_000);
    expect(await acquirer.refund({ reference, amountKop: 100_001 })).toMatchObject({ ok: false });
    expect(await acquirer.refund({ reference, amountKop: 100_000 })).toEqual({ ok: true });
    expect(await acquirer.refundedKop('a3')).toBe(150_000);
    await expect(acquirer.refundedKop('unknown')).rejects.toMatchObject({ code: 'WIRE-ACQUIRER' });
  });

  it('remembers a card for one customer only, charges it without him, and forgets it', async () => {
    const saved = { ...order, orderNo: 'b1', saveFor: 'client-1' };
    await decide((await acquirer.begin(saved)).payUrl, 'pay');
    const verdict = await acquirer.ask('b1');
    const card = verdict.state === 'paid' ? verdict.card : undefined;
    expect(card).toMatchObject({ mask: expect.stringMatching(/\*\*\d{4}$/), expiresOn: '2030-12-31' });
    const charge = (orderNo: string, customer: string, amountKop = 100_000) =>
      acquirer.charge({ ...order, orderNo, amountKop }, { customer, binding: card?.binding ?? '' });
    expect((await charge('b2', 'client-1')).refusal).toBeNull();
    expect(await acquirer.ask('b2')).toMatchObject({ state: 'paid', amountKop: 100_000 });
    expect((await charge('b3', 'client-2')).refusal).not.toBeNull();
    expect(await acquirer.ask('b3')).toEqual({ state: 'pending' });
    await charge('b4', 'client-1', savedCardLimitKop + 1);
    expect(await acquirer.ask('b4')).toMatchObject({ state: 'failed' });
    for (let times = 0; times < 2; times += 1) await acquirer.forget(card?.binding ?? '');
    expect((await charge('b5', 'client-1')).refusal).not.toBeNull();
  });

  it('tells a refusal from silence', async () => {
    const { payUrl } = await acquirer.begin({ ...order, orderNo: 'a2' });
    await decide(payUrl, 'decline');
    expect(await acquirer.ask('a2')).toMatchObject({ state: 'failed' });
    const stranger = new RbsAcquirer({ baseUrl, userName: 'farm', password: 'wrong' });
    await expect(stranger.ask('a2')).rejects.toMatchObject({ code: 'WIRE-ACQUIRER' });
    const away = new RbsAcquirer({ baseUrl: 'http://127.0.0.1:1', ...acquirerAccount });
    await expect(away.ask('a2')).rejects.toMatchObject({ code: 'WIRE-ACQUIRER' });
    expect(acquirerOf({ acquirerUrl: baseUrl })).toBeUndefined();
  });
});
