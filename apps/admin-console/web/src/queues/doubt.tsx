import { Button, Checkbox, Text, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { DoubtView } from '@kkt/web-contract';
import {
  Ago,
  api,
  AppLink,
  Card,
  DataTable,
  EmptyState,
  QueryView,
  StateBadge,
  useFormats,
  useLiveQuery,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { links } from '../links';
import { FormDialog } from '../parts/form-dialog';
import { LostFn } from '../receipt/verdict';
import { texts } from '../texts';
import { queueTexts } from './texts';

/** The in-doubt desk: each undecided intent with the evidence of both sides and what may be done. */
export function Doubt(): ReactNode {
  const say = useTexts(queueTexts);
  const query = useLiveQuery<{ rows: DoubtView[] }>('doubt', 'doubt');
  const { staff } = useMember();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [isAsked, setAsked] = useState(false);
  const [refused, setRefused] = useState(0);
  const mayAct = staff.role === 'engineer' || staff.role === 'lead';
  return (
    <QueryView query={query}>
      {({ rows }) => {
        const here = rows.map(({ registerId }) => registerId);
        const picked = here.filter((id) => chosen.has(id));
        return (
          <Card
            flush
            title={say('doubt.title')}
            side={
              mayAct && rows.length > 0 ? (
                <span
                  style={{ display: 'inline-flex', gap: '0.75rem', alignItems: 'center', flexWrap: 'wrap' }}
                >
                  <Checkbox
                    label={say('doubt.all')}
                    checked={picked.length === here.length}
                    onChange={(event) => setChosen(new Set(event.currentTarget.checked ? here : []))}
                  />
                  <Button size="compact-md" disabled={picked.length === 0} onClick={() => setAsked(true)}>
                    {say('doubt.ask')}
                  </Button>
                </span>
              ) : undefined
            }
          >
            {refused > 0 && (
              <Text c="red" role="alert" px="md">
                {say('doubt.refused', { n: refused })}
              </Text>
            )}
            <DataTable
              caption={say('doubt.title')}
              rows={rows}
              rowKey={(row) => row.intentId}
              empty={<EmptyState title={say('doubt.none')}>{say('doubt.noneHint')}</EmptyState>}
              columns={[
                {
                  key: 'pick',
                  title: '',
                  render: (row) =>
                    mayAct ? (
                      <Checkbox
                        aria-label={say('doubt.pick', { serial: row.serial })}
                        checked={chosen.has(row.registerId)}
                        onChange={(event) => {
                          const next = new Set(chosen);
                          if (event.currentTarget.checked) next.add(row.registerId);
                          else next.delete(row.registerId);
                          setChosen(next);
                        }}
                      />
                    ) : null,
                },
                { key: 'what', title: say('doubt.what'), render: (row) => <What row={row} /> },
                {
                  key: 'age',
                  title: say('doubt.age'),
                  align: 'right',
                  render: (row) => <Ago at={row.createdAt} />,
                },
                { key: 'register', title: say('doubt.register'), render: (row) => <Where row={row} /> },
                { key: 'evidence', title: say('doubt.evidence'), render: (row) => <Evidence row={row} /> },
                {
                  key: 'may',
                  title: say('doubt.may'),
                  render: (row) => (
                    <span className="alerts-lines">
                      <span>
                        {say(`may.${row.evidence}`, { fn: row.fnNumber, before: String(row.fdBefore) })}
                      </span>
                      {(row.evidence === 'offline' || row.evidence === 'fn_away') && (
                        <span>
                          <LostFn intentId={row.intentId} fnNumber={row.fnNumber} isPossible />
                        </span>
                      )}
                    </span>
                  ),
                },
              ]}
            />
            {isAsked && (
              <AskDialog
                registerIds={picked}
                onClose={() => setAsked(false)}
                onRefused={(count) => {
                  setRefused(count);
                  setChosen(new Set());
                }}
              />
            )}
          </Card>
        );
      }}
    </QueryView>
  );
}

function What({ row }: { row: DoubtView }): ReactNode {
  const say = useTexts(queueTexts);
  const formats = useFormats();
  return (
    <span className="alerts-lines">
      <span>
        <StateBadge
          tone={row.state === 'stuck' ? 'bad' : 'warn'}
          shape={row.state === 'stuck' ? 'square' : 'question'}
        >
          {say(row.state === 'stuck' ? 'doubt.stuck' : 'doubt.open')}
        </StateBadge>
      </span>
      <span>
        {say.maybe(`kind.${row.kind}`, row.kind)}{' '}
        {row.receiptId !== null && (
          <AppLink href={links.receipt(row.receiptId)}>{row.externalId ?? row.receiptId}</AppLink>
        )}
        {row.totalKop !== null && `, ${formats.money(row.totalKop)}`}
      </span>
      {row.groupCode !== null && (
        <span className="kit-soft">
          {row.groupCode} · {row.clientName}
        </span>
      )}
      {row.note !== null && <span className="kit-soft">{row.note}</span>}
    </span>
  );
}

function Where({ row }: { row: DoubtView }): ReactNode {
  const common = useTexts(texts);
  return (
    <span className="alerts-lines">
      <span>
        <AppLink href={links.register(row.registerId)}>{row.serial}</AppLink>
      </span>
      {row.place.rack !== '' && <span className="kit-soft">{common('place.text', { ...row.place })}</span>}
      <span className="kit-soft">
        {row.driverId}, fence {row.fence}
      </span>
    </span>
  );
}

function Evidence({ row }: { row: DoubtView }): ReactNode {
  const say = useTexts(queueTexts);
  const formats = useFormats();
  const { order } = row;
  const outcome = order?.outcome ? say.maybe(`outcome.${order.outcome}`, order.outcome) : '';
  return (
    <span className="alerts-lines">
      <span>{say(`evidence.${row.evidence}`)}</span>
      <span className="kit-soft kit-num">
        {say('doubt.fn')} {row.fnNumber}:{' '}
        {say('doubt.numbers', {
          before: String(row.fdBefore),
          seen: row.lastFdSeen === null ? '?' : String(row.lastFdSeen),
          stored: String(row.lastFdStored),
        })}
      </span>
      {row.seenAt !== null && (
        <span className="kit-soft">{say('doubt.seen', { at: formats.time(row.seenAt) })}</span>
      )}
      {order && (
        <span>
          {say.maybe(`order.${order.state}`, order.state, { outcome, why: order.why ?? '' })} ·{' '}
          {order.askedBy}
        </span>
      )}
    </span>
  );
}

function AskDialog(props: {
  registerIds: readonly number[];
  onClose(): void;
  onRefused(count: number): void;
}): ReactNode {
  const { registerIds, onClose, onRefused } = props;
  const say = useTexts(queueTexts);
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      title={say('doubt.askTitle')}
      action={say('doubt.ask')}
      isReady={reason.trim().length >= 3}
      onClose={onClose}
      onConfirm={async () => {
        const { refused } = await api.post<{ refused: object[] }>('doubt/reconcile', {
          registerIds,
          reason: reason.trim(),
        });
        onRefused(refused.length);
        await queries.invalidateQueries({ queryKey: ['live', 'doubt'] });
      }}
    >
      <Text>{say('doubt.askText')}</Text>
      <Textarea
        label={say('doubt.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
      />
    </FormDialog>
  );
}
