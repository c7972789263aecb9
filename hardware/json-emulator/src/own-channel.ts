import type { Clock, Timer } from '@kkt/contracts';
import { parseDocument } from '@kkt/ffd';
import {
  ANSWER_CODE,
  buildConfirmation,
  decodeContainer,
  encodeContainer,
  orThrow,
  readPlainBody,
  REFERENCE_OPERATOR_KEY,
} from '@kkt/ofd-protocol';
import type { FiscalDrive, KktModule } from '../../emulator/src';

/** Form of the operator's confirmation. */
const CONFIRMATION = 7;

/**
 * The register's own way to its operator. Ours: the operator is not reached, it is played. A document that has waited
 * for `afterMs` gets the confirmation the reference operator would give; the FN checks it as any other.
 */
export class OwnChannel {
  private timer: Timer | undefined;

  constructor(
    private readonly module: KktModule,
    private readonly clock: Clock,
    private readonly afterMs: number,
  ) {}

  start(): void {
    this.timer = this.clock.setTimer(this.afterMs, () => {
      const drive = this.module.fn;
      const isOn = this.module.isPowered;
      while (isOn && drive && drive.state.unsent.length > 0) confirmOldest(drive, this.module.device.now());
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
  }
}

function confirmOldest(drive: FiscalDrive, now: number): void {
  const { exchange } = drive;
  exchange.setTransport(true);
  const message = exchange.readBlock(0, exchange.begin());
  exchange.finish();
  const container = orThrow(decodeContainer(message));
  const { ffd, at, fiscalSign } = parseDocument(orThrow(readPlainBody(container)).tlv);
  const { fnNumber, fdNumber } = container;
  const facts = {
    ffd: ffd === 2 ? (2 as const) : (4 as const),
    ofdInn: drive.registration?.ofdInn.trim() ?? '',
    fnNumber,
    fdNumber,
    at: at ?? '',
    code: ANSWER_CODE.accepted,
  };
  const body = buildConfirmation(facts, { key: REFERENCE_OPERATOR_KEY, fiscalSign: fiscalSign ?? 0 });
  drive.confirm(encodeContainer({ documentCode: CONFIRMATION, fnNumber, fdNumber, body }), now);
}
