import { HttpException, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

/** Fields that did not pass, by their path. */
export class InvalidFields extends HttpException {
  constructor(readonly fields: Record<string, string[]>) {
    super('Some fields are wrong', 400);
  }
}

function collect(errors: readonly ValidationError[], prefix = ''): [string, string[]][] {
  return errors.flatMap((error) => {
    const path = `${prefix}${error.property}`;
    const own = Object.values(error.constraints ?? {});
    const inner = collect(error.children ?? [], `${path}.`);
    return own.length > 0 ? [[path, own] as [string, string[]], ...inner] : inner;
  });
}

/** Checks bodies, queries and paths against their DTOs; an unknown field is an error, not a surprise. */
export const validation = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: (errors) => new InvalidFields(Object.fromEntries(collect(errors))),
  });
