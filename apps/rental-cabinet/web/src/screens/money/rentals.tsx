import { Button, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { MoneyView, RentalView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  DataTable,
  EmptyState,
  FormError,
  Money,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { links } from '../../links';
import { Extend } from './extend';
import { moneyTexts } from './texts';
import { useMoneyChanged } from './use-money';

const shownAtOnce = 10;

/** What is rented until when, and whether it renews itself. */
export function Rentals({ money }: { money: MoneyView }): ReactNode {
  const say = useTexts(moneyTexts);
  const formats = useFormats();
  const changed = useMoneyChanged();
  const [isAll, setAll] = useState(false);
  const [extending, setExtending] = useState<RentalView>();
  const change = useMutation({
    mutationFn: async ({
      rentals,
      renewsItself,
    }: {
      rentals: readonly RentalView[];
      renewsItself: boolean;
    }) => {
      for (const { id } of rentals) await api.put(`money/rentals/${id}`, { renewsItself });
    },
    onSettled: changed,
  });
  const isOpen = ({ isTrial, hasNext, daysLeft }: RentalView): boolean =>
    !isTrial && !hasNext && daysLeft >= 0;
  const still = money.rentals.filter((rental) => isOpen(rental) && !rental.renewsItself);
  const shown = isAll ? money.rentals : money.rentals.slice(0, shownAtOnce);
  return (
    <Card
      title={say('rentals')}
      side={
        money.mayPay &&
        still.length > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            loading={change.isPending}
            onClick={() => change.mutate({ rentals: still, renewsItself: true })}
          >
            {say('renewAll')}
          </Button>
        )
      }
      flush
    >
      <FormError error={change.error} />
      <DataTable
        caption={say('rentals')}
        rows={shown}
        rowKey={({ id }) => id}
        empty={
          <EmptyState
            title={say('rentalsNone')}
            action={<AppLink href={links.orders()}>{say('toOrder')}</AppLink>}
          >
            {say('rentalsHint')}
          </EmptyState>
        }
        columns={[
          {
            key: 'register',
            title: say('col.register'),
            render: ({ registerId, serial, groupCode }) => (
              <span>
                <AppLink href={links.register(registerId)}>{serial}</AppLink>
                {groupCode !== null && <span className="kit-soft"> {groupCode}</span>}
              </span>
            ),
          },
          {
            key: 'term',
            title: say('col.term'),
            render: ({ termDays, isTrial }) =>
              `${say('term', { n: termDays })}${isTrial ? `, ${say('trial')}` : ''}`,
          },
          {
            key: 'until',
            title: say('col.until'),
            render: ({ lastDay, daysLeft, hasNext }) => (
              <span>
                {formats.date(lastDay)}{' '}
                <span className="kit-soft">
                  {hasNext ? say('extended') : daysLeft < 0 ? say('ended') : say('left', { n: daysLeft })}
                </span>
              </span>
            ),
          },
          {
            key: 'price',
            title: say('col.price'),
            align: 'right',
            render: ({ priceKop }) => <Money kop={priceKop} />,
          },
          {
            key: 'next',
            title: say('col.next'),
            align: 'right',
            render: (row) => (isOpen(row) ? <Money kop={row.nextPriceKop} /> : '—'),
          },
          {
            key: 'renewal',
            title: say('col.renewal'),
            render: (row) =>
              isOpen(row) ? (
                <Switch
                  checked={row.renewsItself}
                  disabled={!money.mayPay || change.isPending}
                  aria-label={say('renews', { serial: row.serial })}
                  label={say(row.renewsItself ? 'on' : 'off')}
                  onChange={(event) =>
                    change.mutate({ rentals: [row], renewsItself: event.currentTarget.checked })
                  }
                />
              ) : (
                '—'
              ),
          },
          {
            key: 'extend',
            title: '',
            align: 'right',
            render: (row) =>
              money.mayPay &&
              !row.hasNext && (
                <Button size="compact-sm" variant="default" onClick={() => setExtending(row)}>
                  {say('extend')}
                </Button>
              ),
          },
        ]}
      />
      {extending && <Extend rental={extending} onClose={() => setExtending(undefined)} />}
      {shown.length < money.rentals.length && (
        <div className="kit-table-foot">
          <Button variant="default" onClick={() => setAll(true)}>
            {say('showAll', { n: money.rentals.length })}
          </Button>
        </div>
      )}
    </Card>
  );
}
