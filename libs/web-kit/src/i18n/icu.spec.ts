import { formatMessage } from './icu';

const registers = '{n, plural, =0 {нет касс} one {# касса} few {# кассы} many {# касс} other {# кассы}}';

describe('messages', () => {
  it.each([
    [0, 'нет касс'],
    [1, '1 касса'],
    [2, '2 кассы'],
    [5, '5 касс'],
    [11, '11 касс'],
    [21, '21 касса'],
    [1.5, '1,5 кассы'],
    [17280, '17\u00a0280 касс'],
  ])('counts %s in Russian', (n, text) => expect(formatMessage(registers, { n }, 'ru')).toBe(text));

  it('puts values in and leaves unknown ones empty', () => {
    expect(formatMessage('Касса {serial}: {missing}.', { serial: '001' }, 'ru')).toBe('Касса 001: .');
  });

  it('chooses by word, with a plural inside', () => {
    const message = '{what, select, up {растёт на {n, plural, one {# чек} other {# чека}}} other {стоит}}';
    expect(formatMessage(message, { what: 'up', n: 1 }, 'ru')).toBe('растёт на 1 чек');
    expect(formatMessage(message, { what: 'x', n: 1 }, 'ru')).toBe('стоит');
  });

  it.each(['{n', '{n, plural, one {#}}', 'a } b', '{n, date}', '{}'])('throws on %s', (message) =>
    expect(() => formatMessage(message, { n: 1 }, 'ru')).toThrow(),
  );
});
