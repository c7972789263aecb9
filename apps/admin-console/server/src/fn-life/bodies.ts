import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';

const fnNumber = /^[0-9]{16}$/;
const fnMessage = 'номер ФН — 16 цифр';
const day = /^\d{4}-\d{2}-\d{2}$/;
const states = ['stock', 'tested', 'reserved', 'installed', 'closed', 'in_cell', 'returned', 'faulty'];

export class FnParams {
  @Matches(fnNumber, { message: fnMessage })
  fn!: string;
}

export class IdParams {
  @IsUUID()
  id!: string;
}

export class DrivesQuery {
  @IsOptional()
  @IsIn(states)
  state?: string;

  @IsOptional()
  @IsString()
  @Length(1, 32)
  q?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset?: number;
}

export class ReceiveBody {
  @Matches(fnNumber, { message: fnMessage })
  fnNumber!: string;

  @IsString()
  @Length(1, 64)
  model!: string;

  @IsOptional()
  @IsUUID()
  clientId?: string;

  @IsOptional()
  @IsString()
  @Length(1, 500)
  reason?: string;
}

export class MoveBody {
  @IsIn(['tested', 'reserved', 'in_cell', 'returned', 'faulty'])
  to!: 'tested' | 'reserved' | 'in_cell' | 'returned' | 'faulty';

  @IsOptional()
  @IsUUID()
  clientId?: string;

  @IsOptional()
  @IsString()
  @Length(1, 32)
  cell?: string;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  responsible?: string;

  @IsOptional()
  @Matches(day, { message: 'дата — ГГГГ-ММ-ДД' })
  keepUntil?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  act?: string;

  @IsOptional()
  @IsString()
  @Length(1, 500)
  reason?: string;
}

export class StartBody {
  @IsIn(['swap', 'install', 'reregister', 'close'])
  kind!: 'swap' | 'install' | 'reregister' | 'close';

  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  registerId!: number;

  @IsString()
  @Length(1, 32)
  serial!: string;

  @IsString()
  @Length(3, 500)
  why!: string;

  @IsOptional()
  @Matches(fnNumber, { message: fnMessage })
  newFn?: string;

  @IsOptional()
  @IsBoolean()
  oldFnBroken?: boolean;

  /** Mask of tag 1205. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(0xffffffff)
  reasons?: number;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  groupCode?: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  joinRegisterId?: number;
}

export class SayBody {
  @IsIn(['take_out', 'put_in', 'store_old'])
  step!: 'take_out' | 'put_in' | 'store_old';

  /** What the scanner read. */
  @IsOptional()
  @Matches(fnNumber, { message: fnMessage })
  fnNumber?: string;

  @IsOptional()
  @IsString()
  @Length(1, 32)
  cell?: string;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  responsible?: string;

  @IsOptional()
  @Matches(day, { message: 'дата — ГГГГ-ММ-ДД' })
  keepUntil?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  act?: string;
}

export class ReasonBody {
  @IsString()
  @Length(3, 500)
  reason!: string;
}

export class ReplanBody extends ReasonBody {
  @IsOptional()
  @Matches(fnNumber, { message: fnMessage })
  newFn?: string;
}

export class AnswerBody {
  @IsIn(['accepted', 'declined'])
  state!: 'accepted' | 'declined';

  @IsOptional()
  @IsString()
  @Length(1, 500)
  note?: string;
}

export class PlanBody {
  @Matches(day, { message: 'дата — ГГГГ-ММ-ДД' })
  nextAt!: string;

  @IsString()
  @Length(1, 128)
  nextPerson!: string;

  @IsOptional()
  @IsString()
  @Length(1, 500)
  note?: string;
}

export class ApplicationBody {
  @IsIn(['sent', 'number_received', 'report_entered', 'card', 'draft', 'cancelled'])
  state!: 'sent' | 'number_received' | 'report_entered' | 'card' | 'draft' | 'cancelled';

  @IsOptional()
  @Matches(/^[0-9]{16}$/, { message: 'РНМ — 16 цифр' })
  rnm?: string;

  @IsOptional()
  @IsString()
  @Length(1, 64)
  cardNumber?: string;

  @IsOptional()
  @Matches(day, { message: 'дата — ГГГГ-ММ-ДД' })
  cardDate?: string;
}

export class ReportParams {
  @Type(() => Number)
  @IsInt()
  @Min(1)
  id!: number;

  @Matches(fnNumber, { message: fnMessage })
  fn!: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  fd!: number;
}
