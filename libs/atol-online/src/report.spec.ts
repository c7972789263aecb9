import type { ReceiptReport } from '@kkt/storage';
import { atolDateTime, atolError, atolErrors, fromIsoLocal, toAtolReport } from './index';

const now = new Date('2026-11-23T21:30:05.700Z');

const done: ReceiptReport = {
  id: '0190a1b2-0000-7000-8000-000000000001',
  groupCode: 'shop-1',
  clientId: '0190a1b2-0000-7000-8000-00000000000c',
  externalId: 'order-77',
  api: 'v5',
  operation: 'sell',
  state: 'done',
  content: {
    form: 'receipt',
    sign: 1,
    company: { inn: '7700000001', place: 'https://shop.example' },
    items: [],
    payments: { cashKop: 0, ecashKop: 160_007, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
    vatTotals: {},
    totalKop: 160_007,
  },
  totalKop: 160_007,
  callbackUrl: 'https://shop.example/cb',
  callbackNote: null,
  acceptedAt: new Date('2026-11-23T21:29:58Z'),
  finishedAt: new Date('2026-11-23T21:30:01Z'),
  waitReason: null,
  registerSerial: '00106900000017',
  driverId: 'dc1-a',
  errorCode: null,
  errorType: null,
  errorText: null,
  fnsSite: 'www.nalog.gov.ru',
  ofdInn: '7709364346',
  ofdReceiptUrl: null,
  proof: {
    fnNumber: '9999078900005488',
    fdNumber: 35,
    fiscalSign: 4_294_967_295,
    at: '2026-11-24T00:30:00',
    shiftNumber: 12,
    receiptNumber: 3,
    totalKop: 160_007,
    rnm: '0000000000055870',
    confirmedAt: null,
  },
};

describe('the report of a receipt', () => {
  it('gives a registered receipt whole: no error, numbers as numbers, roubles, the time of its end', () => {
    expect(toAtolReport(done, { now })).toEqual({
      uuid: done.id,
      error: null,
      status: 'done',
      payload: {
        total: 1600.07,
        fns_site: 'www.nalog.gov.ru',
        fn_number: '9999078900005488',
        shift_number: 12,
        receipt_datetime: '24.11.2026 00:30:00',
        fiscal_receipt_number: 3,
        fiscal_document_number: 35,
        ecr_registration_number: '0000000000055870',
        fiscal_document_attribute: 4_294_967_295,
        ofd_inn: '7709364346',
      },
      timestamp: '24.11.2026 00:30:01',
      group_code: 'shop-1',
      daemon_code: 'dc1-a',
      device_code: '00106900000017',
      external_id: 'order-77',
      callback_url: 'https://shop.example/cb',
      warnings: null,
    });
  });

  it('is the same object at every repeat of a callback', () => {
    const later = new Date(now.getTime() + 86_400_000);
    expect(JSON.stringify(toAtolReport(done, { now: later }))).toBe(
      JSON.stringify(toAtolReport(done, { now })),
    );
  });

  it.each(['queued', 'working', 'in_doubt'] as const)(
    'says wait with error 34 while the receipt is %s',
    (state) => {
      const report = toAtolReport({ ...done, state, finishedAt: null, proof: null }, { now });
      expect(report).toMatchObject({
        uuid: done.id,
        status: 'wait',
        payload: null,
        external_id: 'order-77',
        timestamp: '24.11.2026 00:30:05',
        error: { code: 34, type: 'system', error_id: done.id },
      });
    },
  );

  it('tells why it waits when that will not pass by itself, and nothing else', () => {
    const waitText = (reason: string) => (reason === 'fn_full' ? 'ФН заполнен' : undefined);
    const warnings = (state: 'queued' | 'working' | 'done', waitReason: string | null, note: string | null) =>
      toAtolReport({ ...done, state, waitReason, callbackNote: note }, { now, waitText }).warnings;
    expect(warnings('queued', 'fn_full', null)).toEqual({ queue: 'ФН заполнен' });
    expect(warnings('queued', 'fn_full', 'no')).toEqual({ callback_url: 'no', queue: 'ФН заполнен' });
    expect(warnings('queued', 'registers_busy', null)).toBeNull();
    expect(warnings('working', 'fn_full', null)).toBeNull();
    expect(warnings('done', 'fn_full', 'no')).toEqual({ callback_url: 'no' });
  });

  it('tells a refusal with its number, kind and an error_id, and no payload', () => {
    const report = toAtolReport(
      {
        ...done,
        state: 'failed',
        proof: null,
        callbackUrl: null,
        errorCode: 1,
        errorType: 'timeout',
        errorText: 'Превышено время ожидания чека в очереди',
      },
      { now },
    );
    expect(report.status).toBe('fail');
    expect(report.payload).toBeNull();
    expect(report.callback_url).toBe('');
    expect(report.error).toEqual({
      error_id: done.id,
      code: 1,
      type: 'timeout',
      text: 'Превышено время ожидания чека в очереди',
    });
  });

  it('never lets out an error type that clients do not know', () => {
    const report = toAtolReport({ ...done, state: 'failed', errorCode: 9, errorType: 'strange' }, { now });
    expect(report.error?.type).toBe('unknown');
  });

  it('warns about a callback address that will not be called', () => {
    const report = toAtolReport({ ...done, callbackNote: 'callback_url не соответствует маске' }, { now });
    expect(report.warnings).toEqual({ callback_url: 'callback_url не соответствует маске' });
  });

  it('names the page at the operator when there is one', () => {
    const ofdReceiptUrl = 'https://ofd.example/{fn}/{fd}/{fpd}?s={total}&k={rnm}&i={inn}';
    expect(toAtolReport({ ...done, ofdReceiptUrl }, { now }).payload?.ofd_receipt_url).toBe(
      'https://ofd.example/9999078900005488/35/4294967295?s=1600.07&k=0000000000055870&i=7700000001',
    );
  });
});

describe('dates', () => {
  it('are Moscow time in the one layout clients parse', () => {
    expect(atolDateTime(new Date('2025-12-31T21:00:00Z'))).toBe('01.01.2026 00:00:00');
    expect(fromIsoLocal('2026-02-03T04:05:06')).toBe('03.02.2026 04:05:06');
  });
});

describe('the error table', () => {
  it('fills the places of a text', () => {
    expect(atolError('incomingExternalIdAlreadyExists', 'e', 'order-77', 'shop-1').text).toBe(
      'В системе существует чек с external_id : order-77 и group_code: shop-1',
    );
    expect(atolError('missingUuid', 'e', '$&').text).toBe('Передан некорректный UUID : "$&"');
  });

  it('holds each number once', () => {
    const codes = Object.values(atolErrors).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
