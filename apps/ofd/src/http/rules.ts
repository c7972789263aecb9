import { isInn, looksLikeRnm } from '@kkt/ffd';
import { Transform } from 'class-transformer';
import { registerDecorator, type ValidationOptions } from 'class-validator';

const rule =
  (name: string, message: string, isRight: (value: string) => boolean) =>
  (options?: ValidationOptions): PropertyDecorator =>
  (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      options: { message: `${String(property)} ${message}`, ...options },
      validator: { validate: (value: unknown) => typeof value === 'string' && isRight(value) },
    });

/** 10 or 12 digits with right check digits. */
export const IsInn = rule('isInn', 'must be an INN with right check digits', isInn);
/** 16 digits, the last six of them a possible checksum. */
export const IsRnm = rule('isRnm', 'must be a KKT registration number of 16 digits', looksLikeRnm);
/** 16 digits. */
export const IsFnNumber = rule('isFnNumber', 'must be an FN number of 16 digits', (value) =>
  /^\d{16}$/.test(value),
);
/** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS`, a moment that exists. */
export const IsLocalTime = rule(
  'isLocalTime',
  'must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS',
  (value) => /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/.test(value) && !Number.isNaN(Date.parse(value)),
);

/** A whole number given as text in a query or path; anything else is left for the rules to refuse. */
export const AsNumber = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** `true` or `false` given as text in a query. */
export const AsFlag = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value));
