import type { FfdVersion } from '@kkt/contracts';
import { encodeTlv, makeRnm, TAG } from '@kkt/ffd';
import type { KktDevice } from '../module/kkt-device';

/** Whom a module is registered to before it is delivered, as a supplier's test bench does. */
export interface Taxpayer {
  inn: string;
  userName: string;
  address: string;
  place: string;
  senderEmail: string;
  ofdInn: string;
  ofdName: string;
  fnsSite: string;
  /** Mask of tag 1062. */
  taxSystems: number;
  /** Absent: the highest that both the KKT and the FN know. */
  ffd?: FfdVersion;
}

/** An invented taxpayer with every tax system in force, so that a host under test may choose. */
export const testTaxpayer: Taxpayer = {
  inn: '7704358518',
  userName: 'ООО «Испытания»',
  address: '127006, г. Москва, ул. Примерная, д. 1',
  place: 'https://shop.example',
  senderEmail: 'check@shop.example',
  ofdInn: '7704211201',
  ofdName: 'Оператор для испытаний',
  fnsSite: 'www.nalog.gov.ru',
  taxSystems: 0x37,
};

/** Work mode byte of a registration: internet settlements only (FNS KKT–FN protocol v1.1). */
const INTERNET_ONLY = 0x20;

/**
 * Makes the registration report (form 1) in a fresh FN, as a supplier's bench does. The RNM is number 1 with its check
 * digits for this INN and factory number.
 */
export function registerAtFactory(device: KktDevice, taxpayer: Taxpayer): void {
  const { drive, model, options } = device;
  const at = device.now();
  const ffd = taxpayer.ffd ?? highestCommon(model.ffd, drive.model.ffd);
  drive.start('registration', at, ffd);
  drive.addTlv(
    encodeTlv([
      { tag: TAG.userName, value: taxpayer.userName },
      { tag: TAG.placeAddress, value: taxpayer.address },
      { tag: TAG.place, value: taxpayer.place },
      { tag: TAG.sellerEmail, value: taxpayer.senderEmail },
      { tag: TAG.fnsSite, value: taxpayer.fnsSite },
      { tag: TAG.ofdName, value: taxpayer.ofdName },
      { tag: TAG.cashier, value: 'СИС. АДМИНИСТРАТОР' },
      ...(ffd === 2 ? [{ tag: TAG.ofdInn, value: taxpayer.ofdInn }] : []),
    ]),
  );
  device.complete(drive);
  drive.finishRegistration(at, {
    inn: taxpayer.inn,
    rnm: makeRnm(1, taxpayer.inn, options.serial),
    ofdInn: taxpayer.ofdInn,
    taxSystems: taxpayer.taxSystems,
    mode: INTERNET_ONLY,
    extMode: 0,
    reasons: 0,
  });
}

const highestCommon = (ofKkt: readonly FfdVersion[], ofFn: FfdVersion): FfdVersion =>
  ofKkt.reduce((best, known) => (known <= ofFn && known > best ? known : best), 2);
