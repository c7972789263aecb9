import fc from 'fast-check';
import type { FieldShape, Shape } from '../bytes/codec';
import { decodeCp866 } from '../bytes/cp866';
import {
  ARCHIVE_LAYOUTS,
  decodeArchiveDocument,
  encodeArchiveDocument,
  FN_COMMANDS,
  FN_DOCUMENT,
} from '../fn';
import { ByteReader, ByteWriter } from '../bytes/cursor';
import { registrationTotals } from '../fn/archive-document';
import { REGISTERS } from '../registers';
import { COMMANDS } from '.';
import type { Exchange } from './exchange';

const raw = (size: number) =>
  fc.uint8Array({ minLength: size, maxLength: size }).map((all) => Buffer.from(all));
const two = (value: number) => String(value).padStart(2, '0');

/** Printable characters of code page 866, the space aside: fixed fields drop trailing spaces. */
const letters = Array.from({ length: 256 }, (_, code) => code).filter(
  (code) => code > 0x20 && code !== 0x7f && code !== 0xff,
);
const textOf = (max: number) =>
  fc.array(fc.constantFrom(...letters), { maxLength: max }).map((codes) => decodeCp866(Buffer.from(codes)));

function momentOf(shape: Extract<Shape, { kind: 'moment' }>): fc.Arbitrary<string | null> {
  const within = (max: number, min = 0) => fc.integer({ min, max });
  const full = fc
    .tuple(within(99), within(12, 1), within(28, 1), within(23), within(59), within(59))
    .map(([YY, MM, DD, hh, mm, ss]) => {
      const date = shape.parts.includes('YY') ? `20${two(YY)}-${two(MM)}-${two(DD)}` : '';
      const seconds = shape.parts.includes('ss') ? `:${two(ss)}` : '';
      const time = shape.parts.includes('hh') ? `${two(hh)}:${two(mm)}${seconds}` : '';
      return date && time ? `${date}T${time}` : date || time;
    });
  return shape.nullable ? fc.option(full, { freq: 5, nil: null }) : full;
}

function fieldsOf(fields: readonly FieldShape[]): fc.Arbitrary<unknown> {
  const valued = fields.filter((field) => field.shape.kind !== 'constant');
  const required = valued.filter((field) => !field.optional).map((field) => field.name);
  return fc
    .record(Object.fromEntries(valued.map((field) => [field.name, valueOf(field.shape)])), {
      requiredKeys: required,
    })
    .map((record) => ({ ...record }));
}

/** Any value a layout can carry. */
function valueOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'uint':
      return fc.integer({ min: shape.min ?? 0, max: shape.max });
    case 'bcd':
      return fc.integer({ min: 0, max: 100 ** shape.bytes - 1 });
    case 'digits':
      return raw(shape.bytes).map((all) => [...all].map((byte) => two(byte % 100)).join(''));
    case 'ascii':
      return fc.stringMatching(new RegExp(`^[!-~]{0,${shape.bytes}}$`));
    case 'text':
      return textOf(shape.bytes ?? 60);
    case 'bytes':
      return shape.bytes === undefined ? fc.integer({ min: 0, max: 40 }).chain(raw) : raw(shape.bytes);
    case 'bits':
      return fc
        .record(Object.fromEntries(shape.names.map((name) => [name, fc.boolean()])))
        .map((all) => ({ ...all }));
    case 'moment':
      return momentOf(shape);
    case 'constant':
      return fc.constant(undefined);
    case 'struct':
      return fieldsOf(shape.fields);
    case 'oneOf':
      return fc.oneof(...shape.variants.map(valueOf));
  }
}

type Row = Exchange<string, unknown, unknown>;
const rows: [string, Row][] = [
  ...Object.values(COMMANDS).map((row): [string, Row] => [`command ${row.name}`, row as Row]),
  ...Object.values(FN_COMMANDS).map((row): [string, Row] => [`FN command ${row.name}`, row as Row]),
  ...Object.values(REGISTERS).map((row): [string, Row] => [`register ${row.name}`, row as Row]),
];

