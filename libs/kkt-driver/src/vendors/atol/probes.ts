import { command, fnCommand, register } from '@kkt/atol-protocol';
import type { DeviceProbe, ProbeValues } from '../../device';
import { AtolSession } from './atol.session';
import { withSeconds } from './reader';

type Row = {
  name: string;
  period: DeviceProbe['period'];
  read: (session: AtolSession) => Promise<ProbeValues>;
};

const local = (at: string | null): string | null => (at === null ? null : withSeconds(at));

/** A register that gives one number. */
const one = (key: string, name: Parameters<typeof register>[0], field: string, p1 = 0, p2 = 0): Row => ({
  name: key,
  period: 'ten-minutes',
  read: async (session) => {
    const answer: object = await session.ask(register(name) as ReturnType<typeof register<'cashInDrawer'>>, {
      p1,
      p2,
    });
    return { [key]: (answer as Record<string, number>)[field] ?? null };
  },
});

/** One command each, so that a receipt waits for no more than one. Keys are those of the table of readings. */
const rows: readonly Row[] = [
  {
    name: 'state code',
    period: 'minute',
    read: async (session) => {
      const { mode, flags } = await session.ask(command('stateCode'));
      return {
        ...mode,
        no_paper: flags.noPaper,
        printer_link_lost: flags.printerLinkLost,
        printer_mechanical_fault: flags.mechanicalFault,
        cutter_fault: flags.cutterFault,
        overheated: flags.overheated,
        printer_fault: flags.printerError,
        paper_near_end: flags.paperNearEnd,
      };
    },
  },
  {
    name: 'status',
    period: 'minute',
    read: async (session) => {
      const { flags, ...status } = await session.ask(command('status'));
      return {
        fiscalised: flags.fiscalised,
        shift_open: flags.shiftOpen,
        drawer_open: flags.drawerOpen,
        cover_open: flags.coverOpen,
        fn_activated: flags.fnActivated,
        battery_low: flags.batteryLow,
        clock: local(status.clock),
        cashier: status.cashier,
        receipt_number: status.receiptNumber,
        receipt_open: status.receiptState,
        open_receipt_sum: status.receiptSumKop,
      };
    },
  },
  {
    name: 'FN status',
    period: 'minute',
    read: async (session) => {
      const { warnings, ...status } = await session.ask(fnCommand('fnStatus'));
      return {
        fn_number: status.fnNumber,
        fn_phase: status.phase,
        fn_current_document: status.currentDocument,
        fn_documents: status.lastFdNumber,
        fn_last_document: local(status.lastDocumentAt),
        fn_replace_urgently: warnings.replaceUrgently,
        fn_resource_ending: warnings.resourceEnding,
        fn_memory_nearly_full: warnings.memoryNearlyFull,
        fn_confirmation_overdue: warnings.confirmationOverdue,
        fn_control_failed: warnings.controlFailed,
        fn_settings_needed: warnings.settingsNeeded,
        fn_operator_closed: warnings.operatorClosed,
        fn_critical: warnings.critical,
      };
    },
  },
  {
    name: 'exchange with the operator',
    period: 'minute',
    read: async (session) => {
      const { flags, ...queue } = await session.ask(fnCommand('exchangeStatus'));
      return {
        ofd_unsent: queue.queued,
        ofd_first_unsent_number: queue.queued > 0 ? queue.firstFdNumber : null,
        ofd_first_unsent: queue.queued > 0 ? local(queue.firstAt) : null,
        ofd_transport_up: flags.transportUp,
        ofd_message_waiting: flags.messageWaiting,
        ofd_answer_awaited: flags.waitingConfirmation,
        ofd_command_pending: flags.operatorCommand,
        ofd_message_reading: queue.reading !== 0,
      };
    },
  },
  {
    name: 'shift',
    period: 'ten-minutes',
    read: async (session) => {
      const { shiftNumber, receiptNumber } = await session.ask(fnCommand('shiftState'));
      return { shift_number: shiftNumber, shift_receipts: receiptNumber };
    },
  },
  {
    name: 'shift limit',
    period: 'ten-minutes',
    read: async (session) => {
      const { shiftOpen, limit } = await session.ask(register('shiftLimit'));
      return { shift_limit: shiftOpen !== 0 ? local(limit) : null };
    },
  },
  one('cash_in_drawer', 'cashInDrawer', 'sumKop'),
  one('revenue', 'revenue', 'sumKop'),
  one('shift_total', 'shiftTotal', 'sumKop'),
  one('payments_cash', 'paymentsSum', 'sumKop', 1, 1),
  one('payments_electronic', 'paymentsSum', 'sumKop', 1, 2),
  one('payments_prepaid', 'paymentsSum', 'sumKop', 1, 3),
  one('payments_credit', 'paymentsSum', 'sumKop', 1, 4),
  one('refunds_cash', 'paymentsSum', 'sumKop', 2, 1),
  one('refunds_electronic', 'paymentsSum', 'sumKop', 2, 2),
  one('sales_sum', 'registrationsSum', 'sumKop', 1),
  one('sales_count', 'registrationsCount', 'count', 1),
  one('refunds_count', 'registrationsCount', 'count', 2),
  one('cash_in_sum', 'cashInSum', 'sumKop'),
  one('cash_in_count', 'cashInCount', 'count'),
  one('cash_out_sum', 'cashOutSum', 'sumKop'),
  one('cash_out_count', 'cashOutCount', 'count'),
  one('receipts_closed', 'receiptsCount', 'count', 0),
  one('receipts_cancelled', 'receiptsCount', 'count', 1),
  one('network_error', 'exchangeError', 'error', 1),
  one('operator_error', 'exchangeError', 'error', 2),
  one('fn_exchange_error', 'exchangeError', 'error', 3),
  one('extended_error', 'extendedError', 'error'),
  {
    name: 'last receipt',
    period: 'ten-minutes',
    read: async (session) => {
      const { fdNumber, sumKop, at } = await session.ask(register('lastReceipt'));
      return { last_receipt_number: fdNumber, last_receipt_sum: sumKop, last_receipt: local(at) };
    },
  },
  {
    name: 'last error',
    period: 'ten-minutes',
    read: async (session) => ({ last_error: (await session.ask(command('lastError'))).error }),
  },
  {
    name: 'validity',
    period: 'hour',
    read: async (session) => {
      const { validTo, registrationsLeft, registrationsDone } = await session.ask(fnCommand('validity'));
      return {
        fn_valid_until: validTo === null ? null : `${validTo}T00:00:00`,
        fn_registrations_left: registrationsLeft,
        fn_registrations_done: registrationsDone,
      };
    },
  },
  {
    name: 'resources',
    period: 'hour',
    read: async (session) => {
      const { documentsLeft, freeKib, notificationsFillPercent } = await session.ask(fnCommand('resources'));
      return {
        fn_documents_left: documentsLeft,
        fn_free: freeKib,
        fn_notifications_fill: notificationsFillPercent,
      };
    },
  },
  {
    name: 'FN version',
    period: 'hour',
    read: async (session) => {
      const { version, kind } = await session.ask(fnCommand('fnVersion'));
      return { fn_firmware: version.trim(), fn_serial_kind: kind };
    },
  },
  {
    name: 'FFD versions',
    period: 'hour',
    read: async (session) => {
      const { register: registerFfd, fn } = await session.ask(register('ffdVersions'));
      return { ffd_register: registerFfd, ffd_fn: fn };
    },
  },
  {
    name: 'grand total',
    period: 'hour',
    read: async (session) => ({ grand_total: (await session.ask(register('grandTotal'), { p1: 1 })).sumKop }),
  },
  {
    name: 'last registration',
    period: 'hour',
    read: async (session) => ({
      last_registration: local((await session.ask(register('lastRegistration'))).at),
    }),
  },
  {
    name: 'device type',
    period: 'hour',
    read: async (session) => {
      const { model, name, firmware } = await session.ask(command('deviceType'));
      const { major, minor, build } = firmware;
      return { model_code: model, model: name, firmware: `${major}.${minor}.${build}` };
    },
  },
  {
    name: 'boot loader',
    period: 'hour',
    read: async (session) => {
      const { major, minor, build } = await session.ask(command('versions'), { part: 3 });
      return { bootloader: `${major}.${minor}.${build}` };
    },
  },
];

/** The readings of an ATOL device. Each is one command that changes nothing. */
export const atolProbes = (session: AtolSession): readonly DeviceProbe[] =>
  rows.map(({ name, period, read }) => ({
    name,
    period,
    read: () => session.exclusive(() => read(session)),
  }));
