import { Button, Checkbox, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QuoteView, TariffsView } from '@kkt/web-contract';
import {
  api,
  ApiError,
  AppLink,
  Card,
  fieldError,
  Money,
  useFormats,
  useLanguage,
  useRouting,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../../app';
import { links } from '../../links';
import { orderTexts } from './texts';
import { useGroups, useQuote, useSettled } from './use-order';

const taxSystems = [1, 2, 4, 16, 32] as const;

/** The wish, its price line by line, and the order. */
export function OrderForm(props: {
  tariffs: TariffsView;
  tariffId: string;
  onTariff(id: string): void;
  registers: number;
  onRegisters(count: number): void;
  termDays: number;
  onTerm(days: number): void;
}): ReactNode {
  const { tariffs, tariffId, onTariff, registers, onRegisters, termDays, onTerm } = props;
  const say = useTexts(orderTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const { go } = useRouting();
  const { person } = useMember();
  const queries = useQueryClient();
  const { data: own } = useGroups();
  const groups = own?.groups ?? [];
  const [group, setGroup] = useState<string>();
  const [protocol, setProtocol] = useState<'4' | '5'>('5');
  const [site, setSite] = useState('https://');
  const [tax, setTax] = useState('1');
  const [promoCode, setPromo] = useState('');
  const [renewsItself, setRenews] = useState(true);
  const [registeredBy, setBy] = useState<'farm' | 'client'>('farm');
  const groupCode = group ?? groups[0]?.code ?? '';
  const isNew = groupCode === '';
  const wish = { tariffId, registers, termDays, ...(promoCode.trim() && { promoCode: promoCode.trim() }) };
  const isWish = registers >= 1 && termDays >= 1;
  const quote = useQuote(useSettled(wish), isWish);
  const order = useMutation({
    mutationFn: () =>
      api.post<{ id: string }>('orders', {
        ...wish,
        ...(isNew
          ? { newGroup: { protocol: Number(protocol), site: site.trim(), taxSystems: Number(tax) } }
          : { groupCode }),
        renewsItself,
        registeredBy,
      }),
    onSuccess: async ({ id }) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['orders'] }),
        queries.invalidateQueries({ queryKey: ['money'] }),
        queries.invalidateQueries({ queryKey: ['registers'] }),
      ]);
      go(links.order(id));
    },
  });
  const mayOrder = person.rights.includes('registers:order') && person.rights.includes('money:write');
  const tariff = tariffs.tariffs.find(({ id }) => id === tariffId);
  return (
    <Card title={say('order')}>
      <Stack gap="sm">
        <NativeSelect
          label={say('tariff')}
          description={
            tariff &&
            `${say('perDay', { sum: formats.money(tariff.pricePerDayKop) })}, ${say(tariff.isOperatorIncluded ? 'withOperator' : 'withoutOperator')}`
          }
          value={tariffId}
          data={tariffs.tariffs.map(({ id, name }) => ({ value: id, label: name[language] }))}
          onChange={(event) => onTariff(event.currentTarget.value)}
        />
        <div className="cabinet-inputs">
          <NumberInput
            label={say('registers')}
            min={1}
            max={1000}
            allowDecimal={false}
            value={registers}
            onChange={(value) => onRegisters(Number(value) || 1)}
            error={fieldError(quote.error, 'registers')}
          />
          <NumberInput
            label={say('term')}
            description={say('termNote', { from: tariffs.shortestTermDays, to: tariffs.longestTermDays })}
            min={tariffs.shortestTermDays}
            max={tariffs.longestTermDays}
            allowDecimal={false}
            value={termDays}
            onChange={(value) => onTerm(Number(value) || 1)}
            error={fieldError(quote.error, 'termDays')}
          />
        </div>
        <TextInput
          label={say('promo')}
          value={promoCode}
          autoComplete="off"
          onChange={(event) => setPromo(event.currentTarget.value)}
          error={fieldError(quote.error, 'promo')}
        />
        <NativeSelect
          label={say('group')}
          value={groupCode}
          data={[
            ...groups.map(({ code, paymentAddress }) => ({
              value: code,
              label: `${code}, ${paymentAddress}`,
            })),
            { value: '', label: say('newGroup') },
          ]}
          onChange={(event) => setGroup(event.currentTarget.value)}
        />
        {isNew && (
          <>
            <TextInput
              label={say('site')}
              description={say('siteNote')}
              type="url"
              value={site}
              onChange={(event) => setSite(event.currentTarget.value)}
              error={fieldError(order.error, 'newGroup.site')}
            />
            <NativeSelect
              label={say('protocol')}
              value={protocol}
              data={[
                { value: '5', label: say('v5') },
                { value: '4', label: say('v4') },
              ]}
              onChange={(event) => setProtocol(event.currentTarget.value as '4' | '5')}
            />
            <NativeSelect
              label={say('taxSystem')}
              value={tax}
              data={taxSystems.map((bit) => ({ value: String(bit), label: say(`tax.${bit}`) }))}
              onChange={(event) => setTax(event.currentTarget.value)}
            />
          </>
        )}
        <NativeSelect
          label={say('registeredBy')}
          description={say(`by.${registeredBy}Note`)}
          value={registeredBy}
          data={(['farm', 'client'] as const).map((value) => ({ value, label: say(`by.${value}`) }))}
          onChange={(event) => setBy(event.currentTarget.value as 'farm' | 'client')}
        />
        <Checkbox
          label={say('renews')}
          checked={renewsItself}
          onChange={(event) => setRenews(event.currentTarget.checked)}
        />
        {quote.data && <Price quote={quote.data} />}
        <OrderError error={order.error} />
        {quote.data && quote.data.missingKop > 0 && (
          <Text c="var(--kit-warn)" role="status">
            {say('missing', { sum: formats.money(quote.data.missingKop) })}{' '}
            <AppLink href={links.money()}>{say('topUp')}</AppLink>
          </Text>
        )}
        {mayOrder ? (
          <Button
            loading={order.isPending}
            disabled={!quote.data || quote.isError || quote.data.missingKop > 0}
            onClick={() => order.mutate()}
          >
            {say('submit')}
          </Button>
        ) : (
          <Text className="kit-soft">{say('mayNot')}</Text>
        )}
      </Stack>
    </Card>
  );
}

function Price({ quote }: { quote: QuoteView }): ReactNode {
  const say = useTexts(orderTexts);
  const formats = useFormats();
  return (
    <dl className="cabinet-price">
      {quote.lines.map((line) => (
        <div key={`${line.what}-${line.detail ?? ''}`}>
          <dt>
            {say(`line.${line.what}`, {
              n: line.count,
              sum: formats.money(line.priceKop),
              code: line.detail ?? '',
            })}
          </dt>
          <dd>
            <Money kop={line.sumKop} />
          </dd>
        </div>
      ))}
      <div>
        <dt>
          <strong>{say('total')}</strong>{' '}
          <span className="kit-soft">{say('vat', { sum: formats.money(quote.vatKop) })}</span>
        </dt>
        <dd>
          <strong>
            <Money kop={quote.totalKop} />
          </strong>
        </dd>
      </div>
    </dl>
  );
}

function OrderError({ error }: { error: unknown }): ReactNode {
  const say = useTexts(orderTexts);
  if (!(error instanceof ApiError)) return null;
  const text = Object.values(error.fields).flat()[0] ?? error.message;
  return (
    <Text c="var(--kit-bad)" role="alert">
      {say(error.code === 'CLIENT-NO-STOCK' ? 'noStock' : 'error.order', { text })}
    </Text>
  );
}
