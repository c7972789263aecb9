import type { VatCode } from '@kkt/contracts';
import { type TlvNode } from '@kkt/ffd';
import { badTask, type Task } from './driver-call';

export const isTask = (value: unknown): value is Task =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field that may be absent. @throws DriverError when it is there and of another type */
export function textIn(task: Task, field: string): string | undefined {
  const value = task[field];
  if (value === undefined || typeof value === 'string') return value;
  throw badTask(field);
}

export function numberIn(task: Task, field: string): number | undefined {
  const value = task[field];
  if (value === undefined || typeof value === 'number') return value;
  throw badTask(field);
}

export function objectIn(task: Task, field: string): Task {
  const value = task[field];
  if (value === undefined) return {};
  if (!isTask(value)) throw badTask(field);
  return value;
}

export function objectsIn(task: Task, field: string): Task[] {
  const value = task[field];
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every(isTask)) throw badTask(field);
  return value;
}

export function textsIn(task: Task, field: string): string[] {
  const value = task[field];
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw badTask(field);
  return value;
}

/** Kopecks of a sum in roubles; a third decimal is an error of the task, not something to round away. */
export function kopIn(task: Task, field: string): number | undefined {
  const rub = numberIn(task, field);
  if (rub === undefined) return undefined;
  const kop = Math.round(rub * 100);
  if (kop < 0 || kop / 100 !== rub) throw badTask(field);
  return kop;
}

/** The code that a word of the task stands for; a number is taken for the code itself. */
export function codeIn(
  task: Task,
  field: string,
  words: Readonly<Record<number, string>>,
): number | undefined {
  const value = task[field];
  if (value === undefined) return undefined;
  const found = Object.entries(words).find(([code, word]) => word === value || Number(code) === value);
  if (!found) throw badTask(field);
  return Number(found[0]);
}

export const vatIn = (
  task: Task,
  field: string,
  words: Readonly<Record<VatCode, string>>,
): VatCode | undefined => codeIn(task, field, words) as VatCode | undefined;

/** Sum of the bits that a list of words stands for. */
export function maskIn(task: Task, field: string, words: Readonly<Record<number, string>>): number {
  return textsIn(task, field).reduce(
    (mask, word) => mask | (codeIn({ [field]: word }, field, words) ?? 0),
    0,
  );
}

/** `YYYY.MM.DD`, any separator, as in the driver's own check; with `-`. */
export function dateIn(task: Task, field: string): string | undefined {
  const text = textIn(task, field);
  if (text === undefined) return undefined;
  const parts = /^(\d{4}).(\d\d).(\d\d)$/.exec(text);
  if (!parts) throw badTask(field);
  return `${parts[1]}-${parts[2]}-${parts[3]}`;
}

/** `YYYY.MM.DD HH:MM:SS` as `YYYY-MM-DDTHH:MM:SS`. */
export function momentIn(task: Task, field: string): string | undefined {
  const text = textIn(task, field);
  if (text === undefined) return undefined;
  const parts = /^(\d{4}).(\d\d).(\d\d) (\d\d:\d\d:\d\d)$/.exec(text);
  if (!parts) throw badTask(field);
  return `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`;
}

/** Gathers requisites, leaving out what the task does not give. */
export class Requisites {
  readonly nodes: TlvNode[] = [];

  add(tag: number, value: string | number | boolean | Uint8Array | undefined): this {
    if (value !== undefined && value !== '') this.nodes.push({ tag, value });
    return this;
  }

  each(tag: number, values: readonly string[]): this {
    for (const value of values) this.add(tag, value);
    return this;
  }

  group(tag: number, inside: Requisites): this {
    if (inside.nodes.length > 0) this.nodes.push({ tag, value: inside.nodes });
    return this;
  }

  append(other: Requisites): this {
    this.nodes.push(...other.nodes);
    return this;
  }
}
