import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { taxSystemWords, vatRates } from '@kkt/domain';
import { type ConnectionSettings, type ProviderName, providerNames } from '@kkt/payments';

export class ItemDto {
  @IsString()
  @Length(1, 128)
  name!: string;

  @IsIn(vatRates.map(({ name }) => name))
  vat!: string;

  @IsInt()
  @Min(1)
  @Max(7)
  method!: number;

  @IsInt()
  @Min(1)
  @Max(33)
  subject!: number;

  @IsOptional()
  @IsIn(taxSystemWords)
  taxSystem?: (typeof taxSystemWords)[number];

  @IsOptional()
  @IsEmail()
  @Length(5, 64)
  contact?: string;
}

export class SettingsDto {
  @IsIn(['live', 'test'])
  mode!: 'live' | 'test';

  @IsIn(['split', 'review'])
  partialRefund!: 'split' | 'review';

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  addresses?: string[];

  @IsOptional()
  @IsIn(['md5', 'ripemd160', 'sha1', 'sha256', 'sha384', 'sha512'])
  hash?: ConnectionSettings['hash'];

  @IsOptional()
  @IsIn(['hmac', 'rsa'])
  checksum?: ConnectionSettings['checksum'];

  @IsOptional()
  @IsBoolean()
  amountIsWhatIsLeft?: boolean;

  /** What a payment is for when its order was not registered; without it such a payment waits. */
  @IsOptional()
  @ValidateNested()
  @Type(() => ItemDto)
  itemWithoutOrder?: ItemDto;
}

export class ConnectDto {
  @IsIn(providerNames)
  provider!: ProviderName;

  @IsString()
  @Length(1, 64)
  group!: string;

  @IsString()
  @Length(1, 100)
  name!: string;

  @IsObject()
  secrets!: Record<string, string>;

  @ValidateNested()
  @Type(() => SettingsDto)
  settings!: SettingsDto;
}

export class ChangeDto {
  @IsOptional()
  @IsString()
  @Length(1, 100)
  name?: string;

  /** All of them anew; absent: as they are. */
  @IsOptional()
  @IsObject()
  secrets?: Record<string, string>;

  @IsOptional()
  @ValidateNested()
  @Type(() => SettingsDto)
  settings?: SettingsDto;

  @IsOptional()
  @IsIn(['active', 'disabled'])
  state?: 'active' | 'disabled';
}

export class DismissDto {
  @IsString()
  @Length(3, 500)
  reason!: string;
}

export class IdParam {
  @IsUUID()
  id!: string;
}

export class EventsQuery {
  @IsOptional()
  @IsUUID()
  connection?: string;
}
