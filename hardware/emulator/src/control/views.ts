import type { ArchivedDocument } from '../fn/fiscal-drive';
import type { KktModule } from '../module/kkt-module';
import type { WorldModule } from '../rack/world';
import { wallText } from '../wall-time';

/** A module in the list and on its own page. */
export function moduleView(line: WorldModule, module: KktModule) {
  const drive = module.fn;
  const state = drive?.state;
  const registration = drive?.registration;
  const now = module.device.now();
  return {
    ...line,
    fnNumber: drive?.fnNumber ?? '',
    fnModel: drive?.model.id ?? '',
    powered: module.isPowered,
    plugged: module.isPlugged,
    hasHost: module.hasHost,
    busy: module.isBusy,
    mode: module.device.mode,
    receiptOpen: module.device.receipt !== undefined,
    clock: wallText(now),
    beeps: module.device.beeps,
    tasks: module.tasks,
    fn: drive &&
      state && {
        phase: state.phase,
        ffd: registration?.ffd,
        inn: registration?.inn,
        rnm: registration?.rnm,
        shift: { open: state.shift.open, number: state.shift.number, receipts: state.shift.receipts },
        lastFd: state.lastFd,
        lastAt: state.lastFd > 0 ? wallText(state.lastAt) : undefined,
        unsent: state.unsent.length,
        confirmed: state.confirmed,
        validUntil: wallText(state.validUntil).slice(0, 10),
        documentsLeft: drive.documentsLeft,
        warnings: drive.warnings(now),
      },
    faults: module.faults.list(),
  };
}

/** One document of the archive. */
export function documentView({ head, tlv, confirmed }: ArchivedDocument) {
  return {
    fd: head.fd,
    form: head.form,
    sign: head.sign,
    total: head.totalKop,
    at: wallText(head.at),
    fiscalSign: head.fiscalSign,
    shift: head.shift,
    receipt: head.receipt,
    tlvHex: tlv.toString('hex'),
    confirmed,
  };
}
