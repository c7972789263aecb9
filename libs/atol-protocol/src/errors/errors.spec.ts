import {
  DEVICE_ERRORS,
  deviceError,
  deviceErrorCode,
  deviceErrorOfFn,
  EXTENDED_ERRORS,
  FN_ERRORS,
  fnError,
  SEE_EXTENDED_ERROR,
  UNKNOWN_DRIVER_ERROR,
} from '.';

describe('error tables', () => {
  it.each([
    ['device', DEVICE_ERRORS],
    ['extended', EXTENDED_ERRORS],
    ['FN', FN_ERRORS],
  ] as const)('%s errors: no code twice, in order, both languages', (_name, errors) => {
    const codes = errors.map((error) => error.code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
    for (const error of errors) {
      expect(error.en).toMatch(/^[\x20-\x7e]+$/);
      expect(error.ru).toMatch(/[а-яё]/i);
    }
  });

  it('name device errors uniquely', () => {
    const names = DEVICE_ERRORS.map((error) => error.name);
    expect(new Set(names).size).toBe(names.length);
    expect(DEVICE_ERRORS.length).toBeGreaterThanOrEqual(155);
    expect(EXTENDED_ERRORS).toHaveLength(24);
    for (const error of DEVICE_ERRORS) expect(deviceErrorCode(error.name)).toBe(error.code);
    expect(() => deviceErrorCode('nothing of the kind')).toThrow(RangeError);
  });

  /** Driver numbers printed in the register error list of the ATOL Online documents. */
  it.each([
    [0x71, 52],
    [0x86, 66],
    [0x88, 68],
    [0x9a, 81],
    [0x9b, 82],
    [0xd7, 120],
    [0xd8, 121],
    [0xdb, 124],
    [0xe8, 134],
    [0xeb, 137],
    [0xef, 140],
    [0xf3, 110],
    [0x6a, 48],
    [0x7e, 60],
  ])('%i is driver error %i', (code, driverError) => {
    expect(deviceError(code).driverError).toBe(driverError);
  });

  it('read the extended code behind EE', () => {
    expect(deviceError(SEE_EXTENDED_ERROR, 0x0104)).toMatchObject({ name: 'badTaxNumber', driverError: 144 });
    expect(deviceError(SEE_EXTENDED_ERROR)).toMatchObject({ name: 'seeExtended' });
    expect(deviceError(0x9a, 0x0104)).toMatchObject({ name: 'receiptClosed' });
  });

  it('stop the register at a code nobody described', () => {
    expect(deviceError(0x02)).toMatchObject({
      name: 'unknown',
      action: 'engineer',
      driverError: UNKNOWN_DRIVER_ERROR,
    });
    expect(deviceError(SEE_EXTENDED_ERROR, 0x0999)).toMatchObject({ name: 'unknown', action: 'engineer' });
  });

  it.each([
    [0x02, 0xd4],
    [0x03, 0xd5],
    [0x04, 0xd6],
    [0x05, 0xd7],
    [0x06, 0xd8],
    [0x07, 0xd9],
    [0x08, 0xda],
    [0x09, 0xe7],
    [0x10, 0xe8],
    [0x11, 0xe9],
    [0x12, 0xea],
    [0x14, 0xeb],
    [0x15, 0xef],
    [0x16, 0xf0],
    [0x17, 0xf1],
    [0x20, 0xec],
  ])('FN code %i comes out as device error %i', (code, device) => {
    expect(deviceErrorOfFn(code)).toBe(device);
    expect(fnError(code)?.pairing).toBe('inferred');
  });

  it('turn every FN code into a described device error', () => {
    for (const error of FN_ERRORS) expect(deviceError(error.deviceError).name).not.toBe('unknown');
    expect(deviceErrorOfFn(0x7f)).toBe(deviceErrorCode('fnFault'));
    expect(fnError(0)).toBeUndefined();
  });
});
