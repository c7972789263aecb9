import { binaryArray, binaryTypes } from './binary-array';

const hex = (bytes: Buffer): string => bytes.toString('hex');
/** Dimensions 1, the flag of NULLs, the type, the length, the first index 1. */
const head = (hasNull: boolean, oid: number, length: number): string =>
  [1, hasNull ? 1 : 0, oid, length, 1].map((value) => value.toString(16).padStart(8, '0')).join('');

test('numbers are big-endian, each behind its length', () => {
  expect(hex(binaryArray(binaryTypes.int4, [1, -1]))).toBe(
    `${head(false, 23, 2)}0000000400000001${'00000004'}ffffffff`,
  );
  expect(hex(binaryArray(binaryTypes.int2, [50]))).toBe(`${head(false, 21, 1)}000000020032`);
  expect(hex(binaryArray(binaryTypes.int8, [2 ** 40]))).toBe(`${head(false, 20, 1)}000000080000010000000000`);
});

test('what is absent is NULL', () => {
  expect(hex(binaryArray(binaryTypes.text, ['a', undefined, null]))).toBe(
    `${head(true, 25, 3)}0000000161ffffffffffffffff`,
  );
});

test('texts are UTF-8, JSON has its version before it', () => {
  expect(hex(binaryArray(binaryTypes.text, ['Я']))).toBe(`${head(false, 25, 1)}00000002d0af`);
  expect(hex(binaryArray(binaryTypes.jsonb, ['{}']))).toBe(`${head(false, 3802, 1)}00000003017b7d`);
});

test('ids and hashes are their bytes', () => {
  const id = '01900000-0000-7000-8000-0000000000ff';
  expect(hex(binaryArray(binaryTypes.uuid, [id]))).toBe(
    `${head(false, 2950, 1)}00000010${id.replaceAll('-', '')}`,
  );
  expect(hex(binaryArray(binaryTypes.bytea, ['00ff']))).toBe(`${head(false, 17, 1)}0000000200ff`);
});
