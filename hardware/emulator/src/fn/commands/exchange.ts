import { wallText, type WallMs } from '../../wall-time';
import type { FiscalDrive } from '../fiscal-drive';
import { rowsOf, type Row } from './rows';

export type ExchangeRow = Row<
  | 'exchangeStatus'
  | 'setTransportState'
  | 'startMessage'
  | 'readMessageBlock'
  | 'cancelMessage'
  | 'finishMessage'
  | 'putConfirmation'
>;

export const isExchange = rowsOf(
  'exchangeStatus',
  'setTransportState',
  'startMessage',
  'readMessageBlock',
  'cancelMessage',
  'finishMessage',
  'putConfirmation',
);

const MAX_U16 = 0xffff;

/** Commands 20–26: the host carries messages to the operator and brings confirmations. */
export function exchange(row: ExchangeRow, request: Buffer, drive: FiscalDrive, now: WallMs): Buffer {
  switch (row.name) {
    case 'exchangeStatus': {
      row.decodeRequest(request);
      const { unsent, confirmed } = drive.state;
      const { flags } = drive.exchange;
      const { oldest } = unsent;
      return row.encodeAnswer({
        flags: {
          transportUp: flags.transportUp,
          messageWaiting: oldest !== undefined,
          waitingConfirmation: flags.awaitingAnswer,
          operatorCommand: false,
          settingsChanged: false,
          waitingCommandReply: false,
        },
        reading: flags.reading ? 1 : 0,
        queued: Math.min(unsent.length, MAX_U16),
        firstFdNumber: oldest ? confirmed + 1 : 0,
        firstAt: oldest ? wallText(oldest.at) : null,
      });
    }
    case 'setTransportState':
      drive.exchange.setTransport(row.decodeRequest(request).up !== 0);
      return row.encodeAnswer();
    case 'startMessage':
      row.decodeRequest(request);
      return row.encodeAnswer({ length: drive.exchange.begin() });
    case 'readMessageBlock': {
      const { offset, length } = row.decodeRequest(request);
      return row.encodeAnswer({ block: drive.exchange.readBlock(offset, length) });
    }
    case 'cancelMessage':
      row.decodeRequest(request);
      drive.exchange.cancel();
      return row.encodeAnswer();
    case 'finishMessage':
      row.decodeRequest(request);
      drive.exchange.finish();
      return row.encodeAnswer();
    case 'putConfirmation': {
      const { code } = drive.confirm(row.decodeRequest(request).confirmation, now);
      return row.encodeAnswer({ operatorCode: code, commands: Buffer.alloc(0) });
    }
  }
}
