import { Button, Menu, Progress } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReceiptExportView } from '@kkt/web-contract';
import { api, Card, FormError, Icon, useFormats, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { receiptTexts } from './texts';

const key = ['exports'];
const isUnderWay = ({ state }: ReceiptExportView): boolean => state === 'queued' || state === 'working';

type Filter = Readonly<Record<string, string | undefined>>;

/** Numbers of the address as the server's body wants them. */
const numbers = new Set(['minKop', 'maxKop', 'fd', 'fp']);
const bodyOf = (filter: Filter): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, numbers.has(name) ? Number(value) : value]],
    ),
  );

/** Asks for a file of everything that fits the filter. */
export function ExportMenu({ filter }: { filter: Filter }): ReactNode {
  const say = useTexts(receiptTexts);
  const queries = useQueryClient();
  const order = useMutation({
    mutationFn: (format: ReceiptExportView['format']) =>
      api.post('exports', { format, filter: bodyOf(filter) }),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            loading={order.isPending}
            leftSection={<Icon name="documents" size={16} />}
          >
            {say('export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['xlsx', 'csv'] as const).map((format) => (
            <Menu.Item key={format} onClick={() => order.mutate(format)}>
              {say(`export.${format}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <FormError error={order.error} />
    </>
  );
}

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} КБ` : `${(bytes / 1_000_000).toFixed(1)} МБ`;

/** Files asked for: how far each is, and the ready ones to be taken. Absent while there are none. */
export function Exports(): ReactNode {
  const say = useTexts(receiptTexts);
  const { data = [] } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<ReceiptExportView[]>('exports', signal),
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? 700 : false),
  });
  if (data.length === 0) return null;
  return (
    <Card title={say('exports')} side={<span className="kit-soft">{say('exportsNote')}</span>}>
      <ul className="cabinet-exports">
        {data.map((one) => (
          <Line key={one.id} row={one} />
        ))}
      </ul>
    </Card>
  );
}

function Line({ row }: { row: ReceiptExportView }): ReactNode {
  const say = useTexts(receiptTexts);
  const formats = useFormats();
  const queries = useQueryClient();
  const drop = useMutation({
    mutationFn: () => api.remove(`exports/${row.id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  const total = Math.max(row.rowsTotal ?? 0, row.rowsDone, 1);
  const title = say('exportOf', { format: row.format.toUpperCase(), time: formats.time(row.createdAt) });
  return (
    <li>
      <span>
        <strong>{title}</strong>{' '}
        <span className="kit-soft" role={isUnderWay(row) ? 'status' : undefined}>
          {say(`exportState.${row.state}`, {
            done: row.state === 'working' ? formats.number(row.rowsDone) : row.rowsDone,
            total: formats.number(row.rowsTotal ?? 0),
            size: sizeOf(row.bytes),
          })}
        </span>
        {row.state === 'working' && (
          <Progress value={(100 * row.rowsDone) / total} mt={6} aria-label={title} animated />
        )}
      </span>
      <span className="cabinet-exports-side">
        {row.state === 'done' && (
          <Button component="a" size="xs" href={`/api/exports/${row.id}/file`} download>
            {say('download')}
          </Button>
        )}
        <Button size="xs" variant="default" loading={drop.isPending} onClick={() => drop.mutate()}>
          {say(isUnderWay(row) ? 'stop' : 'drop')}
        </Button>
      </span>
    </li>
  );
}
