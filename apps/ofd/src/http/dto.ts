import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { KKT_STATES, type KktState } from '../registry/registry-store';
import { REPORT_KINDS, type ReportKind } from '../storage/report-reader';
import { FAULT_MODES, type FaultMode } from '../tcp/faults';
import { AsFlag, AsNumber, IsFnNumber, IsInn, IsLocalTime, IsRnm } from './rules';

const MAX_FD = 0xffffff;
const MAX_FISCAL_SIGN = 0xffffffff;

export class PageDto {
  @IsOptional() @AsNumber() @IsInt() @Min(1) @Max(1000) limit: number = 50;
  @IsOptional() @AsNumber() @IsInt() @Min(0) @Max(1_000_000) offset: number = 0;
}

export class EnterpriseDto {
  @IsInn() inn!: string;
  @IsString() @IsNotEmpty() @MaxLength(256) name!: string;
}

export class KktDto {
  @IsRnm() rnm!: string;
  @IsFnNumber() fnNumber!: string;
  @IsInn() inn!: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(256) enterpriseName?: string;
  @IsOptional() @Matches(/^[0-9A-Za-z-]{1,20}$/) serial?: string;
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(128) model?: string;
  @IsString() @IsNotEmpty() @MaxLength(256) place!: string;
  @IsString() @IsNotEmpty() @MaxLength(256) address!: string;
  @IsOptional() @IsIn(KKT_STATES) state?: KktState;
  @IsOptional() @IsInt() @Min(1) @Max(MAX_FD) firstFd?: number;
}

export class KktStateDto {
  @IsIn(KKT_STATES) state!: KktState;
}

export class KktFilterDto extends PageDto {
  @IsOptional() @IsInn() inn?: string;
  @IsOptional() @IsIn(KKT_STATES) state?: KktState;
}

export class CategoryDto {
  @IsString() @IsNotEmpty() @MaxLength(128) itemName!: string;
  @IsString() @IsNotEmpty() @MaxLength(128) category!: string;
}

export class CategoriesDto {
  @IsInn() inn!: string;
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => CategoryDto)
  items!: CategoryDto[];
}

export class RnmDto {
  @IsRnm() rnm!: string;
}

export class DocumentKeyDto {
  @IsFnNumber() fn!: string;
  @AsNumber() @IsInt() @Min(1) @Max(MAX_FD) fd!: number;
}

export class DocumentProofDto {
  @IsOptional() @AsNumber() @IsInt() @Min(0) @Max(MAX_FISCAL_SIGN) fp?: number;
}

export class DocumentFilterDto extends PageDto {
  @IsOptional() @IsFnNumber() fn?: string;
  @IsOptional() @AsNumber() @IsInt() @Min(1) @Max(MAX_FD) fd?: number;
  @IsOptional() @AsNumber() @IsInt() @Min(0) @Max(MAX_FISCAL_SIGN) fp?: number;
  @IsOptional() @IsRnm() rnm?: string;
  @IsOptional() @IsInn() inn?: string;
  @IsOptional() @AsNumber() @IsInt() @Min(1) @Max(99) form?: number;
  @IsOptional() @AsNumber() @IsInt() @Min(0) totalKop?: number;
  @IsOptional() @IsLocalTime() from?: string;
  @IsOptional() @IsLocalTime() to?: string;
  @IsOptional() @AsFlag() @IsBoolean() violations?: boolean;
}

export class ReportKindDto {
  @IsIn(REPORT_KINDS) kind!: ReportKind;
}

export class ReportFilterDto {
  @IsLocalTime() from!: string;
  @IsLocalTime() to!: string;
  @IsOptional() @IsInn() inn?: string;
  @IsOptional() @IsRnm() rnm?: string;
  @IsOptional() @AsNumber() @IsInt() @Min(1) @Max(10_000) limit: number = 1000;
}

export class FaultDto {
  @IsIn(FAULT_MODES) mode!: FaultMode;
  @IsOptional() @IsInt() @Min(1) @Max(1_000_000) times?: number;
  @IsOptional() @IsFnNumber() fnNumber?: string;
  @IsOptional() @IsInt() @Min(0) @Max(600_000) delayMs?: number;
}

export class TaxServiceDto {
  @IsBoolean() up!: boolean;
}
