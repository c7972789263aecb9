import { apiKeyHash, apiKeyId, newApiKey } from './api-keys';

describe('API keys', () => {
  it('have the announced form, 256 bits and a checksum', () => {
    const key = newApiKey();
    expect(key.text).toMatch(/^fk_live_[0-9a-z]{8}_[0-9A-Za-z]{49}$/);
    expect(key.text.startsWith(`fk_live_${key.id}_`)).toBe(true);
    expect(apiKeyId(key.text)).toBe(key.id);
    expect(key.hash).toEqual(apiKeyHash(key.text));
    expect(key.hash).toHaveLength(32);
  });

  it('hold the largest and the smallest secret', () => {
    expect(apiKeyId(newApiKey(Buffer.alloc(37, 0xff)).text)).toHaveLength(8);
    expect(newApiKey(Buffer.alloc(37)).text).toMatch(/^fk_live_0{8}_0{43}/);
  });

  it('never come twice', () => {
    expect(new Set(Array.from({ length: 500 }, () => newApiKey().text)).size).toBe(500);
  });

  it('show every changed character', () => {
    const { text } = newApiKey();
    for (let at = 8; at < text.length; at += 1) {
      if (text[at] === '_') continue;
      const other = text[at] === 'x' ? 'y' : 'x';
      expect(apiKeyId(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
    }
    expect(apiKeyId(`${text} `)).toBeUndefined();
    expect(apiKeyId(text.replace('live', 'test'))).toBeUndefined();
  });
});
