import { providerNames } from '@kkt/payments';
import { Flag, Moment, Money, Part, Parts, Text, Texts, Whole } from '../v1/dto/rules';
import { stateWords } from '../v1/dto/words';

/** An order as the shop sees it registered. */
export class OrderView {
  @Text({ en: 'The shop’s number of the order' }) order_no!: string;
  @Text({ en: 'Code of the group' }) group!: string;
  @Money({ tag: 1020, en: 'What will be paid' }) total!: string;
  @Whole({ en: 'Lines of its receipt; a discount may make two of one item' }) lines!: number;
  @Text({ values: ['registered', 'unchanged'], en: 'Whether this request changed it' }) state!: string;
  @Texts({ en: 'What should be mended before the payment, Russian' }) warnings!: string[];
}

/** An order asked for later. */
export class KnownOrderView {
  @Text({ en: 'The shop’s number of the order' }) order_no!: string;
  @Text({ en: 'Code of the group' }) group!: string;
  @Money({ tag: 1020, en: 'What is to be paid' }) total!: string;
  @Whole({ en: 'Lines of its receipt' }) lines!: number;
  @Moment({ en: 'When it was registered first' }) created_at!: string;
  @Text({ en: 'Where the results of its receipts are told', optional: true }) callback_url!: string | null;
  @Texts({ en: 'Ids of payments that were told for it' }) payments!: string[];
}

export class ConnectionSettingsView {
  @Text({ en: 'Live or test payments' }) mode!: string;
  @Text({ en: 'A partial refund: `split` or `review`' }) partial_refund!: string;
  @Texts({ en: 'Networks instead of the published ones', absent: true }) addresses?: string[];
  @Text({ en: 'Hash set at Robokassa', absent: true }) hash?: string;
  @Text({ en: 'Checksum set at Sber', absent: true }) checksum?: string;
  @Flag({ en: 'T-Bank: what GetState tells after a partial refund', absent: true })
  amount_is_what_is_left?: boolean;
}

/** A connection as it is shown; secrets are never shown again. */
export class ConnectionView {
  @Text({ en: 'Our id of the connection' }) id!: string;
  @Text({ values: providerNames, en: 'Payment provider' }) provider!: string;
  @Text({ en: 'Code of the group' }) group!: string;
  @Text({ en: 'Name for people' }) name!: string;
  @Text({ values: ['active', 'suspended', 'disabled'], en: 'State' }) state!: string;
  @Text({ en: 'Why it is suspended', optional: true }) state_reason!: string | null;
  @Text({ en: 'What to put into the provider’s settings' }) callback_url!: string;
  @Flag({
    en: 'Payments can be asked of the provider; without that, refunds and lost callbacks are not found',
  })
  can_reconcile!: boolean;
  @Part(() => ConnectionSettingsView, { en: 'Settings' }) settings!: ConnectionSettingsView;
  @Moment({ en: 'When it was made' }) created_at!: string;
}

export class ConnectionListView {
  @Parts(() => ConnectionView, { en: 'Connections' }) items!: ConnectionView[];
}

export class ParkView {
  @Text({ en: 'Stable name of the reason', example: 'unknown-order' }) reason!: string;
  @Text({ en: 'The reason, Russian', optional: true }) text!: string | null;
  @Moment({ en: 'Since when it waits', optional: true }) since!: string | null;
}

export class PaymentReceiptView {
  @Text({ values: ['income', 'return'], en: 'Money in or back' }) effect!: string;
  @Text({ en: 'Our id of the receipt' }) receipt_id!: string;
  @Money({ en: 'The part of the payment it covers' }) sum!: string;
  @Text({ values: stateWords, en: 'State of the receipt' }) state!: string;
}

/** A payment that a provider told. */
export class PaymentStateView {
  @Text({ en: 'Our id of the payment' }) id!: string;
  @Text({ en: 'Payment provider' }) provider!: string;
  @Text({ en: 'Our id of the connection' }) connection!: string;
  @Text({ en: 'Code of the group' }) group!: string;
  @Text({ en: 'The provider’s id of the payment' }) provider_payment_id!: string;
  @Text({ en: 'The shop’s number of the order', optional: true }) order_no!: string | null;
  @Text({ en: 'Currency, ISO 4217' }) currency!: string;
  @Whole({ en: 'Paid in all, minor units of the currency' }) paid_minor!: number;
  @Money({ en: 'Covered by receipts of income' }) receipted!: string;
  @Money({ en: 'Covered by receipts of return' }) returned!: string;
  @Flag({ en: 'A refund came before its payment' }) waits_for_payment!: boolean;
  @Part(() => ParkView, { en: 'Why it waits for a person', optional: true }) parked!: ParkView | null;
  @Parts(() => PaymentReceiptView, { en: 'Its receipts' }) receipts!: PaymentReceiptView[];
  @Moment({ en: 'When it was told first' }) created_at!: string;
}

export class PaymentListView {
  @Parts(() => PaymentStateView, { en: 'Payments, the newest first' }) items!: PaymentStateView[];
  @Text({ en: 'Cursor of the next page; null on the last', optional: true }) next!: string | null;
}

/** Something that came to a callback address, or that we learned by asking. */
export class PaymentEventView {
  @Text({ en: 'Number of the event' }) id!: string;
  @Text({ en: 'Our id of the connection' }) connection!: string;
  @Text({ values: ['callback', 'reconciliation', 'shop'], en: 'Where it came from' }) source!: string;
  @Text({ en: 'The provider’s name of what happened' }) kind!: string;
  @Text({ en: 'What made it believed, or why it was not' }) verdict!: string;
  @Text({ values: ['new', 'applied', 'ignored', 'rejected'], en: 'What became of it' }) state!: string;
  @Text({ en: 'More about it', optional: true }) note!: string | null;
  @Text({ en: 'Address it came from' }) address!: string;
  @Whole({ en: 'How often it came' }) times!: number;
  @Text({ en: 'Our id of the payment', optional: true }) payment!: string | null;
  @Moment({ en: 'When it came first' }) received_at!: string;
  @Moment({ en: 'When it came last' }) seen_at!: string;
}

export class PaymentEventListView {
  @Parts(() => PaymentEventView, { en: 'Events, the newest first' }) items!: PaymentEventView[];
  @Text({ en: 'Cursor of the next page; null on the last', optional: true }) next!: string | null;
}
