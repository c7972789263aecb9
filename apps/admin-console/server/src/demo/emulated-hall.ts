import { FarmError } from '@kkt/contracts';
import { notFound } from '@kkt/web-server';
import type { ModuleFaultWord } from '@kkt/web-contract';
import { z } from 'zod';

const answerTimeoutMs = 5_000;
/** Slower than the rule "slow module" takes. */
const slowAnswerMs = 600;
const clockJumpMs = 3_600_000;

const brokenSchema = z.object({
  elements: z.array(
    z.object({ dc: z.string(), kind: z.enum(['switch', 'link', 'port', 'feed']), code: z.string() }),
  ),
  modules: z.array(
    z.object({
      serial: z.string(),
      place: z.object({
        dc: z.string(),
        rack: z.coerce.string(),
        assembly: z.number(),
        slot: z.number(),
      }),
      faults: z.array(z.string()),
    }),
  ),
});
export type Broken = z.output<typeof brokenSchema>;

/** What each fault of the panel is at the emulator's control port. */
const moduleFaults: Readonly<Record<ModuleFaultWord, { path: string; body: object }>> = {
  unplug: { path: 'unplug', body: {} },
  'power-off': { path: 'power', body: { on: false } },
  hang: { path: 'faults', body: { name: 'hang' } },
  slow: { path: 'faults', body: { name: 'delay', ms: slowAnswerMs } },
  clock: { path: 'faults', body: { name: 'clockJump', byMs: clockJumpMs } },
  'fn-fault': { path: 'faults', body: { name: 'fnFault' } },
  'fn-full': { path: 'faults', body: { name: 'fnFull', left: 0 } },
  'lose-answer': { path: 'faults', body: { name: 'loseAnswerAfterCommit' } },
};
export const moduleFaultWords = Object.keys(moduleFaults) as ModuleFaultWord[];

/** The emulated hall behind its control port: the only thing here that may be broken. */
export class EmulatedHall {
  /** @param url of the control port; absent: the hall is real */
  constructor(private readonly url: string | undefined) {}

  get isThere(): boolean {
    return this.url !== undefined;
  }

  /** Everything that is broken by hand now. */
  async broken(): Promise<Broken> {
    return brokenSchema.parse(await this.ask('GET', '/broken'));
  }

  async breakElement(dc: string | undefined, kind: string, code: string): Promise<void> {
    await this.ask('POST', `/plant/faults${dc === undefined ? '' : `?${query({ dc })}`}`, { kind, code });
  }

  async mendElement(dc: string | undefined, kind: string, code: string): Promise<void> {
    await this.ask('DELETE', `/plant/faults?${query({ ...(dc !== undefined && { dc }), kind, code })}`);
  }

  async breakModule(serial: string, fault: ModuleFaultWord): Promise<void> {
    const { path, body } = moduleFaults[fault];
    await this.ask('POST', `/modules/${serial}/${path}`, body);
  }

  async mendModule(serial: string): Promise<void> {
    await this.ask('POST', `/modules/${serial}/mend`);
  }

  async mendAll(): Promise<void> {
    await this.ask('DELETE', '/broken');
  }

  /**
   * @throws FarmError CLIENT-STATE when the hall is real, CLIENT-NOT-FOUND for something that is not there,
   * SYS-EMULATOR when the emulator does not answer or refuses
   */
  private async ask(method: string, path: string, body?: object): Promise<unknown> {
    if (this.url === undefined)
      throw new FarmError('CLIENT-STATE', 'The hall is not emulated: nothing can be broken from here');
    let answer: Response;
    try {
      answer = await fetch(`${this.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(answerTimeoutMs),
      });
    } catch (error) {
      throw new FarmError('SYS-EMULATOR', `The emulated hall does not answer: ${(error as Error).message}`);
    }
    if (answer.status === 404) throw notFound('element');
    if (!answer.ok) throw new FarmError('SYS-EMULATOR', `The emulated hall refused: ${await answer.text()}`);
    return answer.json();
  }
}

const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();
