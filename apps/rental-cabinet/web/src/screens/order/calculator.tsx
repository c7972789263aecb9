import { Button, Stack, Text, TextInput } from '@mantine/core';
import type { CalculationView, LoadView, TariffView } from '@kkt/web-contract';
import { Card, CardGrid, fieldError, Tile, useFormats, useLanguage, useTexts } from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { termPriceKop } from './price-table';
import { orderTexts } from './texts';
import { type CalculatorWish, useCalculation, useLoad, useSettled } from './use-order';

/** Pace of a register while nothing is known of this client's own. */
const usualPaceMs = 1_500;
const monthDays = 30;

const number = (text: string): number => Number(text.replace(/[\s\u00a0]/g, '').replace(',', '.'));

type Inputs = Record<
  'receiptsPerDay' | 'peakPerMinute' | 'peakMinutes' | 'p99S' | 'growth' | 'paceMs',
  string
>;

const fieldNames = {
  receiptsPerDay: 'receiptsPerDay',
  peakPerMinute: 'peakPerMinute',
  peakMinutes: 'peakMinutes',
  p99S: 'p99',
  growth: 'growth',
  paceMs: 'paceMs',
} as const;

const wishOf = (inputs: Inputs): CalculatorWish => ({
  receiptsPerDay: number(inputs.receiptsPerDay),
  peakPerMinute: number(inputs.peakPerMinute),
  peakMinutes: number(inputs.peakMinutes),
  paceMs: number(inputs.paceMs),
  p99S: number(inputs.p99S),
  growthPerMonth: number(inputs.growth) / 100,
});

/** How many registers a load needs, told in words; the client's own load beside it. */
export function Calculator(props: { tariff: TariffView; onTake(registers: number): void }): ReactNode {
  const { tariff, onTake } = props;
  const say = useTexts(orderTexts);
  const { data: load } = useLoad();
  const [inputs, setInputs] = useState<Inputs>({
    receiptsPerDay: '1000',
    peakPerMinute: '10',
    peakMinutes: '60',
    p99S: '10',
    growth: '0',
    paceMs: String(usualPaceMs),
  });
  const settled = useSettled(wishOf(inputs));
  const isWhole = Object.values(settled).every((value) => Number.isFinite(value));
  const query = useCalculation(settled, isWhole);
  const useLoadOf = ({ busiestDayReceipts, peakPerMinute, paceMs }: LoadView): void =>
    setInputs((old) => ({
      ...old,
      receiptsPerDay: String(Math.max(1, busiestDayReceipts)),
      peakPerMinute: String(Math.max(peakPerMinute, Math.ceil((busiestDayReceipts / 1440) * 100) / 100)),
      paceMs: String(paceMs ?? usualPaceMs),
    }));
  return (
    <Card title={say('calculator')}>
      <Stack gap="md">
        {load && <OwnLoad load={load} result={query.data} onUse={() => useLoadOf(load)} />}
        <div className="cabinet-inputs">
          {(Object.keys(fieldNames) as (keyof Inputs)[]).map((name) => (
            <TextInput
              key={name}
              label={say(fieldNames[name])}
              inputMode="decimal"
              value={inputs[name]}
              onChange={({ currentTarget: { value } }) => setInputs((old) => ({ ...old, [name]: value }))}
              error={fieldError(query.error, name === 'growth' ? 'growthPerMonth' : name)}
            />
          ))}
        </div>
        {query.data ? (
          <Result result={query.data} tariff={tariff} onTake={onTake} />
        ) : (
          <Text className="kit-soft">{say('calculating')}</Text>
        )}
      </Stack>
    </Card>
  );
}

function OwnLoad(props: { load: LoadView; result?: CalculationView; onUse(): void }): ReactNode {
  const { load, result, onUse } = props;
  const say = useTexts(orderTexts);
  const formats = useFormats();
  if (load.receipts7d === 0) return <Text className="kit-soft">{say('loadNone')}</Text>;
  const verdict =
    !result || load.registers === 0
      ? undefined
      : load.registers < result.optimal
        ? 'verdict.more'
        : load.registers > result.optimal
          ? 'verdict.less'
          : 'verdict.enough';
  return (
    <div>
      <strong>{say('load')}</strong>
      <p style={{ margin: '0.25rem 0' }}>
        {say('loadLine', {
          receipts: formats.number(load.receipts7d),
          day: formats.number(load.busiestDayReceipts),
          peak: formats.number(load.peakPerMinute),
          registers: load.registers,
        })}
      </p>
      {verdict && result && (
        <p style={{ margin: '0.25rem 0' }} role="status">
          {say(verdict, { have: load.registers, need: result.optimal })}
        </p>
      )}
      <Button size="compact-sm" variant="default" onClick={onUse}>
        {say('useLoad')}
      </Button>
    </div>
  );
}

function Result(props: {
  result: CalculationView;
  tariff: TariffView;
  onTake(registers: number): void;
}): ReactNode {
  const { result, tariff, onTake } = props;
  const say = useTexts(orderTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const price = (registers: number): string =>
    say('perMonth', { sum: formats.money(registers * termPriceKop(tariff, monthDays)) });
  return (
    <>
      <CardGrid min={10}>
        <Tile
          name={say('minimum')}
          value={formats.number(result.minimum)}
          note={`${price(result.minimum)}; ${say('minimum.note')}`}
          tone="mute"
        />
        <Tile
          name={say('optimal')}
          value={formats.number(result.optimal)}
          note={`${price(result.optimal)}; ${say('optimal.note', {
            s: formats.number(result.predictedP99S, 1),
            busy: formats.percent(result.utilisation),
          })}`}
          tone="good"
        />
      </CardGrid>
      <Text className="kit-soft">{say('fns', { days: result.fnDays, n: result.fnsPerYear })}</Text>
      <details>
        <summary>{say('arithmetic')}</summary>
        <ol>
          {result.arithmetic.map((line) => (
            <li key={line.ru}>{line[language]}</li>
          ))}
        </ol>
      </details>
      <div>
        <Button variant="light" onClick={() => onTake(result.optimal)}>
          {say('take', { n: result.optimal })}
        </Button>
      </div>
    </>
  );
}
