import { Button, Checkbox, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { OperatorChangeView, OperatorEntryView } from '@kkt/web-contract';
import {
  api,
  AppLink,
  Card,
  DataTable,
  DateTime,
  EmptyState,
  kitTexts,
  QueryView,
  StateBadge,
  useTexts,
} from '@kkt/web-kit';
import { type ReactNode, useState } from 'react';
import { useMember } from '../app';
import { links } from '../links';
import { texts } from '../texts';

interface Directory {
  operators: OperatorEntryView[];
  changes: OperatorChangeView[];
}

/** Operators registers can be moved to, and the moves. */
export function OperatorDirectory(): ReactNode {
  const say = useTexts(texts);
  const { staff } = useMember();
  const [edited, setEdited] = useState<Partial<OperatorEntryView>>();
  const query = useQuery({
    queryKey: ['operator-directory'],
    queryFn: () => api.get<Directory>('operator-directory'),
    refetchInterval: 10_000,
  });
  return (
    <QueryView query={query}>
      {({ operators, changes }) => (
        <>
          <Card
            flush
            title={say('directory.title')}
            side={
              staff.role === 'lead' ? (
                <Button variant="default" size="xs" onClick={() => setEdited({ enabled: true, port: 7777 })}>
                  {say('directory.add')}
                </Button>
              ) : (
                say('directory.note')
              )
            }
          >
            <DataTable
              caption={say('directory.title')}
              rows={operators}
              rowKey={(row) => row.id}
              empty={<EmptyState title={say('directory.none')}>{say('directory.noneHint')}</EmptyState>}
              columns={[
                { key: 'name', title: say('ofd.name'), render: (row) => row.name },
                {
                  key: 'inn',
                  title: say('ofd.inn'),
                  render: (row) => <span className="kit-mono">{row.inn}</span>,
                },
                {
                  key: 'host',
                  title: say('ofd.host'),
                  render: (row) => <span className="kit-mono">{`${row.host}:${row.port}`}</span>,
                },
                {
                  key: 'enabled',
                  title: say('directory.takes'),
                  render: (row) => (
                    <StateBadge tone={row.enabled ? 'good' : 'info'} shape="circle">
                      {say(row.enabled ? 'directory.open' : 'directory.closed')}
                    </StateBadge>
                  ),
                },
                { key: 'note', title: say('directory.remark'), render: (row) => row.note ?? '—' },
                {
                  key: 'edit',
                  title: '',
                  render: (row) =>
                    staff.role === 'lead' ? (
                      <Button variant="subtle" size="compact-xs" onClick={() => setEdited(row)}>
                        {say('directory.edit')}
                      </Button>
                    ) : null,
                },
              ]}
            />
          </Card>
          <Card flush title={say('moves.title')}>
            <DataTable
              caption={say('moves.title')}
              rows={changes}
              rowKey={(row) => row.id}
              empty={<EmptyState title={say('moves.none')}>{say('moves.noneHint')}</EmptyState>}
              columns={[
                {
                  key: 'register',
                  title: say('doc.register'),
                  render: (row) => (
                    <AppLink href={links.register(row.registerId)}>{`№ ${row.registerId}`}</AppLink>
                  ),
                },
                { key: 'from', title: say('moves.from'), render: (row) => row.fromName },
                { key: 'to', title: say('moves.to'), render: (row) => row.toName },
                {
                  key: 'state',
                  title: say('exchange.state'),
                  render: (row) => (
                    <StateBadge
                      tone={row.state === 'done' ? 'good' : row.state === 'cancelled' ? 'info' : 'warn'}
                      shape="circle"
                    >
                      {say(`moves.${row.state}`)}
                    </StateBadge>
                  ),
                },
                { key: 'note', title: say('directory.remark'), render: (row) => row.note ?? row.reason },
                { key: 'by', title: say('moves.by'), render: (row) => row.askedBy },
                { key: 'at', title: say('moves.at'), render: (row) => <DateTime at={row.createdAt} short /> },
              ]}
            />
          </Card>
          {edited && <OperatorForm entry={edited} onClose={() => setEdited(undefined)} />}
        </>
      )}
    </QueryView>
  );
}

function OperatorForm({ entry, onClose }: { entry: Partial<OperatorEntryView>; onClose(): void }): ReactNode {
  const say = useTexts(texts);
  const kit = useTexts(kitTexts);
  const queries = useQueryClient();
  const [fields, setFields] = useState(entry);
  const save = useMutation({
    mutationFn: () =>
      api.put('operator-directory', {
        inn: fields.inn,
        name: fields.name,
        host: fields.host,
        port: fields.port,
        enabled: fields.enabled ?? false,
        ...(fields.receiptUrl ? { receiptUrl: fields.receiptUrl } : {}),
        ...(fields.note ? { note: fields.note } : {}),
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['operator-directory'] });
      onClose();
    },
  });
  const isOld = entry.id !== undefined;
  const text = (
    name: 'inn' | 'name' | 'host' | 'receiptUrl' | 'note',
    label: string,
    fixed = false,
  ): ReactNode => (
    <TextInput
      label={label}
      value={fields[name] ?? ''}
      disabled={fixed}
      onChange={(event) => setFields({ ...fields, [name]: event.currentTarget.value })}
    />
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={say(isOld ? 'directory.edit' : 'directory.add')}
      centered
      closeButtonProps={{ 'aria-label': kit('dialog.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          {text('name', say('directory.name'))}
          {text('inn', `${say('ofd.inn')} (1017)`, isOld)}
          {text('host', say('directory.host'), isOld)}
          <NumberInput
            label={say('directory.port')}
            value={fields.port ?? 7777}
            min={1}
            max={65_535}
            disabled={isOld}
            onChange={(port) => setFields({ ...fields, port: Number(port) })}
          />
          {text('receiptUrl', say('directory.receiptUrl'))}
          {text('note', say('directory.remark'))}
          <Checkbox
            label={say('directory.enabled')}
            checked={fields.enabled ?? false}
            onChange={(event) => setFields({ ...fields, enabled: event.currentTarget.checked })}
          />
          {save.isError && (
            <Text c="red" role="alert">
              {save.error instanceof Error ? save.error.message : String(save.error)}
            </Text>
          )}
          <Button type="submit" loading={save.isPending}>
            {say('directory.save')}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
