import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { OperatorView } from '@kkt/web-contract';
import {
  Ago,
  api,
  AppLink,
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
import { links } from '../links';
import { operatorTexts } from './texts';

/** Milliseconds until nothing waits at the present speed; undefined when it does not shrink. */
const drainMs = ({ unsent, confirmed5m }: OperatorView): number | undefined =>
  confirmed5m === 0 ? undefined : (unsent / confirmed5m) * 300_000;

const looks = {
  closed: { tone: 'good', shape: 'circle' },
  open: { tone: 'bad', shape: 'cross' },
  paused: { tone: 'warn', shape: 'square' },
  quiet: { tone: 'mute', shape: 'ring' },
} as const;

function circuitOf(operator: OperatorView): keyof typeof looks {
  if (operator.pause) return 'paused';
  if (operator.downSince !== null) return 'open';
  return operator.lastConfirmedAt === null ? 'quiet' : 'closed';
}

/** One operator: is it well, how much waits, why, and the switch of relaying to it. */
export function OperatorCard({ operator }: { operator: OperatorView }): ReactNode {
  const say = useTexts(operatorTexts);
  const formats = useFormats();
  const { staff } = useMember();
  const [isAsked, setAsked] = useState(false);
  const circuit = circuitOf(operator);
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  const drain = drainMs(operator);
  const { pause, unsent, firstUnsentAt, host, port } = operator;
  return (
    <Card
      title={operator.name}
      side={<StateBadge {...looks[circuit]}>{say(`circuit.${circuit}`)}</StateBadge>}
    >
      <Facts
        rows={[
          [
            say('inn.label'),
            <span key="inn" className="kit-num">
              {operator.inn}
            </span>,
          ],
          [
            say('last'),
            operator.lastConfirmedAt ? <Ago key="l" at={operator.lastConfirmedAt} /> : say('last.none'),
          ],
          [say('unsent'), formats.number(unsent)],
          [say('oldest'), firstUnsentAt && unsent > 0 ? <Ago key="o" at={firstUnsentAt} /> : null],
          [
            say('inflight'),
            say('inflight.value', {
              ready: formats.number(operator.ready),
              answered: formats.number(operator.answered),
            }),
          ],
          [say('rate'), say('rate.value', { n: Math.round(operator.confirmed5m / 5) })],
          [
            say('drain'),
            unsent === 0 ? null : drain === undefined ? say('drain.never') : formats.duration(drain),
          ],
          [say('down'), operator.downSince && <DateTime key="d" at={operator.downSince} />],
          [
            say('registers'),
            say('registers.value', {
              all: formats.number(operator.registers),
              n: formats.number(operator.affected),
            }),
          ],
          [
            say('pausedBy'),
            pause && (
              <span key="p">
                {pause.by}, <DateTime at={pause.at} short />
              </span>
            ),
          ],
          [say('pausedWhy'), pause?.why],
          [say('causes'), <Causes key="c" operator={operator} />],
        ]}
      />
      <div
        style={{
          display: 'flex',
          gap: '0.75rem',
          flexWrap: 'wrap',
          alignItems: 'center',
          marginTop: '0.75rem',
        }}
      >
        {mayAct && (
          <Button
            size="compact-md"
            variant={pause ? 'filled' : 'light'}
            color={pause ? undefined : 'red'}
            onClick={() => setAsked(true)}
          >
            {say(pause ? 'resume' : 'pause')}
          </Button>
        )}
        {operator.affected > 0 && (
          <AppLink href={links.registers({ operator: `${host}:${port}`, unsent: '1' })}>
            {say('registers.show')}
          </AppLink>
        )}
      </div>
      {isAsked && <PauseDialog operator={operator} onClose={() => setAsked(false)} />}
    </Card>
  );
}

function Causes({ operator }: { operator: OperatorView }): ReactNode {
  const say = useTexts(operatorTexts);
  const words = useWords();
  const formats = useFormats();
  if (operator.causes.length === 0) return say('causes.none');
  return (
    <ul style={{ margin: 0, paddingLeft: '1.1rem' }}>
      {operator.causes.map(({ cause, text, messages }) => (
        <li key={cause}>
          <strong>{words.cause(cause)}</strong>: {formats.number(messages)}
          {text !== null && <span className="kit-soft"> — {text}</span>}
        </li>
      ))}
    </ul>
  );
}

function PauseDialog({ operator, onClose }: { operator: OperatorView; onClose(): void }): ReactNode {
  const say = useTexts(operatorTexts);
  const queries = useQueryClient();
  const { host, port, pause } = operator;
  const word = pause ? 'resume' : 'pause';
  return (
    <ConfirmDanger
      title={say(`${word}.title`)}
      word={operator.inn}
      wordLabel={say('inn')}
      action={say(word)}
      onConfirm={async ({ word: inn, reason }) => {
        await api.post(`operators/${word}`, { host, port, inn, reason });
        await queries.invalidateQueries({ queryKey: ['live', 'operators'] });
      }}
      onClose={onClose}
    >
      {say(`${word}.text`)}
    </ConfirmDanger>
  );
}
