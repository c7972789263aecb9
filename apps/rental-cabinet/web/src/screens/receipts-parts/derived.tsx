import { Button, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { DerivedPreview, MadeReceipt } from '@kkt/web-contract';
import { api, ApiError, AppLink, FormError, useFormats, useTexts, useWords } from '@kkt/web-kit';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { links } from '../../links';
import { receiptTexts } from './texts';

/** What is asked for: `POST /api/receipts/:id/derived` without its key. */
export type DerivedBody = { kind: 'refund' | 'undo' | 'redo' } & Record<string, unknown>;

/** What the receipt would be, always beside the form, and the button that makes it. */
export function Derived(props: { receiptId: string; body: DerivedBody; submit: string }): ReactNode {
  const { receiptId, submit } = props;
  const say = useTexts(receiptTexts);
  // Once per window: a second press makes no second receipt.
  const [key] = useState(() => crypto.randomUUID());
  const body = useDeferredValue(props.body);
  const plan = useQuery({
    queryKey: ['derived', receiptId, body],
    queryFn: ({ signal: _ }) => api.post<DerivedPreview>(`receipts/${receiptId}/derived/plan`, body),
    retry: false,
    placeholderData: (before) => before,
  });
  const make = useMutation({
    mutationFn: () => api.post<MadeReceipt>(`receipts/${receiptId}/derived`, { ...props.body, key }),
  });
  if (make.data)
    return (
      <Text role="status">
        {say('made')} <AppLink href={links.receipt(make.data.id)}>{say('openMade')}</AppLink>
      </Text>
    );
  return (
    <>
      <div className="cabinet-preview" aria-live="polite">
        <Preview plan={plan.data} error={plan.error} />
      </div>
      <Refusal error={make.error} />
      <Button
        loading={make.isPending}
        disabled={!plan.data?.ok || plan.isError || plan.isPlaceholderData}
        onClick={() => make.mutate()}
      >
        {submit}
      </Button>
    </>
  );
}

/** A refusal of the server, by field too. */
function Refusal({ error }: { error: unknown }): ReactNode {
  const fields = error instanceof ApiError ? Object.values(error.fields).flat() : [];
  if (fields.length === 0) return <FormError error={error} />;
  return (
    <Text c="var(--kit-bad)" role="alert">
      {fields.join('; ')}
    </Text>
  );
}

function Preview({ plan, error }: { plan: DerivedPreview | undefined; error: unknown }): ReactNode {
  const say = useTexts(receiptTexts);
  const formats = useFormats();
  const words = useWords();
  if (error) return <Refusal error={error} />;
  if (!plan) return '…';
  if (!plan.ok)
    return (
      <Text c="var(--kit-bad)" role="alert">
        {plan.problems.map(({ text }) => text).join('; ')}
      </Text>
    );
  return (
    <>
      <strong>
        {say('willBe', { operation: words.operation(plan.operation), sum: formats.money(plan.totalKop) })}
      </strong>
      {plan.leftKop !== null && plan.leftKop > 0 && (
        <div className="kit-soft">{say('willLeft', { sum: formats.money(plan.leftKop) })}</div>
      )}
      <ul>
        {plan.items.map((item, index) => (
          <li key={index}>
            {item.name}: {formats.quantity(item.quantityMicro)} × {formats.sum(item.priceKop)} ={' '}
            {formats.sum(item.sumKop)}
          </li>
        ))}
      </ul>
    </>
  );
}
