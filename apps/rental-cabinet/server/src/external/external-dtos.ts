import { Type } from 'class-transformer';
import {
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
} from 'class-validator';

const dayForm = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const dayRule = { message: 'дата — ГГГГ-ММ-ДД' };
const orNull = (): PropertyDecorator => ValidateIf((_, value) => value !== null);

export class ExternalParams {
  @IsUUID()
  id!: string;
}

export class DocumentParams extends ExternalParams {
  @Matches(/^[0-9]{16}$/)
  fn!: string;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  fd!: number;
}

export class PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset?: number;
}

export class ExternalBody {
  @orNull()
  @IsUUID()
  nodeId!: string | null;

  @IsString()
  @Length(1, 100)
  name!: string;

  @IsString()
  @Length(1, 100)
  model!: string;

  @Matches(/^[0-9A-Za-zА-Яа-я-]{1,20}$/, { message: 'заводской номер — до 20 букв и цифр' })
  serial!: string;

  @orNull()
  @Matches(/^[0-9]{16}$/, { message: 'РНМ — 16 цифр' })
  rnm!: string | null;

  @IsString()
  @MaxLength(256)
  address!: string;

  @orNull()
  @Matches(/^[0-9]{16}$/, { message: 'номер ФН — 16 цифр' })
  fnNumber!: string | null;

  @orNull()
  @Matches(dayForm, dayRule)
  fnValidUntil!: string | null;

  @IsString()
  @MaxLength(100)
  operatorName!: string;

  @orNull()
  @Matches(dayForm, dayRule)
  operatorPaidUntil!: string | null;

  @IsString()
  @MaxLength(1_000)
  note!: string;
}

export class ImportBody {
  /** A table with a head, or texts of QR codes, one a line. */
  @IsString()
  @Length(1, 400_000, { message: 'за один раз — до 5000 строк: разделите файл' })
  text!: string;
}
