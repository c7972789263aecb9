import type { Codec } from '../bytes/codec';
import { exchange, type Confidence, type Exchange, type OnSilence } from '../commands/exchange';
import type { TimeoutClass } from '../commands/timeouts';

/** A command of the fiscal drive carried by A4: `A4 code data` → `55 err data`. */
export interface FnCommand<Name extends string, Req, Ans> extends Exchange<Name, Req, Ans> {
  readonly fnCode: number;
}

interface FnSpec<Name extends string, Req, Ans> {
  code: number;
  name: Name;
  meaning: string;
  request: Codec<Req>;
  answer: Codec<Ans>;
  /** Default `repeat-safe`. */
  onSilence?: OnSilence;
  /** Default `fns`: the layout is in the FNS KKT–FN protocol v1.1. */
  confidence?: Confidence;
  timeoutClass?: TimeoutClass;
}

export function fnExchange<const Name extends string, Req, Ans>(
  spec: FnSpec<Name, Req, Ans>,
): FnCommand<Name, Req, Ans> {
  return {
    fnCode: spec.code,
    ...exchange({
      name: spec.name,
      prefix: [0xa4, spec.code],
      meaning: spec.meaning,
      timeoutClass: spec.timeoutClass ?? 'usual',
      onSilence: spec.onSilence ?? 'repeat-safe',
      confidence: spec.confidence ?? 'fns',
      request: spec.request,
      head: 'plain',
      answer: spec.answer,
    }),
  };
}
