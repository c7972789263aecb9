import type { FfdVersion, ReceiptContent, TaxSystem } from '@kkt/contracts';
import type { RegistrationFacts } from '@kkt/fn-life';
import type { RegistrationData } from '@kkt/kkt-driver';
import type { Sql } from '@kkt/storage';

/** A register with the group it serves, as registrations need them. */
export interface RegisterFacts {
  registerId: number;
  serial: string;
  model: string;
  state: string;
  clientId: string | null;
  groupId: number | null;
  rnm: string | null;
  fnNumber: string | null;
  machineNumber: string | null;
  registrationsLeft: number | null;
  fnModel: string | null;
  group: GroupFacts | null;
}

export interface GroupFacts {
  id: number;
  clientId: string;
  ffd: number;
  inn: string;
  userName: string;
  taxSystems: number;
  defaultTaxSystem: number | null;
  paymentAddress: string;
  address: string;
  senderEmail: string | null;
  fnsSite: string;
  ofdInn: string;
  ofdName: string;
}

/** A register may have left its group's operator for one of its own. */
const groupOf = (
  inn: string,
  name: string,
): string => `json_build_object('id', g.id, 'clientId', g.client_id, 'ffd', g.ffd, 'inn', g.inn, 'userName', g.user_name,
  'taxSystems', g.tax_systems, 'defaultTaxSystem', g.default_tax_system, 'paymentAddress', g.payment_address, 'address', g.address,
  'senderEmail', g.sender_email, 'fnsSite', g.fns_site, 'ofdInn', ${inn}, 'ofdName', ${name})`;

/** Locks the register for the transaction. */
export async function lockRegister(sql: Sql, registerId: number): Promise<RegisterFacts | undefined> {
  await sql.query('select 1 from registers where id = $1 for update', [registerId]);
  const rows = await sql.query<RegisterFacts>(
    `select k.id as "registerId", k.serial, k.model, k.state, k.client_id as "clientId", k.group_id as "groupId", k.rnm,
       k.fn_number as "fnNumber", k.machine_number as "machineNumber", f.registrations_left as "registrationsLeft", f.model as "fnModel",
       case when g.id is null then null else ${groupOf('ro.inn', 'ro.name')} end as "group"
     from registers k left join register_groups g on g.id = k.group_id
     left join register_operators ro on ro.register_id = k.id left join fiscal_drives f on f.fn_number = k.fn_number
     where k.id = $1`,
    [registerId],
  );
  return rows[0];
}

export async function readGroup(sql: Sql, groupId: number): Promise<GroupFacts | undefined> {
  const rows = await sql.query<{ group: GroupFacts }>(
    `select ${groupOf('g.ofd_inn', 'g.ofd_name')} as "group" from register_groups g where g.id = $1`,
    [groupId],
  );
  return rows[0]?.group;
}

const unknownText = (value: string | null): string => value ?? '';

/** What goes into a registration report. */
export function registrationData(
  facts: RegisterFacts,
  own: GroupFacts,
  kind: RegistrationData['kind'],
  reasons: number,
): RegistrationData {
  return {
    kind,
    ffd: own.ffd as FfdVersion,
    inn: own.inn,
    rnm: unknownText(facts.rnm),
    userName: own.userName,
    taxSystems: own.taxSystems,
    ...(own.defaultTaxSystem ? { defaultTaxSystem: own.defaultTaxSystem as TaxSystem } : {}),
    address: own.address,
    place: own.paymentAddress,
    ofdInn: own.ofdInn,
    ofdName: own.ofdName,
    ...(own.senderEmail ? { senderEmail: own.senderEmail } : {}),
    fnsSite: own.fnsSite,
    automaticMode: false,
    ...(facts.machineNumber ? { machineNumber: facts.machineNumber } : {}),
    // Registers of a data centre settle on the Internet only.
    internetOnly: true,
    services: false,
    excise: false,
    marking: own.ffd === 4,
    ...(kind === 'new' ? {} : { reasons }),
    cashier: { name: 'Администратор' },
  };
}

/** The same for the tax service's application. */
export const applicationData = (
  facts: RegisterFacts,
  own: GroupFacts,
  fn: { number: string; model: string },
): RegistrationFacts => ({
  userName: own.userName,
  inn: own.inn,
  kpp: null,
  rnm: facts.rnm,
  kktModel: facts.model,
  kktSerial: facts.serial,
  fnModel: fn.model,
  fnNumber: fn.number,
  ffd: own.ffd,
  taxSystems: own.taxSystems,
  defaultTaxSystem: own.defaultTaxSystem,
  modes: {
    internetOnly: true,
    automatic: false,
    autonomous: false,
    services: false,
    excise: false,
    marking: own.ffd === 4,
    gambling: false,
    lottery: false,
    agents: 0,
  },
  address: own.address,
  place: own.paymentAddress,
  machineNumber: facts.machineNumber,
  ofdInn: own.ofdInn,
  ofdName: own.ofdName,
  senderEmail: own.senderEmail,
  fnsSite: own.fnsSite,
});

const lowestBit = (mask: number): number => mask & -mask;

/** A receipt of nothing for nothing: proves the whole way of a register and moves no money. */
export const testReceipt = (own: GroupFacts): ReceiptContent => ({
  form: 'receipt',
  sign: 1,
  company: {
    inn: own.inn,
    taxSystem: (own.defaultTaxSystem ?? lowestBit(own.taxSystems)) as TaxSystem,
    place: own.paymentAddress,
    ...(own.senderEmail ? { email: own.senderEmail } : {}),
  },
  client: { email: own.senderEmail ?? 'test@example.com' },
  items: [
    {
      name: 'Проверка кассы после замены ФН',
      priceKop: 0,
      quantityMicro: 1_000_000,
      sumKop: 0,
      ...(own.ffd === 4 ? { measure: 0 } : {}),
      method: 4,
      subject: 4,
      vat: 6,
      vatSumKop: 0,
    },
  ],
  payments: { cashKop: 0, ecashKop: 0, prepaidKop: 0, creditKop: 0, provisionKop: 0 },
  vatTotals: { 6: 0 },
  totalKop: 0,
});
