import axios from 'axios';
import { FarmError } from '@kkt/contracts';

/** A register as an operator must know it before the first document. */
export interface AnnouncedRegister {
  /** Registration number with the tax service (tag 1037), 16 digits. */
  rnm: string;
  fnNumber: string;
  /** The user's (tag 1018). */
  inn: string;
  enterpriseName: string;
  serial: string;
  model: string;
  /** Place of settlements (tag 1187) and its address (tag 1009). */
  place: string;
  address: string;
}

/** Where a register is made known to an operator: each operator's API has a client of its own. */
export interface OperatorRegistry {
  /**
   * Makes a register known, paid and ready to report. Safe to repeat.
   * @throws FarmError OFD-REGISTER when the operator refuses, OFD-SILENT when it does not answer
   */
  announce(register: AnnouncedRegister): Promise<void>;
}

export interface ReferenceRegistryOptions {
  /** Address of its portal, as `http://127.0.0.1:8083`. */
  baseUrl: string;
  /** Header `X-Api-Key`; none on the operator's own machine. */
  apiKey?: string;
  timeoutMs?: number;
}

/** The reference operator by its JSON API, `POST /api/kkts`. */
export class ReferenceOperatorRegistry implements OperatorRegistry {
  constructor(private readonly options: ReferenceRegistryOptions) {}

  async announce(register: AnnouncedRegister): Promise<void> {
    const { baseUrl, apiKey, timeoutMs = 10_000 } = this.options;
    // Field by field: the operator refuses what it does not know, and a caller's row may hold more.
    const { rnm, fnNumber, inn, enterpriseName, serial, model, place, address } = register;
    const answer = await axios
      .post<unknown>(
        `${baseUrl}/api/kkts`,
        { rnm, fnNumber, inn, enterpriseName, serial, model, place, address, state: 'active' },
        {
          timeout: timeoutMs,
          signal: AbortSignal.timeout(timeoutMs),
          headers: apiKey ? { 'X-Api-Key': apiKey } : {},
          validateStatus: () => true,
        },
      )
      .catch((error: unknown): never => {
        throw new FarmError('OFD-SILENT', `The operator does not answer: ${(error as Error).message}`);
      });
    if (answer.status >= 300)
      throw new FarmError(
        'OFD-REGISTER',
        `The operator refused register ${register.serial}: ${JSON.stringify(answer.data).slice(0, 500)}`,
      );
  }
}
