import type { Scope } from '../access/scopes';
import type { DtoClass } from '../dto/rules';
import type { ProblemKind } from '../http/problem';

/** One operation of the own API. A test compares this table with the routes that really exist. */
export interface Operation {
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `{name}` for what a path holds. */
  path: string;
  tag:
    | 'Receipts'
    | 'Refunds and corrections'
    | 'Callbacks'
    | 'Payments'
    | 'Events'
    | 'Registers'
    | 'Reports'
    | 'Calculator'
    | 'Keys'
    | 'Documentation';
  summary: string;
  description?: string;
  scope?: Scope;
  query?: DtoClass;
  body?: { of: DtoClass; optional?: boolean; example?: object };
  /** `Idempotency-Key` is required. */
  idempotent?: true;
  answer: {
    status: number;
    of?: DtoClass;
    type?: string;
    stream?: DtoClass;
    /** Other media types of the same answer. */
    files?: readonly string[];
  };
  problems: readonly ProblemKind[];
}
