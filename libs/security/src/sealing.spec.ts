import { Sealer } from './sealing';

describe('Sealer', () => {
  const key = Buffer.alloc(32, 7);
  const sealer = new Sealer(key, 'spec');

  it('opens what it sealed, each time sealed anew', () => {
    const sealed = sealer.seal('секрет', 'row-1');
    expect(sealer.open(sealed, 'row-1')).toBe('секрет');
    expect(sealer.seal('секрет', 'row-1')).not.toEqual(sealed);
    expect(sealed.includes(Buffer.from('секрет'))).toBe(false);
  });

  it('opens nothing that was changed, moved, or sealed for something else', () => {
    const sealed = sealer.seal('secret', 'row-1');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => sealer.open(changed, 'row-1')).toThrow('SYS-SEAL');
    }
    expect(() => sealer.open(sealed, 'row-2')).toThrow('SYS-SEAL');
    expect(() => new Sealer(key, 'other').open(sealed, 'row-1')).toThrow('SYS-SEAL');
    expect(() => new Sealer(Buffer.alloc(32, 8), 'spec').open(sealed, 'row-1')).toThrow('SYS-SEAL');
    expect(() => sealer.open(Buffer.alloc(3), 'row-1')).toThrow('SYS-SEAL');
  });
});
