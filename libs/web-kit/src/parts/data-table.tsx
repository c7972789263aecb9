import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/language';
import { kitTexts } from '../texts';

export interface Column<T> {
  key: string;
  title: string;
  align?: 'right';
  render(row: T): ReactNode;
}

export interface DataTableProps<T> {
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey(row: T): string | number;
  /** For screen readers: what the table is. */
  caption: string;
  empty?: ReactNode;
  /** There are more rows: how to get them. */
  more?: { load(): void; isLoading: boolean };
}

/** A table; on a narrow screen each row becomes a card with named values. */
export function DataTable<T>({ columns, rows, rowKey, caption, empty, more }: DataTableProps<T>): ReactNode {
  const say = useTexts(kitTexts);
  if (rows.length === 0 && empty !== undefined) return empty;
  return (
    <>
      <div className="kit-table-box" role="region" aria-label={caption} tabIndex={0}>
        <table className="kit-table" data-cards="">
          <caption className="kit-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" data-align={column.align}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column) => (
                  <td key={column.key} data-align={column.align} data-label={column.title}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more && (
        <div className="kit-table-foot">
          <Button variant="default" loading={more.isLoading} onClick={() => more.load()}>
            {say('table.more')}
          </Button>
        </div>
      )}
    </>
  );
}
