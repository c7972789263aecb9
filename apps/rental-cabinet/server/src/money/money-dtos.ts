import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { cardConsent } from './consents';

const dayForm = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const dayRule = { message: 'дата — ГГГГ-ММ-ДД' };
const mostKop = 10_000_000_000;

export class PeriodDto {
  @Matches(dayForm, dayRule)
  from!: string;

  @Matches(dayForm, dayRule)
  to!: string;
}

export class MonthDto {
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/, { message: 'месяц — ГГГГ-ММ' })
  month!: string;
}

export class AmountDto {
  @IsInt()
  @Min(100)
  @Max(mostKop)
  amountKop!: number;
}

export class CardDto extends AmountDto {
  @IsEmail({}, { message: 'адрес почты для чека' })
  @MaxLength(64)
  receiptEmail!: string;

  /** The version of the words agreed to: the bank is asked to remember the card. */
  @IsOptional()
  @IsIn([cardConsent.version], { message: 'нужно согласие запомнить карту' })
  saveConsent?: string;
}

export class PaymentParams {
  @IsUUID()
  id!: string;
}

export class PaperParams {
  @Matches(/^(СЧ|АКТ|СВ|КОР)-\d{4}-\d{6}$/)
  number!: string;
}

export class RenewalDto {
  @IsBoolean()
  renewsItself!: boolean;
}

export class SettingsDto {
  @ValidateIf((_, value) => value !== null)
  @IsInt()
  @Min(0)
  @Max(mostKop)
  warnBelowKop!: number | null;

  @ValidateIf((_, value) => value !== null)
  @IsEmail({}, { message: 'адрес почты' })
  @MaxLength(64)
  receiptEmail!: string | null;
}

class DriveDto {
  @IsString()
  @Length(1, 40)
  model!: string;

  @IsInt()
  @Min(1)
  @Max(1_000)
  count!: number;
}

export class QuoteDto {
  @IsString()
  @Length(1, 64)
  tariffId!: string;

  @IsInt()
  @Min(1)
  @Max(1_000)
  registers!: number;

  @IsInt()
  @Min(1)
  @Max(1_096)
  termDays!: number;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ValidateNested({ each: true })
  @Type(() => DriveDto)
  drives?: DriveDto[];

  @IsOptional()
  @IsString()
  @MaxLength(40)
  promoCode?: string;
}

const orNull = (): PropertyDecorator => ValidateIf((_, value) => value !== null);

export class RequisitesDto {
  @IsString()
  @Length(3, 300)
  fullName!: string;

  @orNull()
  @Matches(/^[0-9]{9}$/, { message: 'КПП — 9 цифр' })
  kpp!: string | null;

  @orNull()
  @Matches(/^([0-9]{13}|[0-9]{15})$/, { message: 'ОГРН — 13 цифр, ОГРНИП — 15' })
  ogrn!: string | null;

  @IsString()
  @Length(5, 300)
  address!: string;

  @orNull()
  @IsString()
  @Length(3, 200)
  bankName!: string | null;

  @orNull()
  @Matches(/^[0-9]{9}$/, { message: 'БИК — 9 цифр' })
  bik!: string | null;

  @orNull()
  @Matches(/^[0-9]{20}$/, { message: 'расчётный счёт — 20 цифр' })
  account!: string | null;

  @IsString()
  @Length(2, 100)
  headPost!: string;

  @IsString()
  @Length(2, 100)
  headName!: string;

  @IsString()
  @Length(2, 200)
  actsOn!: string;
}
