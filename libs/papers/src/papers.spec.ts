import { fileName, paperPdf, sumInWords } from './index';

describe('papers', () => {
  it.each([
    [0, 'Ноль рублей 00 копеек'],
    [101, 'Один рубль 01 копейка'],
    [120_050, 'Одна тысяча двести рублей 50 копеек'],
    [2_202_222_202, 'Двадцать два миллиона двадцать две тысячи двести двадцать два рубля 02 копейки'],
    [1_100_000_013, 'Одиннадцать миллионов рублей 13 копеек'],
  ])('writes %i kopecks in words', (kop, text) => expect(sumInWords(kop)).toBe(text));

  it('names files so that every system can keep them', () => {
    expect(fileName('СЧ-2026-000123')).toBe('schet-2026-000123.pdf');
    expect(fileName('СВ-2026-000001')).toBe('akt-sverki-2026-000001.pdf');
  });

  const seller = {
    name: 'ООО «Ферма»',
    inn: '7799999980',
    kpp: '779901001',
    ogrn: '1237700000000',
    address: 'Москва',
    bankName: 'Банк',
    bik: '044525000',
    account: '40702810000000000001',
    correspondentAccount: '30101810000000000001',
    headPost: 'Директор',
    headName: 'Иванов И. И.',
  };
  const buyer = {
    name: 'ООО «Пример»',
    inn: '5544332219',
    kpp: null,
    ogrn: null,
    address: null,
    bankName: null,
    bik: null,
    account: null,
    headPost: null,
    headName: null,
    actsOn: null,
  };

  it.each(['invoice', 'act', 'reconciliation'] as const)('makes a PDF of %s', async (series) => {
    const pdf = await paperPdf({
      seller,
      buyer,
      paper: {
        series,
        number: 'СЧ-2026-000001',
        clientId: 'shop',
        day: '2026-11-27',
        from: '2026-11-01',
        to: '2026-11-30',
        lines: [{ text: 'Аренда', count: 30, priceKop: 11_700, sumKop: 351_000 }],
        totalKop: 351_000,
        vatKop: 63_295,
        openingKop: 0,
      },
    });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.length).toBeGreaterThan(5_000);
  });
});
