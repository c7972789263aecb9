import { readMoney, useUrlState } from '@kkt/web-kit';
import { type ReactNode, useEffect, useId, useState } from 'react';

const shown = (kop: string | undefined): string => {
  if (kop === undefined || !/^\d+$/.test(kop)) return '';
  const rest = Number(kop) % 100;
  return `${Math.floor(Number(kop) / 100)}${rest === 0 ? '' : `,${String(rest).padStart(2, '0')}`}`;
};

/** A filter by sum: typed in roubles, kept in the address in kopecks. */
export function SumField({ name, label }: { name: string; label: string }): ReactNode {
  const id = useId();
  const [state, set] = useUrlState();
  const kop = state[name];
  const [text, setText] = useState(shown(kop));
  useEffect(() => setText(shown(kop)), [kop]);
  const value = readMoney(text);
  const isWrong = text.trim() !== '' && value === undefined;
  const apply = (): void => {
    if (!isWrong) set({ [name]: value === undefined ? undefined : String(value) });
  };
  return (
    <div className="kit-field cabinet-money-field" style={{ width: '7.5rem' }}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        aria-invalid={isWrong}
        onChange={(event) => setText(event.target.value)}
        onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply();
        }}
      />
    </div>
  );
}
