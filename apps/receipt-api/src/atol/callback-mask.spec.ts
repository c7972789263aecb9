import fc from 'fast-check';
import { matchesCallbackMask } from './callback-mask';

/** The published expression; only for texts too short to make it slow. */
const published =
  /^http(s?):\/\/[0-9a-zA-Zа-яА-Я]([-.\w]*[0-9a-zA-Zа-яА-Я])*(:(0-9)*)*(\/?)([a-zA-Z0-9а-яА-Я\-.?,'/\\+&=%$#_]*)?$/;

describe('the mask of callback_url', () => {
  it.each([
    'https://shop.example.ru/cb',
    'http://shop.example.ru:8080/bitrix/tools/sale_farm_check_print.php',
    'http://localhost/cb?a=1&b=%20#x',
    'http://127.0.0.1:3000/',
    'https://магазин.рф/чек',
    'http://a',
    'http://a::0-9:b',
  ])('takes %s', (url) => {
    expect(published.test(url)).toBe(true);
    expect(matchesCallbackMask(url)).toBe(true);
  });

  it.each([
    '',
    'shop.example.ru',
    'ftp://shop.example.ru',
    'http://',
    'http://-a',
    'http://a b',
    'http://user@host/',
    'http://a/~b',
    'http://a/b:c',
    'http://a-:80',
    'http://[::1]/',
    'http://a/\n',
    'https://ёлка.рф',
  ])('does not take %j', (url) => {
    expect(published.test(url)).toBe(false);
    expect(matchesCallbackMask(url)).toBe(false);
  });

  it('says what the published expression says, for every short text of telling characters', () => {
    const character = fc.constantFrom(...'a0Я-._:/?~!0-9:#'.split(''));
    fc.assert(
      fc.property(
        fc.array(character, { maxLength: 12 }),
        fc.constantFrom('http://', 'https://', 'http:/'),
        (tail, head) => {
          const url = head + tail.join('');
          expect([url, matchesCallbackMask(url)]).toEqual([url, published.test(url)]);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('is quick on what makes the published one slow', () => {
    const url = `http://${'a'.repeat(200_000)}!`;
    const startedMs = performance.now();
    expect(matchesCallbackMask(url)).toBe(false);
    expect(matchesCallbackMask(`http://${':'.repeat(200_000)}!`)).toBe(false);
    // Quadratic time would be minutes here, exponential time for ever.
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});
