import type { ReceiptContent } from '@kkt/contracts';
import { maskContact } from '@kkt/security';
import type { ReceiptListRow } from '@kkt/storage';

/** A value of a cell: text, kopecks shown as roubles, a moment shown in Moscow time. */
export type Cell =
  | { kind: 'text'; value: string }
  | { kind: 'money'; kop: number }
  | { kind: 'number'; value: number }
  | { kind: 'time'; at: Date }
  | { kind: 'empty' };

export interface ExportRow {
  row: ReceiptListRow;
  content: ReceiptContent;
  fiscalSign: number | null;
  shopName: string | null;
}

export interface ExportColumn {
  title: string;
  /** Characters. */
  width: number;
  cell(row: ExportRow, options: { withContacts: boolean }): Cell;
}

const text = (value: string | null | undefined): Cell =>
  value === null || value === undefined || value === '' ? { kind: 'empty' } : { kind: 'text', value };
const money = (kop: number): Cell => ({ kind: 'money', kop });
const time = (at: Date | null): Cell => (at === null ? { kind: 'empty' } : { kind: 'time', at });

const operations: Readonly<Record<string, string>> = {
  sell: 'Приход',
  sell_refund: 'Возврат прихода',
  buy: 'Расход',
  buy_refund: 'Возврат расхода',
  sell_correction: 'Коррекция прихода',
  sell_refund_correction: 'Коррекция возврата прихода',
  buy_correction: 'Коррекция расхода',
  buy_refund_correction: 'Коррекция возврата расхода',
};

const states: Readonly<Record<ReceiptListRow['state'], string>> = {
  queued: 'в очереди',
  working: 'регистрируется',
  in_doubt: 'выясняется',
  done: 'зарегистрирован',
  failed: 'отказ',
};

/** Columns of an export, for accountants: Russian, in the order people read. */
export const exportColumns: readonly ExportColumn[] = [
  { title: 'Принят, МСК', width: 19, cell: ({ row }) => time(row.acceptedAt) },
  {
    title: 'Зарегистрирован, МСК',
    width: 21,
    cell: ({ row }) => time(row.state === 'done' ? row.finishedAt : null),
  },
  { title: 'Принят ОФД, МСК', width: 19, cell: ({ row }) => time(row.confirmedAt) },
  { title: 'Заказ', width: 26, cell: ({ row }) => text(row.externalId) },
  { title: 'Вид', width: 18, cell: ({ row }) => text(operations[row.operation] ?? row.operation) },
  { title: 'Состояние', width: 16, cell: ({ row }) => text(states[row.state]) },
  { title: 'Сумма, ₽', width: 14, cell: ({ row }) => money(row.totalKop) },
  { title: 'Наличными, ₽', width: 14, cell: ({ content }) => money(content.payments.cashKop) },
  { title: 'Безналичными, ₽', width: 16, cell: ({ content }) => money(content.payments.ecashKop) },
  { title: 'Аванс, ₽', width: 12, cell: ({ content }) => money(content.payments.prepaidKop) },
  { title: 'Кредит, ₽', width: 12, cell: ({ content }) => money(content.payments.creditKop) },
  { title: 'Иное, ₽', width: 12, cell: ({ content }) => money(content.payments.provisionKop) },
  {
    title: 'Товары',
    width: 40,
    cell: ({ content }) =>
      text(
        content.items
          .map(({ name }) => name)
          .join('; ')
          .slice(0, 1_000),
      ),
  },
  {
    title: 'Покупатель',
    width: 24,
    cell: ({ content }, { withContacts }) => {
      const contact = content.client?.email ?? content.client?.phone;
      return text(contact && (withContacts ? contact : maskContact(contact)));
    },
  },
  { title: 'Магазин', width: 20, cell: ({ shopName }) => text(shopName) },
  { title: 'Группа', width: 18, cell: ({ row }) => text(row.groupCode) },
  { title: 'Касса', width: 16, cell: ({ row }) => text(row.serial) },
  { title: 'ФН', width: 18, cell: ({ row }) => text(row.fnNumber) },
  {
    title: 'ФД',
    width: 10,
    cell: ({ row }) => (row.fdNumber === null ? { kind: 'empty' } : { kind: 'number', value: row.fdNumber }),
  },
  { title: 'ФП', width: 12, cell: ({ fiscalSign }) => text(fiscalSign === null ? null : String(fiscalSign)) },
  { title: 'Причина отказа', width: 40, cell: ({ row }) => text(row.errorText) },
];
