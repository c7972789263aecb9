import type { AnalyticsView } from '@kkt/web-contract';
import { useTexts } from '@kkt/web-kit';
import { type CSSProperties, type ReactNode, useMemo } from 'react';
import { analyticsTexts } from './texts';

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** Receipts by the hour of the week; every cell says its number to whoever points or listens. */
export function Heat({ cells }: { cells: AnalyticsView['heat'] }): ReactNode {
  const say = useTexts(analyticsTexts);
  const { byCell, most } = useMemo(
    () => ({
      byCell: new Map(cells.map((cell) => [`${cell.weekday}/${cell.hour}`, cell.receipts])),
      most: Math.max(1, ...cells.map(({ receipts }) => receipts)),
    }),
    [cells],
  );
  return (
    <div className="cabinet-heat-box" tabIndex={0} role="region" aria-label={say('heat')}>
      <table className="cabinet-heat">
        <thead>
          <tr>
            <td />
            {hours.map((hour) => (
              <th key={hour} scope="col">
                {hour % 3 === 0 ? hour : ''}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weekdays.map((weekday) => (
            <tr key={weekday}>
              <th scope="row">{say(`day.${weekday}`)}</th>
              {hours.map((hour) => {
                const n = byCell.get(`${weekday}/${hour}`) ?? 0;
                const text = say('heatCell', { day: say(`day.${weekday}`), hour, n });
                return (
                  <td
                    key={hour}
                    title={text}
                    style={{ '--heat': n === 0 ? 0 : 0.12 + 0.88 * (n / most) } as CSSProperties}
                  >
                    <span className="kit-hidden">{text}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
