import { getRouteApi } from '@tanstack/react-router';
import type { OrderedRegisterView, OrderView } from '@kkt/web-contract';
import {
  AppLink,
  Card,
  PageHead,
  QueryView,
  StateBadge,
  type ShapeName,
  type Tone,
  useFormats,
  useTexts,
} from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../../links';
import { orderTexts } from './texts';
import { useOneOrder } from './use-order';

const route = getRouteApi('/orders/$id');

const looks: Record<OrderedRegisterView['steps'][number]['state'], { tone: Tone; shape: ShapeName }> = {
  done: { tone: 'good', shape: 'circle' },
  now: { tone: 'info', shape: 'diamond' },
  ahead: { tone: 'mute', shape: 'ring' },
  failed: { tone: 'bad', shape: 'cross' },
};

/** An order on its way to working registers. */
export function OneOrderScreen(): ReactNode {
  const { id } = route.useParams();
  return <QueryView query={useOneOrder(id)}>{(order) => <Content order={order} />}</QueryView>;
}

function Content({ order }: { order: OrderView }): ReactNode {
  const say = useTexts(orderTexts);
  const formats = useFormats();
  const done = order.items.filter(({ steps }) => steps.every(({ state }) => state === 'done')).length;
  return (
    <>
      <PageHead
        title={say('one.title', { date: formats.date(order.createdAt) })}
        crumbs={[{ title: say('title'), href: links.orders() }]}
      />
      <div className="kit-banner" data-tone={order.isReady ? 'good' : 'info'} role="status">
        <strong>
          {order.isReady ? say('one.ready') : say('one.progress', { done, total: order.items.length })}
        </strong>
        {order.isReady && (
          <span>
            {say('one.readyNote')} <AppLink href="/integration">{say('integration')}</AppLink>
          </span>
        )}
        <progress
          value={done}
          max={order.items.length}
          aria-label={say('one.progress', { done, total: order.items.length })}
        />
      </div>
      <p>
        {say('one.line', {
          n: order.registers,
          group: order.groupCode,
          days: order.termDays,
          sum: formats.money(order.totalKop),
        })}
      </p>
      <div className="cabinet-registers">
        {order.items.map((item) => (
          <Item key={item.registerId} item={item} byClient={order.registeredBy === 'client'} />
        ))}
      </div>
    </>
  );
}

function Item({ item, byClient }: { item: OrderedRegisterView; byClient: boolean }): ReactNode {
  const say = useTexts(orderTexts);
  const isYours = byClient && item.steps.some(({ step, state }) => step === 'number' && state === 'now');
  return (
    <Card title={item.serial}>
      <ol className="cabinet-order-steps">
        {item.steps.map(({ step, state }) => (
          <li key={step} aria-current={state === 'now' ? 'step' : undefined}>
            <StateBadge {...looks[state]}>{say(`step.${step}`)}</StateBadge>{' '}
            <span className="kit-soft">{state === 'done' ? '' : say(`state.${state}`)}</span>
          </li>
        ))}
      </ol>
      {isYours && <p role="status">{say('yourTurn')}</p>}
      <div className="cabinet-steps">
        {item.applicationId !== null && (
          <AppLink href={links.registration(item.applicationId)}>{say('openApplication')}</AppLink>
        )}
        <AppLink href={links.register(item.registerId)}>{say('openRegister')}</AppLink>
      </div>
    </Card>
  );
}
