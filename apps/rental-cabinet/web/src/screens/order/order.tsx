import type { TariffsView } from '@kkt/web-contract';
import { CardGrid, PageHead, QueryView, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { Calculator } from './calculator';
import { OrderForm } from './order-form';
import { OrderList } from './order-list';
import { PriceTable } from './price-table';
import { orderTexts } from './texts';
import { useTariffs } from './use-order';

/** C9: how many registers, at what price, and the order itself. */
export function OrderScreen(): ReactNode {
  const say = useTexts(orderTexts);
  return (
    <>
      <PageHead title={say('title')} />
      <QueryView query={useTariffs()}>{(tariffs) => <Content tariffs={tariffs} />}</QueryView>
    </>
  );
}

const firstTermDays = 30;

function Content({ tariffs }: { tariffs: TariffsView }): ReactNode {
  const [tariffId, setTariffId] = useState(tariffs.tariffs.at(-1)?.id ?? '');
  const [registers, setRegisters] = useState(1);
  const [termDays, setTermDays] = useState(firstTermDays);
  const tariff = tariffs.tariffs.find(({ id }) => id === tariffId) ?? tariffs.tariffs[0];
  if (!tariff) return null;
  return (
    <>
      <CardGrid min={24}>
        <Calculator tariff={tariff} onTake={setRegisters} />
        <OrderForm
          tariffs={tariffs}
          tariffId={tariff.id}
          onTariff={setTariffId}
          registers={registers}
          onRegisters={setRegisters}
          termDays={termDays}
          onTerm={setTermDays}
        />
      </CardGrid>
      <PriceTable tariff={tariff} termDays={termDays} onTerm={setTermDays} />
      <OrderList />
    </>
  );
}
