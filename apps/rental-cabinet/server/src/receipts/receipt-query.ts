import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Matches, Max, Min } from 'class-validator';
import type { CompanyTree } from '@kkt/company';
import { FarmError, type ReceiptState } from '@kkt/contracts';
import { contactHash } from '@kkt/security';
import { type ReceiptCursor, paymentBits, type ReceiptQuery } from '@kkt/storage';
import { type Caller, sightOf } from '../session/session.guard';

const date = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const states: ReceiptState[] = ['queued', 'working', 'in_doubt', 'done', 'failed'];
const operations = [
  'sell',
  'sell_refund',
  'buy',
  'buy_refund',
  'sell_correction',
  'sell_refund_correction',
  'buy_correction',
  'buy_refund_correction',
];
const channels = ['compatible', 'own', 'payments', 'cabinet'];
type PaymentKind = keyof typeof paymentBits;

/** What receipts are looked for by; everything given must fit. */
export class FilterQuery {
  /** Days in Moscow, both included. */
  @IsOptional()
  @Matches(date)
  from?: string;

  @IsOptional()
  @Matches(date)
  to?: string;

  @IsOptional()
  @IsIn(states)
  state?: ReceiptState;

  @IsOptional()
  @IsIn(operations)
  operation?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  group?: string;

  /** A shop, region or brand: everything below it. */
  @IsOptional()
  @IsUUID()
  node?: string;

  /** Serial number of a register. */
  @IsOptional()
  @Matches(/^[0-9A-Za-z]{1,20}$/)
  serial?: string;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  externalId?: string;

  @IsOptional()
  @IsIn(Object.keys(paymentBits))
  payment?: PaymentKind;

  @IsOptional()
  @IsIn(channels)
  channel?: string;

  /** Words of the goods. */
  @IsOptional()
  @IsString()
  @Length(2, 128)
  goods?: string;

  /** The buyer's e-mail or phone. */
  @IsOptional()
  @IsString()
  @Length(5, 128)
  contact?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  minKop?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  maxKop?: number;

  @IsOptional()
  @Matches(/^[0-9]{16}$/)
  fn?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  fd?: number;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(0xffffffff)
  fp?: number;
}

export class ListQuery extends FilterQuery {
  @IsOptional()
  @IsString()
  @Length(1, 200)
  after?: string;
}

const dayMs = 86_400_000;

/** Midnight in Moscow, which has had UTC+3 all the year round since 2014. */
export const moscowDay = (text: string | undefined, plusDays = 0): Date | undefined => {
  if (text === undefined) return undefined;
  const at = Date.parse(`${text}T00:00:00+03:00`);
  if (Number.isNaN(at)) throw new FarmError('CLIENT-DATE', 'There is no such day');
  return new Date(at + plusDays * dayMs);
};

/** Groups below a node that the caller sees; a node that is not his has none. */
function groupsOf(caller: Caller, tree: CompanyTree, node: string): number[] {
  const below = tree.node(node) ? tree.groupsBelow(node) : [];
  const { groupIds } = sightOf(caller, 'receipts:read');
  return groupIds === null ? below : below.filter((id) => groupIds.includes(id));
}

/** The search of a caller: never beyond what he may read. */
export async function queryOf(
  caller: Caller,
  asked: FilterQuery,
  parts: { contactKey: Buffer; tree(): Promise<CompanyTree> },
): Promise<ReceiptQuery> {
  const sight = sightOf(caller, 'receipts:read');
  return {
    ...sight,
    ...(asked.node !== undefined && { groupIds: groupsOf(caller, await parts.tree(), asked.node) }),
    groupCode: asked.group,
    state: asked.state,
    operation: asked.operation,
    from: moscowDay(asked.from),
    to: moscowDay(asked.to, 1),
    minKop: asked.minKop,
    maxKop: asked.maxKop,
    externalId: asked.externalId,
    serial: asked.serial,
    payments: asked.payment && paymentBits[asked.payment],
    channel: asked.channel === undefined ? undefined : channels.indexOf(asked.channel) + 1,
    goods: asked.goods,
    contactHash: asked.contact && contactHash(parts.contactKey, asked.contact).toString('hex'),
    fnNumber: asked.fn,
    fdNumber: asked.fd,
    fiscalSign: asked.fp,
  };
}

/** Where the next page begins. @throws FarmError CLIENT-CURSOR */
export function readCursor(text: string): ReceiptCursor {
  const match = /^([0-9:. +-]{19,40})\|([0-9a-f-]{36})$/.exec(text);
  if (!match?.[1] || !match[2]) throw new FarmError('CLIENT-CURSOR', 'The page mark is damaged');
  return { acceptedAt: match[1], id: match[2] };
}
