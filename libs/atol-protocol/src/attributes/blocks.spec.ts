import fc from 'fast-check';
import { AttributeAssembler, attributeBlocks, decodeTlvs, encodeTlv } from './blocks';

describe('requisites', () => {
  it('are tag and length, little-endian, and value', () => {
    expect(encodeTlv(1055, Buffer.of(1)).toString('hex')).toBe('1f04010001');
    expect(decodeTlvs(Buffer.from('1f04010001f003020041420000', 'hex').subarray(0, 11))).toEqual([
      { tag: 1055, value: Buffer.of(1) },
      { tag: 1008, value: Buffer.from('AB') },
    ]);
  });

  it.each(['1f', '1f0401', '1f04020001'])('refuse the cut %s', (bytes) => {
    expect(() => decodeTlvs(Buffer.from(bytes, 'hex'))).toThrow('WIRE-MALFORMED');
  });

  it('survive cutting into blocks', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 2, max: 128 }), (value, size) => {
        const tlv = encodeTlv(1059, value);
        const blocks = attributeBlocks(tlv, size);
        const assembler = new AttributeAssembler();
        const results = blocks.map((block) => assembler.push(block));
        expect(results.pop()).toEqual(tlv);
        expect(results.every((result) => result === undefined)).toBe(true);
        expect(blocks.every((block) => block.data.length <= size)).toBe(true);
      }),
    );
  });

  it('refuse a block out of turn and start anew', () => {
    const [first, second] = attributeBlocks(Buffer.alloc(10), 5);
    const assembler = new AttributeAssembler();
    if (!first || !second) throw new Error('two blocks expected');
    assembler.push(first);
    expect(() => assembler.push(first)).toThrow('WIRE-MALFORMED');
    expect(assembler.push(first)).toBeUndefined();
    expect(assembler.push(second)).toHaveLength(10);
  });
});
