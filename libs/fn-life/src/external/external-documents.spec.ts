import { readExternalDocuments } from '../index';

const fn = '9999078900001234';

describe('readExternalDocuments', () => {
  it('reads a table with a head in any order, and texts of QR codes', () => {
    const { documents, problems } = readExternalDocuments(
      [
        '\ufeffДата;ФД;ФП;Документ;Признак расчёта;Сумма',
        '27.11.2026 10:05;41;123456;чек;возврат прихода;1 234,5',
        '27.11.2026 21:00;42;0000000007;Закрытие смены;;',
        't=20261127T1105&s=99.90&fn=9999078900009999&i=7&fp=4294967295&n=1',
      ].join('\r\n'),
      fn,
    );
    expect(problems).toEqual([]);
    expect(documents).toEqual([
      {
        fnNumber: fn,
        fdNumber: 41,
        form: 3,
        sign: 2,
        at: '2026-11-27T10:05:00',
        fiscalSign: 123_456,
        totalKop: 123_450,
      },
      {
        fnNumber: fn,
        fdNumber: 42,
        form: 5,
        sign: null,
        at: '2026-11-27T21:00:00',
        fiscalSign: 7,
        totalKop: null,
      },
      {
        fnNumber: '9999078900009999',
        fdNumber: 7,
        form: 3,
        sign: 1,
        at: '2026-11-27T11:05:00',
        fiscalSign: 4_294_967_295,
        totalKop: 9_990,
      },
    ]);
  });

  it('names the line and the reason of what it cannot read, and keeps the rest', () => {
    const { documents, problems } = readExternalDocuments(
      [
        'fd,fp,date,total',
        '1,5,2026-02-30T10:00,1',
        '2,99999999999,2026-11-27T10:00,1',
        '3,5,2026-11-27T10:00,1.00',
        '4,5,2026-11-27T10:00,один',
      ].join('\n'),
      fn,
    );
    expect(documents.map(({ fdNumber }) => fdNumber)).toEqual([3]);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(readExternalDocuments('просто текст', fn).problems).toHaveLength(1);
    expect(
      readExternalDocuments('ФД;ФП;дата;сумма\n1;5;27.11.2026 10:00;1', null).problems[0]?.text,
    ).toContain('16 цифр');
  });
});
