import { FarmError } from '@kkt/contracts';
import type { DeskPorts } from './ports';
import { farmActor } from './ports';
import { FnWorkflowStore } from '@kkt/storage';

/** A register with its new FN, as operators keep it. */
export interface AnnouncedKkt {
  rnm: string;
  fnNumber: string;
  inn: string;
  enterpriseName: string;
  serial: string;
  model: string;
  place: string;
  address: string;
}

/** Tells one operator; each operator's API has an adapter of its own. @throws FarmError `OFD-*` */
export type OperatorDoor = (kkt: AnnouncedKkt) => Promise<void>;

export interface ReferenceDoorOptions {
  /** Address of its portal, as `http://127.0.0.1:8083`. */
  baseUrl: string;
  apiKey?: string;
  timeoutMs?: number;
}

/** The reference operator's `POST /api/kkts`. */
export const referenceOperatorDoor =
  ({ baseUrl, apiKey, timeoutMs = 5_000 }: ReferenceDoorOptions): OperatorDoor =>
  async (kkt) => {
    let status: number;
    try {
      const answer = await fetch(`${baseUrl}/api/kkts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(apiKey ? { 'x-api-key': apiKey } : {}) },
        body: JSON.stringify({ ...kkt, state: 'active' }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = answer.status;
    } catch (error) {
      throw new FarmError('OFD-AWAY', 'The operator cannot be reached', {}, { cause: error });
    }
    if (status >= 300) throw new FarmError('OFD-REGISTER', 'The operator refused the register', { status });
  };

/** After this many days an operator that cannot be told is a matter for people. */
const patienceDays = 7;

/**
 * Tells operators of registers with new FNs through their API, where they have one. It is no step that a register waits
 * for: what the operator has not heard it is told again; meanwhile the FN keeps its documents.
 */
export class OperatorAnnouncer {
  constructor(
    private readonly ports: DeskPorts,
    private readonly doorOf: (ofdInn: string) => OperatorDoor | undefined,
  ) {}

  /** Returns how many registers were announced. */
  async sweep(): Promise<number> {
    const { database, log } = this.ports;
    const waiting = await database.query<AnnouncedKkt & { id: string; ofdInn: string }>(
      `select w.id, w.proofs->'tell_operator'->>'ofdInn' as "ofdInn", k.rnm, k.fn_number as "fnNumber", g.inn,
              g.user_name as "enterpriseName", k.serial, k.model, g.payment_address as place, g.address
       from fn_workflows w join registers k on k.id = w.register_id join register_groups g on g.id = w.group_id
       where w.proofs ? 'tell_operator' and k.rnm is not null and k.fn_number is not null
         and w.created_at > farm_now() - make_interval(days => $1)
         and not exists (select 1 from fn_workflow_events e where e.workflow_id = w.id and e.event = 'operator_told')`,
      [patienceDays],
    );
    let told = 0;
    for (const { id, ofdInn, ...kkt } of waiting) {
      const door = this.doorOf(ofdInn);
      if (!door) continue;
      try {
        await door(kkt);
      } catch (error) {
        log.warn({ workflow: id, ofdInn, err: error }, 'the operator was not told of a register');
        continue;
      }
      await new FnWorkflowStore(database).note({
        workflowId: id,
        step: 'tell_operator',
        event: 'operator_told',
        actorId: null,
        actorName: farmActor.name,
        proof: { ofdInn, rnm: kkt.rnm, fnNumber: kkt.fnNumber },
      });
      told += 1;
    }
    return told;
  }
}
