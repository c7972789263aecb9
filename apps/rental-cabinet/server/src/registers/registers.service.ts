import { Inject, Injectable } from '@nestjs/common';
import {
  CabinetReadStore,
  type ClientGroupRow,
  type ClientRegisterRow,
  type ClientSight,
  DocumentStore,
} from '@kkt/storage';
import type { ClientGroup, ClientRegister, ClientRegisterPage, ClientRegisters } from '@kkt/web-contract';
import { conditionOf, documentBrief, moment, momentOrNull } from '@kkt/web-server';
import { operatorPaid } from '../operators/operator-paid';
import { type CabinetParts, PARTS } from '../parts';

const pageSize = 50;
/** Begins the reason of a pause that the client made himself and may end himself. */
export const ownPause = 'client: ';

export const groupView = ({ oldestS: _age, inDoubt: _doubt, ...row }: ClientGroupRow): ClientGroup => row;

/** @param includedOperator INN of the operator that tariffs include */
export const registerView = (row: ClientRegisterRow, includedOperator: string): ClientRegister => ({
  id: row.id,
  serial: row.serial,
  model: row.model,
  groupCode: row.groupCode,
  rnm: row.rnm,
  ffd: row.ffd,
  address: row.address,
  site: row.site,
  ofdName: row.ofdName,
  condition: conditionOf(row),
  problem: row.problem,
  since: moment(row.state === 'ready' ? (row.onlineSince ?? row.stateSince) : row.stateSince),
  fn:
    row.fnNumber === null
      ? null
      : {
          fnNumber: row.fnNumber,
          model: row.fnModel,
          capacityDocuments: row.capacityDocuments,
          documentsLeft: row.documentsLeft,
          validUntil: row.validUntil,
          phase: row.fnPhase,
          warnings: row.fnWarnings,
          registrationsLeft: row.registrationsLeft,
        },
  shift:
    row.shiftOpen === null
      ? null
      : { open: row.shiftOpen, number: row.shiftNumber, expiresAt: momentOrNull(row.shiftExpiresAt) },
  unsent: row.unsent,
  firstUnsentAt: momentOrNull(row.firstUnsentAt),
  operatorCause: row.operatorCause,
  lastFd: row.lastFd,
  paidTo: row.paidTo,
  isTrial: row.isTrial,
  pausedBecause: row.state === 'paused' ? ownReason(row.stateReason) : null,
  fnEnds: row.fnEndsOn && row.fnEndCause ? { on: row.fnEndsOn, cause: row.fnEndCause } : null,
  lastReceiptAt: momentOrNull(row.lastReceiptAt),
  operatorPaid: operatorPaid(row, includedOperator),
});

/** What the client gave as the reason of a pause of his own. */
const ownReason = (reason: string | null): string | null =>
  reason?.startsWith(ownPause) ? reason.slice(ownPause.length) : null;

/** The registers and groups of a client. */
@Injectable()
export class RegistersService {
  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CabinetReadStore) private readonly cabinet: CabinetReadStore,
    @Inject(DocumentStore) private readonly documents: DocumentStore,
  ) {}

  async list(sight: ClientSight): Promise<ClientRegisters> {
    const [groups, registers] = await Promise.all([
      this.cabinet.groups(sight),
      this.cabinet.registers(sight),
    ]);
    return { groups: groups.map(groupView), registers: registers.map((row) => this.view(row)) };
  }

  /** Undefined when there is none, or not of this client. */
  async page(
    sight: ClientSight,
    registerId: number,
    before?: number,
  ): Promise<ClientRegisterPage | undefined> {
    const [row] = await this.cabinet.registers(sight, registerId);
    if (!row) return undefined;
    if (row.fnNumber === null) return { register: this.view(row), totals: [], documents: [], next: null };
    const [totals, documents] = await Promise.all([
      this.cabinet.totalsOfDrive(sight, row.fnNumber),
      this.documents.ofDrive(row.fnNumber, pageSize + 1, before),
    ]);
    const shown = documents.slice(0, pageSize);
    return {
      register: this.view(row),
      totals,
      documents: shown.map(documentBrief),
      next: documents.length > pageSize ? (shown.at(-1)?.fdNumber ?? null) : null,
    };
  }

  private view(row: ClientRegisterRow): ClientRegister {
    return registerView(row, this.parts.operator.inn);
  }
}
