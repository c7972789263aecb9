import { Button, Select } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { OperatorEntryView, RegisterView } from '@kkt/web-contract';
import {
  Ago,
  api,
  Card,
  ConfirmDanger,
  DateTime,
  Facts,
  StateBadge,
  useFormats,
  useTexts,
  useWords,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { texts } from '../texts';

/** How the register's documents get to its operator: who that is, what stands in the way, and moving to another. */
export function ExchangeCard({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  const words = useWords();
  const formats = useFormats();
  const { exchange, unsent } = register;
  if (!exchange) return null;
  const { operator, message, change } = exchange;
  return (
    <Card title={say('exchange.title')} side={<ExchangeActions register={register} />}>
      {message?.cause && (
        <div className="kit-banner" data-tone="bad" style={{ marginBottom: '0.75rem' }}>
          <strong>{words.cause(message.cause)}</strong>
          <div>{message.causeText}</div>
          <div className="kit-soft">{words.causeTodo(message.cause)}</div>
        </div>
      )}
      {change && (
        <div className="kit-banner" data-tone="warn" style={{ marginBottom: '0.75rem' }}>
          <strong>{say('exchange.moving', { from: change.fromName, to: change.toName })}</strong>
          <div>
            {change.note ??
              (change.state === 'draining'
                ? say('exchange.draining', { n: unsent ?? 0 })
                : say('exchange.registering'))}
          </div>
        </div>
      )}
      <Facts
        rows={[
          [say('ofd.name'), `${operator.name}, ${say('ofd.inn')} ${operator.inn}`],
          [
            say('ofd.host'),
            <span key="h" className="kit-mono">
              {`${operator.host}:${operator.port}`}
            </span>,
          ],
          [
            say('exchange.state'),
            message ? (
              <StateBadge key="s" tone={message.cause ? 'bad' : 'info'} shape="circle">
                {message.state === 'answered'
                  ? say('exchange.answered', { fd: String(message.fdNumber) })
                  : say('exchange.sending', { fd: String(message.fdNumber) })}
              </StateBadge>
            ) : (
              <StateBadge key="s" tone="good" shape="circle">
                {say(unsent === 0 || unsent === null ? 'exchange.idle' : 'exchange.soon')}
              </StateBadge>
            ),
          ],
          [
            say('exchange.attempts'),
            message && message.attempts > 0 ? formats.number(message.attempts) : null,
          ],
          [say('exchange.since'), message && <Ago key="a" at={message.since} />],
          [say('exchange.next'), message?.cause ? <DateTime key="n" at={message.nextAt} short /> : null],
        ]}
      />
    </Card>
  );
}

function ExchangeActions({ register }: { register: RegisterView }): ReactNode {
  const say = useTexts(texts);
  const { staff } = useMember();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<'change' | 'cancel'>();
  const [operatorId, setOperatorId] = useState<string | null>(null);
  const directory = useQuery({
    queryKey: ['operator-directory'],
    queryFn: () => api.get<{ operators: OperatorEntryView[] }>('operator-directory'),
    enabled: asked === 'change',
  });
  const change = register.exchange?.change;
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  const isInService = register.state === 'ready' || register.state === 'paused';
  if (!mayAct || !isInService || change?.state === 'registering') return null;
  const done = async (path: string, body: object): Promise<void> => {
    await api.post(`registers/${register.id}/${path}`, body);
    await queries.invalidateQueries({ queryKey: ['live', `register:${register.id}`] });
  };
  const present = register.exchange?.operator;
  const choices = (directory.data?.operators ?? [])
    .filter((one) => one.enabled && !(one.host === present?.host && one.port === present.port))
    .map((one) => ({ value: String(one.id), label: `${one.name} · ${one.host}:${one.port}` }));
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setAsked(change ? 'cancel' : 'change')}>
        {say(change ? 'exchange.cancel' : 'exchange.change')}
      </Button>
      {asked === 'change' && (
        <ConfirmDanger
          title={say('exchange.changeTitle')}
          word={register.serial}
          wordLabel={say('action.serial')}
          action={say('exchange.change')}
          onClose={() => setAsked(undefined)}
          onConfirm={({ word, reason }) =>
            done('operator', { serial: word, reason, operatorId: Number(operatorId ?? 0) })
          }
        >
          <p>{say('exchange.changeText')}</p>
          <Select
            label={say('exchange.to')}
            placeholder={choices.length === 0 ? say('exchange.noChoice') : undefined}
            data={choices}
            value={operatorId}
            onChange={setOperatorId}
          />
        </ConfirmDanger>
      )}
      {asked === 'cancel' && (
        <ConfirmDanger
          title={say('exchange.cancelTitle')}
          word={register.serial}
          wordLabel={say('action.serial')}
          action={say('exchange.cancel')}
          onClose={() => setAsked(undefined)}
          onConfirm={({ word, reason }) => done('operator/cancel', { serial: word, reason })}
        >
          {say('exchange.cancelText')}
        </ConfirmDanger>
      )}
    </>
  );
}
