import { Button } from '@mantine/core';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTexts } from '../i18n/language';
import { useUrlState } from '../routing/routing';
import { kitTexts } from '../texts';

export interface FilterField {
  /** Name in the address. */
  name: string;
  label: string;
  kind: 'text' | 'date' | 'choice';
  choices?: readonly { value: string; label: string }[];
  placeholder?: string;
  /** Shown when the address says nothing. */
  standard?: string;
  width?: string;
}

const typingMs = 350;

/** Filters whose state is in the address: a filtered list is a link. */
export function FilterBar({
  fields,
  children,
}: {
  fields: readonly FilterField[];
  children?: ReactNode;
}): ReactNode {
  const say = useTexts(kitTexts);
  const [state, set] = useUrlState();
  const isSet = fields.some(({ name }) => state[name] !== undefined);
  return (
    <form className="kit-filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={state[field.name] ?? field.standard ?? ''}
          onChange={(value) => set({ [field.name]: value === field.standard ? undefined : value })}
        />
      ))}
      {children}
      {isSet && (
        <Button
          variant="subtle"
          onClick={() => set(Object.fromEntries(fields.map(({ name }) => [name, undefined])))}
        >
          {say('filter.clear')}
        </Button>
      )}
    </form>
  );
}

function Field({
  field,
  value,
  onChange,
}: {
  field: FilterField;
  value: string;
  onChange(value: string): void;
}): ReactNode {
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // While somebody types, the address waits for a pause.
  useEffect(() => {
    if (typed === value || field.kind !== 'text') return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), typingMs);
    return () => clearTimeout(timer);
  }, [typed, value, field.kind, onChange]);
  return (
    <div className="kit-field" style={{ width: field.width }}>
      <label htmlFor={id}>{field.label}</label>
      {field.kind === 'choice' ? (
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          {field.choices?.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type={field.kind === 'date' ? 'date' : 'text'}
          value={field.kind === 'date' ? value : typed}
          placeholder={field.placeholder}
          autoComplete="off"
          onChange={(event) =>
            field.kind === 'date' ? onChange(event.target.value) : setTyped(event.target.value)
          }
          onKeyDown={(event) => {
            if (event.key === 'Enter' && field.kind === 'text') onChange(typed.trim());
          }}
        />
      )}
    </div>
  );
}
