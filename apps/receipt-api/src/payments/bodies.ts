import { providerNames } from '@kkt/payments';
import { ItemBody } from '../v1/dto/item-body';
import { ClientBody, CompanyBody } from '../v1/dto/party-body';
import { Flag, Money, Part, Parts, Text, Texts, Whole } from '../v1/dto/rules';
import { maxPage } from '../v1/receipts/queries';

const groupPattern = '^[A-Za-z0-9_.\\-]{1,64}$';

/** An order that will be paid for: the source of its receipt's items. */
export class OrderBody {
  @Text({ pattern: groupPattern, en: 'Code of the group of registers', ru: 'Код группы касс' })
  group!: string;
  @Parts(() => ItemBody, { row: 'items' }) items!: ItemBody[];
  @Money({ optional: true, en: 'Discount on the whole order', ru: 'Скидка на весь заказ' }) discount?: string;
  @Money({ row: 'total', en: 'What will be paid', ru: 'Сумма к оплате', example: '1080.00' }) total!: string;
  @Part(() => ClientBody, { row: 'client', optional: true }) client?: ClientBody;
  @Part(() => CompanyBody, { row: 'company', optional: true }) company?: CompanyBody;
  @Text({ row: 'cashier', optional: true }) cashier?: string;
  @Text({ row: 'cashier_inn', optional: true }) cashier_inn?: string;
  @Text({
    max: 256,
    optional: true,
    en: 'Where the results of its receipts are told',
    ru: 'Адрес для результатов',
  })
  callback_url?: string;
}

const secret = (en: string) => ({ min: 1, max: 8_000, optional: true, en, ru: en });

const hashes = ['sha256', 'sha384', 'sha512'];

export class ConnectionSettingsBody {
  @Text({
    values: ['live', 'test'],
    optional: true,
    en: 'Live or test payments',
    ru: 'Боевые или тестовые платежи',
  })
  mode?: string;
  @Text({
    values: ['split', 'review'],
    optional: true,
    en: 'A partial refund: spread over the items, or left to a person',
    ru: 'Частичный возврат: разложить по позициям или оставить человеку',
  })
  partial_refund?: string;
  @Texts({
    max: 50,
    optional: true,
    en: 'Networks callbacks may come from, instead of the published ones',
    ru: 'Сети, из которых приходят уведомления, вместо опубликованных',
  })
  addresses?: string[];
  @Text({ values: hashes, optional: true, en: 'Hash set at Robokassa', ru: 'Хеш в кабинете Robokassa' })
  hash?: string;
  @Text({ values: ['hmac', 'rsa'], optional: true, en: 'Checksum set at Sber', ru: 'Вид checksum у Сбера' })
  checksum?: string;
  @Flag({
    optional: true,
    en: 'T-Bank: GetState tells what is left after a partial refund',
    ru: 'Т-Банк: GetState сообщает остаток после частичного возврата',
  })
  amount_is_what_is_left?: boolean;
}

/** Every secret a provider may need; which ones, the documentation of payment callbacks says. */
export class SecretsBody {
  @Text(secret('T-Bank: terminal')) terminal_key?: string;
  @Text(secret('T-Bank, Sber: password')) password?: string;
  @Text(secret('YooKassa: shop id')) shop_id?: string;
  @Text(secret('YooKassa: secret key')) secret_key?: string;
  @Text(secret('CloudPayments: public id')) public_id?: string;
  @Text(secret('CloudPayments: API secret')) api_secret?: string;
  @Text(secret('Sber: user of the gateway')) user_name?: string;
  @Text(secret('Sber: key of HMAC checksums')) callback_key?: string;
  @Text(secret('Sber: certificate of RSA checksums, PEM')) callback_certificate?: string;
  @Text(secret('Robokassa: shop')) merchant_login?: string;
  @Text(secret('Robokassa: password 2')) password2?: string;
  @Text(secret('PayPal: client id')) client_id?: string;
  @Text(secret('PayPal: client secret')) client_secret?: string;
  @Text(secret('PayPal: webhook id')) webhook_id?: string;
  @Text(secret('PayPal IPN: receiver id')) receiver_id?: string;
  @Text(secret('Stripe: endpoint secret')) endpoint_secret?: string;
  @Text(secret('Stripe: API key')) api_key?: string;
}

/** A shop's account at a provider. */
export class ConnectionBody {
  @Text({ values: providerNames, en: 'Payment provider', ru: 'Платёжный провайдер' }) provider!: string;
  @Text({ pattern: groupPattern, en: 'Code of the group of registers', ru: 'Код группы касс' })
  group!: string;
  @Text({ min: 1, max: 100, en: 'Name for people', ru: 'Название' }) name!: string;
  @Part(() => SecretsBody, { en: 'Secrets of the account', ru: 'Секреты подключения' })
  secrets!: SecretsBody;
  @Part(() => ConnectionSettingsBody, { optional: true, en: 'Settings', ru: 'Настройки' })
  settings?: ConnectionSettingsBody;
}

/** Changes of a connection; what is left out stays. */
export class ConnectionChangeBody {
  @Text({ min: 1, max: 100, optional: true, en: 'Name for people', ru: 'Название' }) name?: string;
  @Part(() => SecretsBody, { optional: true, en: 'All secrets anew', ru: 'Все секреты заново' })
  secrets?: SecretsBody;
  @Part(() => ConnectionSettingsBody, { optional: true, en: 'Settings anew', ru: 'Настройки заново' })
  settings?: ConnectionSettingsBody;
  @Text({ values: ['active', 'disabled'], optional: true, en: 'State', ru: 'Состояние' }) state?: string;
}

export class DismissBody {
  @Text({ min: 3, max: 500, en: 'What was done instead', ru: 'Что сделано вместо' }) reason!: string;
}

/** A refund the shop tells itself. */
export class PaymentRefundBody {
  @Text({ pattern: '^[A-Za-z0-9_.:\\-]{1,64}$', en: 'The shop’s number of the refund', ru: 'Номер возврата' })
  id!: string;
  @Money({ en: 'Refunded sum', ru: 'Сумма возврата' }) sum!: string;
}

/** The group an order stands in, when the client has several. */
export class OrderQuery {
  @Text({ pattern: groupPattern, en: 'Code of the group', ru: 'Код группы касс' }) group!: string;
}

const page = {
  en: 'Rows on a page',
  min: 1,
  max: maxPage,
  fromText: true,
  optional: true,
  example: 50,
} as const;
const cursor = { en: '`next` of the page before', optional: true, max: 200 } as const;

/** Filters of payments; everything given must fit. */
export class PaymentsQuery {
  @Text({ en: 'The shop’s number of the order', optional: true, max: 64 }) order_no?: string;
  @Text({ values: providerNames, en: 'Payment provider', optional: true }) provider?: string;
  @Whole(page) limit?: string;
  @Text(cursor) cursor?: string;
}

export class PaymentEventsQuery {
  @Text({
    values: ['rejected', 'ignored', 'applied', 'new'],
    optional: true,
    en: 'State of events',
    ru: 'Состояние',
  })
  state?: string;
  @Text({ pattern: '^[0-9a-fA-F-]{36}$', optional: true, en: 'Connection', ru: 'Подключение' })
  connection?: string;
  @Whole(page) limit?: string;
  @Text(cursor) cursor?: string;
}
