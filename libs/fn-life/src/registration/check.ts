import { isInn, isRnmFor, looksLikeRnm } from '@kkt/ffd';
import type { Objection } from '../ledger';

/** Use flags of a registration. */
export interface UseModes {
  /** Settlements on the Internet only (tag 1108). */
  internetOnly: boolean;
  automatic: boolean;
  autonomous: boolean;
  services: boolean;
  excise: boolean;
  marking: boolean;
  gambling: boolean;
  lottery: boolean;
  /** Mask of tag 1057. */
  agents: number;
}

/** Everything a registration report and an application need. */
export interface RegistrationFacts {
  userName: string;
  inn: string;
  /** 9 digits; organisations only. */
  kpp: string | null;
  rnm: string | null;
  kktModel: string;
  kktSerial: string;
  fnModel: string;
  fnNumber: string;
  /** FFD as in tag 1209. */
  ffd: number;
  /** Mask of tag 1062. */
  taxSystems: number;
  defaultTaxSystem: number | null;
  modes: UseModes;
  /** Tag 1009. */
  address: string;
  /** Tag 1187: the shop's site for settlements on the Internet. */
  place: string;
  machineNumber: string | null;
  ofdInn: string;
  ofdName: string;
  senderEmail: string | null;
  fnsSite: string;
}

/** The operator as the directory knows it. */
export interface KnownOperator {
  inn: string;
  name: string;
}

const knownTaxSystems = 0x3f;

/** The number the tax service gave, against this taxpayer and this device. Checksum: CRC-16 in the last six digits. */
export function objectionToRnm(rnm: string, inn: string, kktSerial: string): Objection | undefined {
  if (!looksLikeRnm(rnm))
    return {
      code: 'CLIENT-RNM',
      text: 'РНМ — 16 цифр, последние шесть — контрольная сумма. Проверьте, что номер переписан целиком',
    };
  if (!isRnmFor(rnm, inn, kktSerial))
    return {
      code: 'CLIENT-RNM',
      text: `РНМ ${rnm} выдан не для ИНН ${inn} и заводского номера ${kktSerial}: контрольная сумма не сходится`,
    };
  return undefined;
}

/** What is wrong with the data of a registration, field by field; empty when nothing is. */
export function objectionsToRegistration(
  facts: RegistrationFacts,
  operators: readonly KnownOperator[],
): (Objection & { field: string })[] {
  const found: (Objection & { field: string })[] = [];
  const say = (field: string, text: string): void => {
    found.push({ code: 'CLIENT-REGISTRATION', field, text });
  };
  if (!isInn(facts.inn)) say('inn', `ИНН ${facts.inn}: контрольные цифры не сходятся`);
  if (facts.kpp !== null && !/^\d{4}[\dA-Z]{2}\d{3}$/.test(facts.kpp)) say('kpp', 'КПП — 9 знаков');
  if (facts.rnm !== null) {
    const wrong = objectionToRnm(facts.rnm, facts.inn, facts.kktSerial);
    if (wrong) found.push({ ...wrong, field: 'rnm' });
  }
  if (facts.userName.trim() === '' || facts.userName.length > 256)
    say('userName', 'Название пользователя: от 1 до 256 знаков');
  if (facts.taxSystems === 0 || (facts.taxSystems & ~knownTaxSystems) !== 0)
    say('taxSystems', 'Выберите хотя бы одну систему налогообложения');
  if (facts.defaultTaxSystem !== null && (facts.taxSystems & facts.defaultTaxSystem) === 0)
    say('defaultTaxSystem', 'Основная система налогообложения должна быть среди выбранных');
  if (facts.address.trim() === '' || facts.address.length > 256)
    say('address', 'Адрес расчётов: от 1 до 256 знаков');
  if (facts.place.trim() === '' || facts.place.length > 256)
    say('place', 'Место расчётов: от 1 до 256 знаков');
  if (facts.modes.internetOnly && !/^https?:\/\/|^[\p{L}\d-]+(\.[\p{L}\d-]+)+/u.test(facts.place))
    say('place', 'Для расчётов в интернете место расчётов — адрес сайта');
  if (facts.modes.internetOnly && facts.modes.autonomous)
    say('modes', 'Касса для расчётов в интернете не может работать автономно');
  if (facts.modes.automatic && !facts.machineNumber)
    say('machineNumber', 'Укажите номер автоматического устройства');
  const names = operators.filter(({ inn }) => inn === facts.ofdInn).map(({ name }) => name);
  if (names.length === 0) say('ofdInn', `ОФД с ИНН ${facts.ofdInn} нет в справочнике операторов`);
  else if (!names.includes(facts.ofdName))
    say('ofdName', `По справочнику ОФД с ИНН ${facts.ofdInn} называется «${names[0]}»`);
  return found;
}

/** An FN takes 11 re-registrations after its first report. @see FFD facts C.2, command 32 */
export function objectionToReregistration(registrationsLeft: number | null): Objection | undefined {
  return registrationsLeft !== null && registrationsLeft <= 0
    ? {
        code: 'CLIENT-REREGISTRATIONS-USED-UP',
        text: 'ФН уже перерегистрирован 11 раз — это предел. Двенадцатая перерегистрация невозможна: замените ФН',
      }
    : undefined;
}