describe('every row, both directions', () => {
  test.each(rows)('%s: request', (_name, row) => {
    fc.assert(
      fc.property(valueOf(row.requestLayout.shape), (request) => {
        const wire = row.encodeRequest(request);
        expect([...wire.subarray(0, row.prefix.length)]).toEqual([...row.prefix]);
        expect(row.decodeRequest(wire)).toEqual(request);
      }),
      { numRuns: 25 },
    );
  });

  test.each(rows)('%s: answer', (_name, row) => {
    fc.assert(
      fc.property(valueOf(row.answerLayout.shape), (data) => {
        expect(row.decodeAnswer(row.encodeAnswer(data))).toEqual({ ok: true, data });
      }),
      { numRuns: 25 },
    );
  });

  test.each(rows.filter(([, row]) => row.head !== 'state'))('%s: refusal', (_name, row) => {
    const ext = row.head === 'type' ? 0 : 7;
    expect(row.decodeAnswer(row.encodeError(0x9a, ext))).toEqual({ ok: false, error: 0x9a, ext });
    expect(() => row.decodeAnswer(Buffer.alloc(0))).toThrow('WIRE-MALFORMED');
  });
});

describe('archive documents, both directions', () => {
  const typeOf = {
    registration: FN_DOCUMENT.registration,
    extendedRegistration: FN_DOCUMENT.reregistration,
    shift: FN_DOCUMENT.shiftOpening,
    receipt: FN_DOCUMENT.correction,
    closing: FN_DOCUMENT.closing,
    settlements: FN_DOCUMENT.settlementsReport,
  } as const;

  test.each(Object.keys(typeOf) as (keyof typeof typeOf)[])('%s', (kind) => {
    fc.assert(
      fc.property(valueOf(ARCHIVE_LAYOUTS[kind].shape), (fields) => {
        const document = { kind, type: typeOf[kind], ...(fields as object) } as Parameters<
          typeof encodeArchiveDocument
        >[0];
        expect(decodeArchiveDocument(document.type, encodeArchiveDocument(document))).toEqual(document);
      }),
    );
  });

  it('have the published lengths', () => {
    const head = { at: '2026-11-23T10:00', fdNumber: 1, fiscalSign: 2 };
    const who = { inn: '7701234567', registrationNumber: '0000000001012345' };
    const body = (document: Parameters<typeof encodeArchiveDocument>[0]) =>
      encodeArchiveDocument(document).length;
    const registration = { ...head, ...who, taxSystems: 1, workMode: 0 };
    expect(body({ kind: 'registration', type: 1, ...registration })).toBe(47);
    expect(body({ kind: 'registration', type: 0x13, ...registration, reason: 2 })).toBe(48);
    expect(body({ kind: 'shift', type: 2, ...head, shiftNumber: 1 })).toBe(15);
    expect(body({ kind: 'receipt', type: 4, ...head, sign: 1, totalKop: 100 })).toBe(19);
    expect(body({ kind: 'closing', type: 0x10, ...head, ...who })).toBe(45);
  });

  it('of an unknown type are refused', () => {
    expect(() => decodeArchiveDocument(0x77, Buffer.alloc(15))).toThrow('WIRE-MALFORMED');
  });

  it('registration totals are told apart by length', () => {
    const base = {
      at: '2026-11-23T10:00',
      inn: '1',
      registrationNumber: '2',
      taxSystems: 1,
      workMode: 0,
      fdNumber: 3,
      fiscalSign: 4,
    };
    const lengths = [
      base,
      { ...base, reason: 1 },
      { ...base, extendedMode: 1, ofdInn: '5' },
      { ...base, extendedMode: 1, ofdInn: '5', reasons: 6 },
    ].map((totals) => {
      const out = new ByteWriter();
      registrationTotals.write(out, totals);
      expect(registrationTotals.read(new ByteReader(out.toBuffer()))).toEqual(totals);
      return out.toBuffer().length;
    });
    expect(lengths).toEqual([47, 48, 60, 64]);
    expect(() => registrationTotals.read(new ByteReader(Buffer.alloc(50)))).toThrow('WIRE-MALFORMED');
  });
});
