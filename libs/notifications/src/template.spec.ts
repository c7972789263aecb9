import { fill, namesIn } from './template';
import { type NotificationKind, templates } from './templates';

describe('templates', () => {
  it('puts values in, and counts with the right word', () => {
    expect(fill('{count|касса|кассы|касс} группы {group}', { count: 21, group: 'a' }, 'ru')).toBe(
      '21 касса группы a',
    );
    expect(fill('{count|касса|кассы|касс}', { count: 2 }, 'ru')).toBe('2 кассы');
    expect(fill('{count|касса|кассы|касс}', { count: 11 }, 'ru')).toBe('11 касс');
    expect(fill('{count|register|registers}', { count: 1 }, 'en')).toBe('1 register');
    expect(fill('{count|register|registers}', { count: 0 }, 'en')).toBe('0 registers');
  });

  it('does not read values as templates', () => {
    expect(fill('{a} {b}', { a: '{b}', b: '$& x' }, 'ru')).toBe('{b} $& x');
  });

  it('says which value is missing', () => {
    expect(() => fill('{who}', {}, 'ru')).toThrow(/who/);
    expect(() => fill('{toString}', {}, 'ru')).toThrow(/toString/);
    expect(() => fill('{n|a|b}', { n: 'x' }, 'ru')).toThrow(/must be a number/);
  });

  it.each(Object.keys(templates) as NotificationKind[])(
    '%s needs the same values in both languages',
    (kind) => {
      const all = (language: 'ru' | 'en') =>
        new Set(
          Object.values(templates[kind][language] as Record<string, string>).flatMap((text) => namesIn(text)),
        );
      expect(all('en')).toEqual(all('ru'));
      expect(JSON.stringify(templates[kind].en)).not.toMatch(/[а-яё]/i);
    },
  );
});
