import iconv from 'iconv-lite';
import { FarmError } from '@kkt/contracts';
import {
  type ApplicationFacts,
  applicationDueMs,
  applicationFileName,
  applicationXml,
  dayOf,
  objectionsToRegistration,
  objectionToRnm,
  objectionToState,
  type RegistrationFacts,
  type ReportFacts,
} from '@kkt/fn-life';
import {
  type AuditValue,
  AuditStore,
  isUniqueViolation,
  type RegistrationRow,
  type RegistrationState,
  RegistrationStore,
  RegisterTaskStore,
} from '@kkt/storage';
import { applicationPdf } from './application-pdf';
import { knownOperators } from './operators';
import type { Actor, DeskPorts } from './ports';
import { refuse, refuseIf } from './refuse';
import { WorkflowMachine } from './workflow-machine';

export interface ApplicationChange {
  state: RegistrationState;
  /** Number given by the tax service; with `number_received`. */
  rnm?: string;
  /** Number and date of the tax service's card; with `card`. */
  card?: { number: string; date: string };
}

interface ApplicationData {
  facts: RegistrationFacts;
  report: ReportFacts | null;
  closing: ReportFacts | null;
  oldFnFailed: boolean;
}

/** Applications to the tax service: their states, their files, and reports read again from the FN. */
export class RegistrationDesk {
  constructor(private readonly ports: DeskPorts) {}

  /** `clientId` narrows to one client's; another's answers as one that does not exist. */
  async read(id: string, clientId?: string): Promise<RegistrationRow> {
    const row = await new RegistrationStore(this.ports.database).read(id);
    if (!row || (clientId !== undefined && row.clientId !== clientId))
      throw new FarmError('CLIENT-NOT-FOUND', 'No such application');
    return row;
  }

  /** What is wrong with the data of an application; empty when it may be sent. */
  async check(row: RegistrationRow): Promise<{ field: string; text: string }[]> {
    const { facts } = row.data as unknown as ApplicationData;
    const operators = await knownOperators(this.ports.database);
    return objectionsToRegistration({ ...facts, rnm: row.rnm }, operators).map(({ field, text }) => ({
      field,
      text,
    }));
  }

  async move(
    id: string,
    change: ApplicationChange,
    actor: Actor,
    clientId?: string,
  ): Promise<RegistrationRow> {
    const row = await this.read(id, clientId);
    try {
      await this.ports.database.transaction(async (sql) => {
        const store = new RegistrationStore(sql);
        const now = await store.lock(id);
        if (!now) throw new FarmError('CLIENT-NOT-FOUND', 'No such application');
        refuseIf(objectionToState(now.kind, now.state, change.state));
        const data = now.data as unknown as ApplicationData;
        if (change.state === 'sent') {
          const [wrong] = await this.check(now);
          if (wrong) refuse({ code: 'CLIENT-REGISTRATION', text: wrong.text });
        }
        if (change.state === 'number_received') {
          if (!change.rnm) refuse({ code: 'CLIENT-RNM', text: 'Укажите РНМ, который выдала ФНС' });
          refuseIf(objectionToRnm(change.rnm ?? '', data.facts.inn, data.facts.kktSerial));
        }
        if (change.state === 'report_entered' && !data.report && !data.closing)
          refuse({ code: 'CLIENT-NO-REPORT', text: 'Касса ещё не сделала отчёт: вводить нечего' });
        if (change.state === 'card' && !change.card)
          refuse({ code: 'CLIENT-CARD', text: 'Укажите номер и дату карточки ФНС' });
        await store.move(id, {
          state: change.state,
          dueAt: new Date(applicationDueMs(change.state, this.ports.clock.nowMs(), data.oldFnFailed)),
          ...(change.rnm
            ? { rnm: change.rnm, data: { ...data, facts: { ...data.facts, rnm: change.rnm } } }
            : {}),
          ...(change.card ? { card: change.card } : {}),
        });
        await AuditStore.write(sql, {
          actorKind: actor.kind,
          actorId: actor.id,
          actorName: actor.name,
          clientId: now.clientId,
          action: `registration.${change.state}`,
          objectKind: 'register',
          objectId: String(now.registerId),
          before: { state: now.state },
          after: { application: id, ...change } as unknown as AuditValue,
          requestId: actor.requestId,
        });
      });
    } catch (error) {
      if (isUniqueViolation(error, 'registers_rnm_key'))
        refuse({ code: 'CLIENT-RNM', text: `РНМ ${change.rnm} уже у другой кассы` });
      throw error;
    }
    if (row.workflowId) await new WorkflowMachine(this.ports).advance(row.workflowId);
    return this.read(id);
  }

  /** The application as a file for the tax service's cabinet, in windows-1251. */
  xml(row: RegistrationRow): { name: string; body: Buffer } {
    const facts = this.facts(row);
    return {
      name: `${applicationFileName(facts)}.xml`,
      body: iconv.encode(applicationXml(facts), 'windows-1251'),
    };
  }

  /** The same facts on paper, for people. */
  async pdf(row: RegistrationRow): Promise<{ name: string; body: Buffer }> {
    const facts = this.facts(row);
    return { name: `${applicationFileName(facts)}.pdf`, body: await applicationPdf(facts) };
  }

  /** Asks the FN for a report again; `readAgain` tells the outcome. */
  async askAgain(registerId: number, fnNumber: string, fdNumber: number): Promise<string> {
    try {
      return await new RegisterTaskStore(this.ports.database).askAlone({
        registerId,
        step: 'read_report',
        kind: 'read_report',
        fnNumber,
        request: { fdNumber },
      });
    } catch (error) {
      if (isUniqueViolation(error, 'register_tasks_one_waiting'))
        refuse({ code: 'CLIENT-STATE', text: 'Касса занята другим поручением: повторите через минуту' });
      throw error;
    }
  }

  /** Whether the FN's report is the one we keep; undefined while the device has not answered. */
  async readAgain(
    taskId: string,
    fnNumber: string,
    fdNumber: number,
  ): Promise<{ isSame: boolean; reason: string | null } | undefined> {
    const task = await new RegisterTaskStore(this.ports.database).read(taskId);
    if (!task || task.state === 'waiting') return undefined;
    if (task.state !== 'done') return { isSame: false, reason: task.reason };
    const kept = await new RegistrationStore(this.ports.database).report(fnNumber, fdNumber);
    const isSame =
      kept !== undefined &&
      task.result?.fnNumber === fnNumber &&
      kept.tlv.toString('hex') === task.result.tlvHex;
    return { isSame, reason: isSame ? null : 'differs' };
  }

  private facts(row: RegistrationRow): ApplicationFacts {
    const { facts, report, closing, oldFnFailed } = row.data as unknown as ApplicationData;
    return {
      kind: row.kind,
      id: row.id,
      date: dayOf(row.createdAt.getTime()),
      facts: { ...facts, rnm: row.rnm },
      reasons: row.reasons,
      ...(report ? { report } : {}),
      ...(closing ? { closing } : {}),
      oldFnFailed,
    };
  }
}
