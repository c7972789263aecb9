import { AnswerMaker } from '../../apps/ofd/src/intake/answers';
import { decide, type DriveFacts } from '../../apps/ofd/src/intake/decide';
import { type IncomingDocument, readIncoming } from '../../apps/ofd/src/intake/incoming-document';
import { ANSWER_CODE, type OfdMessage, OfdStreamParser, REFERENCE_OPERATOR_KEY } from '@kkt/ofd-protocol';
import type { Dial, WireEvents } from '@kkt/relay';
import type { SimClock } from './clock';
import type { Dice } from './dice';
import type { SimProcess } from './process';

/** How the operator treats one document. */
export type OperatorMood =
  | 'well'
  | 'no-connection'
  | 'silent'
  | 'drip'
  | 'garbage'
  | 'bad-crc'
  | 'wrong-document'
  | 'twice'
  | 'late'
  | 'try-later'
  | 'hang-up-after-storing';

interface Stored {
  tlv: Buffer;
  form: number;
  confirmation: Buffer;
}

interface Drive {
  facts: DriveFacts;
  documents: Map<number, Stored>;
  /** FD numbers in the order in which they were stored. */
  order: number[];
}

const wayMs = 8;

/** The operator's own decisions on documents, with a network before it that does what the faults want. */
export class SimOperator {
  mood: () => OperatorMood = () => 'well';
  private readonly drives = new Map<string, Drive>();
  private readonly answers: AnswerMaker;
  refusals = 0;
  repeats = 0;

  constructor(
    private readonly clock: SimClock,
    private readonly dice: Dice,
  ) {
    const identity = {
      inn: '7709364346',
      name: 'Оператор',
      signKey: REFERENCE_OPERATOR_KEY,
      utcOffsetMinutes: 180,
    };
    this.answers = new AnswerMaker(identity, clock);
  }

  know(fnNumber: string, rnm: string, inn: string): void {
    const facts: DriveFacts = { rnm, inn, kktState: 'active', firstFd: 1, lastFd: null, closed: false };
    this.drives.set(fnNumber, { facts, documents: new Map(), order: [] });
  }

  /** What it holds of an FN, in the order of coming. */
  stored(fnNumber: string): { fd: number; form: number; tlv: Buffer }[] {
    const drive = this.drives.get(fnNumber);
    return (drive?.order ?? []).map((fd) => ({ fd, ...(drive?.documents.get(fd) as Stored) }));
  }

  /** Connections of one process to it. */
  dialFrom(process: SimProcess): Dial {
    return (_operator, events, { timeoutMs }) =>
      new Promise((resolve, reject) => {
        const mood = this.mood();
        if (mood === 'no-connection') {
          const waitMs = this.dice.chance(0.5) ? wayMs : timeoutMs;
          this.clock.setTimer(waitMs, () => process.enter(() => reject(new Error('ECONNREFUSED'))));
          return;
        }
        this.clock.setTimer(2 * wayMs, () => process.enter(() => resolve(this.serve(process, events))));
      });
  }

  private serve(process: SimProcess, events: WireEvents) {
    const parser = new OfdStreamParser();
    let isOpen = true;
    process.onDeath(() => (isOpen = false));
    const toHost = (bytes: Buffer, afterMs = 0): void => {
      const copy = Buffer.from(bytes);
      this.clock.setTimer(wayMs + afterMs, () =>
        process.enter(() => {
          if (isOpen) events.data(copy);
        }),
      );
    };
    const hangUp = (afterMs = 0): void => {
      this.clock.setTimer(wayMs + afterMs, () =>
        process.enter(() => {
          if (!isOpen) return;
          isOpen = false;
          events.closed();
        }),
      );
    };
    return {
      write: (bytes: Buffer): void => {
        const copy = Buffer.from(bytes);
        this.clock.setTimer(wayMs, () => {
          for (const event of parser.push(copy))
            if (event.kind === 'message') this.answer(event.message, toHost, hangUp);
        });
      },
      destroy: () => void (isOpen = false),
    };
  }

  private answer(
    message: OfdMessage,
    toHost: (bytes: Buffer, afterMs?: number) => void,
    hangUp: (afterMs?: number) => void,
  ): void {
    const mood = this.mood();
    if (mood === 'silent' || mood === 'no-connection') return;
    if (mood === 'garbage') return toHost(Buffer.from('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    if (mood === 'try-later') return toHost(this.refusal(message));
    const good = this.settle(message);
    switch (mood) {
      case 'drip':
        good.forEach((byte, at) => toHost(Buffer.of(byte), at * 700));
        return;
      case 'bad-crc': {
        const bad = Buffer.from(good);
        const at = bad.length - 3;
        bad[at] = (bad[at] ?? 0) ^ 0x10;
        return toHost(bad);
      }
      case 'wrong-document':
        return toHost(this.earlier(message) ?? good);
      case 'twice':
        return toHost(Buffer.concat([good, good]));
      case 'late':
        return toHost(good, this.dice.spanMs(1_000, 400_000));
      case 'hang-up-after-storing':
        return hangUp();
      default:
        return toHost(good, this.dice.int(0, 40));
    }
  }

  private refusal({ header, container }: OfdMessage): Buffer {
    const key = { fnNumber: header.fnNumber, fdNumber: container?.fdNumber ?? 0 };
    return this.answers.wrap(header, this.answers.refuse(header, key, 'tryLater'));
  }

  /** The confirmation of another document of the same FN. */
  private earlier({ header, container }: OfdMessage): Buffer | undefined {
    const drive = this.drives.get(header.fnNumber);
    const other = drive?.documents.get((container?.fdNumber ?? 0) - 1);
    return other && this.answers.wrap(header, other.confirmation);
  }

  private settle({ header, container }: OfdMessage): Buffer {
    if (!container) return this.answers.linkAlive(header);
    const { fnNumber, fdNumber } = container;
    const read = readIncoming(header, container);
    const drive = this.drives.get(fnNumber);
    if (!read.ok) return this.refuse({ header, container }, read.reason.refusal);
    const twin = drive?.documents.get(fdNumber);
    const incoming = read.document;
    const verdict = decide(
      {
        fdNumber,
        form: incoming.form,
        rnm: incoming.document.rnm,
        inn: incoming.document.inn,
        hasViolations: incoming.violations.length > 0,
      },
      drive?.facts,
      !twin ? 'none' : twin.tlv.equals(incoming.tlv) ? 'same' : 'other',
    );
    if (verdict.kind === 'refuse') return this.refuse({ header, container }, verdict.answer);
    if (verdict.kind === 'repeat') {
      this.repeats += 1;
      return this.answers.wrap(header, (twin as Stored).confirmation);
    }
    return this.answers.wrap(header, this.store(drive as Drive, incoming, verdict.code));
  }

  private store(drive: Drive, incoming: IncomingDocument, code: number): Buffer {
    const confirmation = this.answers.confirm(incoming, code);
    const { fdNumber, tlv, form } = incoming;
    drive.documents.set(fdNumber, { tlv: Buffer.from(tlv), form, confirmation });
    drive.order.push(fdNumber);
    drive.facts.lastFd = fdNumber;
    drive.facts.closed ||= form === 6;
    return confirmation;
  }

  private refuse(message: OfdMessage, answer: keyof typeof ANSWER_CODE): Buffer {
    this.refusals += 1;
    const { header, container } = message;
    const key = { fnNumber: header.fnNumber, fdNumber: container?.fdNumber ?? 0 };
    return this.answers.wrap(header, this.answers.refuse(header, key, answer));
  }
}
