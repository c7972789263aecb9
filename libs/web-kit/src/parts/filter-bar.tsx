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
  /** Behind a button on a narrow screen. */
  extra?: boolean;
}

const typingMs = 350;

export interface FilterBarProps {
  fields: readonly FilterField[];
  /** Names in the address that the children keep: clearing clears them too. */
  own?: readonly string[];
  children?: ReactNode;
}

/** Filters whose state is in the address: a filtered list is a link. */
export function FilterBar({ fields, own = [], children }: FilterBarProps): ReactNode {
  const say = useTexts(kitTexts);
  const [state, set] = useUrlState();
  const names = [...fields.map(({ name }) => name), ...own];
  const isSet = names.some((name) => state[name] !== undefined);
  const extra = fields.filter((field) => field.extra);
  const hasExtra = extra.length > 0 || own.length > 0;
  const [isOpen, setOpen] = useState(() =>
    [...extra.map(({ name }) => name), ...own].some((name) => state[name] !== undefined),
  );
  const show = (field: FilterField): ReactNode => (
    <Field
      key={field.name}
      field={field}
      value={state[field.name] ?? field.standard ?? ''}
      onChange={(value) => set({ [field.name]: value === field.standard ? undefined : value })}
    />
  );
  return (
    <form
      className="kit-filters"
      role="search"
      data-open={isOpen || undefined}
      onSubmit={(event) => event.preventDefault()}
    >
      {fields.filter((field) => !field.extra).map(show)}
      <div className="kit-extra">
        {extra.map(show)}
        {children}
      </div>
      {hasExtra && !isOpen && (
        <Button className="kit-filters-more" variant="default" onClick={() => setOpen(true)}>
          {say('filter.more')}
        </Button>
      )}
      {isSet && (
        <Button
          variant="subtle"
          onClick={() => set(Object.fromEntries(names.map((name) => [name, undefined])))}
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
