import { IsBoolean, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';

const codeForm = /^[\d\s-]{6,12}$/;
/** A control character in a name could end up in a letter's header or a log line. */
// eslint-disable-next-line no-control-regex
const printable = /^[^\u0000-\u001f\u007f]*$/;

export class SignUpDto {
  @IsString()
  @Length(5, 254)
  email!: string;

  @IsString()
  @Length(5, 32)
  phone!: string;

  @IsString()
  @Length(1, 512)
  password!: string;

  @IsString()
  @Length(1, 200)
  @Matches(printable)
  companyName!: string;

  @IsOptional()
  @IsString()
  @Length(0, 120)
  @Matches(printable)
  fullName?: string;

  @IsOptional()
  @IsString()
  @Length(0, 32)
  partnerCode?: string;

  @IsString()
  @Length(1, 32)
  offerVersion!: string;
}

export class EmailDto {
  @IsString()
  @Length(5, 254)
  email!: string;
}

export class ConfirmEmailDto extends EmailDto {
  @IsString()
  @Matches(codeForm, { message: 'code has digits only' })
  code!: string;
}

export class ConfirmLinkDto {
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'token is not one of our links' })
  token!: string;
}

/** A phone or an e-mail. */
export class RecoverDto {
  @IsString()
  @Length(5, 254)
  login!: string;
}

export class ResetDto extends RecoverDto {
  @IsString()
  @Matches(codeForm, { message: 'code has digits only' })
  code!: string;

  @IsString()
  @Length(1, 512)
  password!: string;
}

export class CodeDto {
  @IsString()
  @Matches(codeForm, { message: 'code has digits only' })
  code!: string;
}

export class ChangePasswordDto {
  @IsString()
  @Length(1, 512)
  present!: string;

  @IsString()
  @Length(1, 512)
  next!: string;
}

export class PasswordDto {
  @IsString()
  @Length(1, 512)
  password!: string;
}

export class DisableTotpDto extends PasswordDto {
  @IsString()
  @Length(6, 32)
  code!: string;
}

export class CompanyDto {
  @IsString()
  @Length(1, 200)
  @Matches(printable)
  name!: string;

  @IsString()
  @Matches(/^(\d{10}|\d{12})$/, { message: 'inn has 10 or 12 digits' })
  inn!: string;
}

export class InvitationCodeDto {
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{43}$/, { message: 'code is not one of our invitations' })
  code!: string;
}

export class RememberDto {
  @IsOptional()
  @IsBoolean()
  remember?: boolean;
}

export class IdParam {
  @IsUUID()
  id!: string;
}
