import { COMMANDS, type Exchange } from '@kkt/atol-protocol';
import { isInn, isRnmFor } from '@kkt/ffd';
import { fnCommand } from '@kkt/atol-protocol';
import { DAY_MS, toDay, wallFromText, wallText, type WallMs } from '../../wall-time';
import { on, type CommandHandler } from '../command-handler';
import type { KktDevice } from '../kkt-device';
import { DEVICE_ERROR, DeviceRefusal } from '../refusal';

/** Highest table and field a cell may be written to. */
const LAST_TABLE = 30;

/** Factory contents of the tables, hex by `table/row/field`; what is absent reads as one zero byte. */
const FACTORY_CELLS: Readonly<Record<string, string>> = {
  // Print into memory, automatic Z report off, link of the operator through the host.
  '2/1/112': '00',
  '19/1/4': '05',
  '22/1/2': '00',
};

function setWall(device: KktDevice, wall: WallMs): void {
  if (device.receipt) throw new DeviceRefusal(DEVICE_ERROR.receiptOpen, 'a receipt is open');
  const state = device.fn?.drive.state;
  if (state && state.lastFd > 0 && wall < state.lastAt) {
    throw new DeviceRefusal(DEVICE_ERROR.checkDateTime, 'earlier than the last document');
  }
  device.setClock(wall);
}

function wallOrRefuse(text: string, error: number): WallMs {
  const wall = wallFromText(text);
  if (wall === undefined) throw new DeviceRefusal(error, 'no such date or time');
  return wall;
}

/** Writing commands of A4 that bring a registration: the KKT checks what concerns it before the FN does. */
function checkRegistration(device: KktDevice, request: Buffer): void {
  const rows = [fnCommand('finishRegistration'), fnCommand('finishRegistrationFfd11')] as const;
  const row = rows.find(({ fnCode }) => fnCode === request[1]);
  if (!row) return;
  if (device.drive.registrationsLeft === 0) {
    throw new DeviceRefusal(DEVICE_ERROR.reregistrationsUsedUp, 're-registrations are used up');
  }
  const { inn, registrationNumber } = row.decodeRequest(request);
  if (!isInn(inn)) throw new DeviceRefusal(DEVICE_ERROR.badInn, 'INN');
  const { serial, model } = device.options;
  if (model.quirks.checksRnm && !isRnmFor(registrationNumber, inn, serial)) {
    throw new DeviceRefusal(DEVICE_ERROR.badRnm, 'RNM does not belong to this INN and factory number');
  }
}

/** A4 carries the FN's own layout, so its answer is passed through whole. */
const passToFn: CommandHandler = {
  name: COMMANDS.passToFn.name,
  code: 0xa4,
  modes: undefined,
  run(device, request) {
    const { fn } = device;
    if (!fn) throw new DeviceRefusal(DEVICE_ERROR.fnExchange, 'no FN in the slot');
    checkRegistration(device, request);
    return fn.execute(request);
  },
};

const silent = <Name extends string, Req>(row: Exchange<Name, Req, Record<never, never>>): CommandHandler =>
  on(row, () => ({}));

export const serviceHandlers = [
  passToFn,
  on(COMMANDS.setTime, (device, { time }) => {
    const today = wallText(toDay(device.now())).slice(0, 10);
    setWall(device, wallOrRefuse(`${today}T${time}`, DEVICE_ERROR.badTime));
    return {};
  }),
  on(COMMANDS.setDate, (device, { date }) => {
    const sinceMidnight = device.now() % DAY_MS;
    setWall(device, wallOrRefuse(date, DEVICE_ERROR.badDate) + sinceMidnight);
    return {};
  }),
  on(COMMANDS.setClock, (device, { clock }) => {
    setWall(device, wallOrRefuse(clock, DEVICE_ERROR.badTime));
    return {};
  }),
  on(COMMANDS.technologicalReset, () => ({})),
  on(COMMANDS.initTables, (device) => {
    device.data.cells = {};
    device.save();
    return {};
  }),
  on(COMMANDS.generalClearing, () => ({})),
  on(COMMANDS.readTable, (device, { table, row, field }) => {
    if (table < 1 || table > LAST_TABLE) throw new DeviceRefusal(DEVICE_ERROR.badTable, `table ${table}`);
    const key = `${table}/${row}/${field}`;
    return { value: Buffer.from(device.data.cells[key] ?? FACTORY_CELLS[key] ?? '00', 'hex') };
  }),
  on(COMMANDS.writeTable, (device, { table, row, field, value }) => {
    if (table < 1 || table > LAST_TABLE) throw new DeviceRefusal(DEVICE_ERROR.badTable, `table ${table}`);
    device.data.cells[`${table}/${row}/${field}`] = value.toString('hex');
    device.save();
    return {};
  }),
  silent(COMMANDS.printLine),
  silent(COMMANDS.printField),
  silent(COMMANDS.printHeader),
  silent(COMMANDS.printFooter),
  silent(COMMANDS.cutPaper),
  silent(COMMANDS.openDrawer),
  silent(COMMANDS.pulseDrawer),
  on(COMMANDS.beep, (device) => {
    device.beeps += 1;
    return {};
  }),
  silent(COMMANDS.tone),
  silent(COMMANDS.printPicture),
  silent(COMMANDS.printHostPicture),
  silent(COMMANDS.printBarcode),
  silent(COMMANDS.addBarcodeData),
];
