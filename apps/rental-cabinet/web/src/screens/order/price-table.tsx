import { Button } from '@mantine/core';
import type { TariffView } from '@kkt/web-contract';
import { Card, DataTable, Money, useFormats, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { orderTexts } from './texts';

/** The price of a term of one register by the published discounts; the order itself is reckoned by the server. */
export function termPriceKop({ pricePerDayKop, discounts }: TariffView, days: number): number {
  const bp = discountBp({ discounts }, days);
  const fullKop = pricePerDayKop * days;
  return fullKop - Math.round((fullKop * bp) / 10_000);
}

const discountBp = ({ discounts }: Pick<TariffView, 'discounts'>, days: number): number =>
  discounts.reduce((best, step) => (days >= step.fromDays ? Math.max(best, step.discountBp) : best), 0);

/** What each term costs and saves. */
export function PriceTable(props: {
  tariff: TariffView;
  termDays: number;
  onTerm(days: number): void;
}): ReactNode {
  const { tariff, termDays, onTerm } = props;
  const say = useTexts(orderTexts);
  const formats = useFormats();
  return (
    <Card title={say('terms')} side={say('perDay', { sum: formats.money(tariff.pricePerDayKop) })} flush>
      <DataTable
        caption={say('terms')}
        rows={tariff.discounts}
        rowKey={({ fromDays }) => fromDays}
        columns={[
          { key: 'term', title: say('col.term'), render: (row) => say('fromDays', { n: row.fromDays }) },
          {
            key: 'discount',
            title: say('col.discount'),
            align: 'right',
            render: (row) => formats.percent(row.discountBp / 10_000),
          },
          {
            key: 'day',
            title: say('col.day'),
            align: 'right',
            render: ({ fromDays }) => <Money kop={Math.round(termPriceKop(tariff, fromDays) / fromDays)} />,
          },
          {
            key: 'total',
            title: say('col.total'),
            align: 'right',
            render: ({ fromDays }) => <Money kop={termPriceKop(tariff, fromDays)} />,
          },
          {
            key: 'saving',
            title: say('col.saving'),
            align: 'right',
            render: ({ fromDays }) => (
              <Money kop={tariff.pricePerDayKop * fromDays - termPriceKop(tariff, fromDays)} />
            ),
          },
          {
            key: 'choose',
            title: '',
            align: 'right',
            render: ({ fromDays }) => (
              <Button
                size="compact-sm"
                variant={fromDays === termDays ? 'filled' : 'default'}
                aria-pressed={fromDays === termDays}
                onClick={() => onTerm(fromDays)}
              >
                {say('choose', { n: fromDays })}
              </Button>
            ),
          },
        ]}
      />
    </Card>
  );
}
