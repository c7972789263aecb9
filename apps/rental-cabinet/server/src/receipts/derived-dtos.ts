import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { taxSystemWords, vatRates } from '@kkt/domain';
import type { Basis, Derived } from '@kkt/refunds';

const money = /^\d{1,10}(\.\d{1,2})?$/;
const quantity = /^\d{1,6}(\.\d{1,6})?$/;

class PartDto {
  @IsInt()
  @Min(0)
  @Max(99)
  position!: number;

  @IsOptional()
  @Matches(quantity, { message: 'количество — число, до шести знаков после точки' })
  quantity?: string;

  @IsOptional()
  @Matches(money, { message: 'сумма в рублях, копейки после точки' })
  sum?: string;
}

class RightItemDto {
  @IsInt()
  @Min(0)
  @Max(99)
  position!: number;

  @IsOptional()
  @IsString()
  @Length(1, 128)
  name?: string;

  @IsOptional()
  @Matches(money, { message: 'цена в рублях, копейки после точки' })
  price?: string;

  @IsOptional()
  @Matches(quantity, { message: 'количество — число, до шести знаков после точки' })
  quantity?: string;

  @IsOptional()
  @IsIn(vatRates.map(({ name }) => name))
  vat?: string;
}

class BasisDto {
  @IsIn([0, 1])
  type!: 0 | 1;

  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/)
  date?: string;

  @IsOptional()
  @IsString()
  @Length(1, 32)
  number?: string;
}

const kinds = ['refund', 'undo', 'redo'] as const;
const payments = ['cashKop', 'ecashKop', 'prepaidKop', 'creditKop', 'provisionKop'] as const;

/** A refund (items, an amount, or all that is left) or a correction of a registered receipt. */
export class DerivedDto {
  @IsIn(kinds)
  kind!: (typeof kinds)[number];

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => PartDto)
  items?: PartDto[];

  @IsOptional()
  @Matches(money, { message: 'сумма в рублях, копейки после точки' })
  amount?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => BasisDto)
  basis?: BasisDto;

  @IsOptional()
  @IsIn(payments)
  payment?: (typeof payments)[number];

  @IsOptional()
  @IsIn(taxSystemWords)
  taxSystem?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => RightItemDto)
  right?: RightItemDto[];
}

export class MakeDto extends DerivedDto {
  /** Chosen by the page once per window: pressing twice makes one receipt. */
  @IsUUID()
  key!: string;
}

export class ResendDto {
  /** Another address than the receipt's. */
  @IsOptional()
  @IsString()
  @Length(5, 128)
  contact?: string;
}

export const derivedOf = (dto: DerivedDto): Derived => {
  const basis: Basis | undefined = dto.basis && { ...dto.basis };
  if (dto.kind === 'refund') return { kind: 'refund', wish: { items: dto.items, amount: dto.amount } };
  if (dto.kind === 'undo') return { kind: 'undo', basis };
  return {
    kind: 'redo',
    basis,
    right: { payment: dto.payment, taxSystem: dto.taxSystem, items: dto.right },
  };
};
