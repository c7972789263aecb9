import { command, DEVICE_MODE, fnCommand, REPORT_TYPE } from '@kkt/atol-protocol';
import { FarmError, isWireFault, sleep } from '@kkt/contracts';
import { TAG, type TlvNode } from '@kkt/ffd';
import type { AtolProfile } from './atol.profile';
import type { AtolSession } from './atol.session';
import { attributeRequests } from './attributes';

export interface Cashier {
  name?: string;
  inn?: string;
}

/** State 45 shows while a shift report (3.2, then 7.1) or another report (2.2) is being made. */
const MAKING_SUBMODES: ReadonlySet<string> = new Set(['3.2', '7.1', '2.2']);
const POLL_MS = [20, 50, 100, 250, 500] as const;
const REPORT_TIMEOUT_MS = 120_000;
const BEEPS = 3;
const BEEP_PAUSE_MS = 600;

/** Tags 1021 and 1203 of whoever makes the report. */
export const cashierNodes = (cashier: Cashier | undefined): TlvNode[] => [
  ...(cashier?.name ? [{ tag: TAG.cashier, value: cashier.name }] : []),
  ...(cashier?.inn ? [{ tag: TAG.cashierInn, value: cashier.inn }] : []),
];

/** Shift reports, X report, settlements report. */
export class Reporter {
  constructor(
    private readonly session: AtolSession,
    private readonly profile: AtolProfile,
  ) {}

  openShift(cashier?: Cashier): Promise<void> {
    const { session } = this;
    return session.inMode(DEVICE_MODE.registration, async () => {
      await this.write(cashierNodes(cashier));
      await session.ask(command('openShift'), { flags: 0, text: '' }, { fiscal: true });
    });
  }

  closeShift(cashier?: Cashier): Promise<void> {
    const { session } = this;
    return session.inMode(DEVICE_MODE.closingReports, async () => {
      await this.write(cashierNodes(cashier));
      await session.ask(command('closeShift'), undefined, { fiscal: true });
      await this.waitForReport('closeShift', true);
      // The device may break the report off after it has answered; the FN knows.
      const { open } = await this.afterReport(() => session.ask(fnCommand('shiftState')));
      if (open !== 0) throw this.broken('closeShift', 'the shift is still open');
    });
  }

  /** Command 47, `BEEPS` times: one short sound is not found among 48 modules. */
  async identify(): Promise<void> {
    for (let beep = 1; beep <= BEEPS; beep += 1) {
      await this.session.ask(command('beep'), { parameters: Buffer.alloc(0) });
      if (beep < BEEPS) await sleep(this.session.clock, BEEP_PAUSE_MS);
    }
  }

  settlementReport(): Promise<void> {
    return this.report(REPORT_TYPE.settlements, true);
  }

  xReport(): Promise<void> {
    return this.report(REPORT_TYPE.x, false);
  }

  private report(type: number, fiscal: boolean): Promise<void> {
    return this.session.inMode(DEVICE_MODE.reports, async () => {
      await this.session.ask(command('report'), { type }, { fiscal });
      await this.waitForReport('report', fiscal);
    });
  }

  private async write(nodes: readonly TlvNode[]): Promise<void> {
    for (const request of attributeRequests(nodes, this.profile)) {
      await this.session.ask(command('writeAttribute'), request);
    }
  }

  /** The device answers at once and works on; 45 tells when it has finished. */
  private async waitForReport(name: string, fiscal: boolean): Promise<void> {
    const { clock } = this.session;
    const untilMs = clock.monotonicMs() + REPORT_TIMEOUT_MS;
    for (let poll = 0; ; poll += 1) {
      const ask = (): Promise<{ mode: { mode: number; submode: number } }> =>
        this.session.ask(command('stateCode'));
      const { mode } = await (fiscal ? this.afterReport(ask) : ask());
      if (!MAKING_SUBMODES.has(`${mode.mode}.${mode.submode}`)) {
        if (mode.submode === 0) return;
        throw this.broken(name, `the device is in state ${mode.mode}.${mode.submode}`);
      }
      if (clock.monotonicMs() >= untilMs) {
        const context = { wire: this.session.wireName, command: name, timeoutMs: REPORT_TIMEOUT_MS };
        const message = `${name} is not finished in time`;
        throw fiscal
          ? new FarmError('DOUBT-DEADLINE', message, context)
          : new FarmError('WIRE-DEADLINE', message, context);
      }
      await sleep(clock, POLL_MS[Math.min(poll, POLL_MS.length - 1)] ?? 500);
    }
  }

  /** A query behind a fiscal command: when it fails, the fiscal command is in doubt. */
  private async afterReport<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!isWireFault(error)) throw error;
      throw new FarmError('DOUBT-LINK-LOST', 'The report was begun, its end is not known', error.context, {
        cause: error,
      });
    }
  }

  private broken(name: string, why: string): FarmError {
    return new FarmError('DEVICE-REPORT-BROKEN', `${name}: ${why}`, {
      wire: this.session.wireName,
      command: name,
      recovery: 'retry',
    });
  }
}
