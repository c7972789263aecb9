import type { HttpRequest } from '../http/types';
import { type Form, formWanted } from './forms';

const asked = (accept: string | undefined): HttpRequest =>
  ({ headers: accept === undefined ? {} : { accept } }) as unknown as HttpRequest;

describe('the form of a document', () => {
  it.each<[string | undefined, string | undefined, Form]>([
    [undefined, undefined, 'json'],
    ['', undefined, 'json'],
    ['*/*', undefined, 'json'],
    ['application/pdf', undefined, 'pdf'],
    ['Image/PNG', undefined, 'png'],
    ['image/*', undefined, 'png'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', undefined, 'html'],
    ['text/html;q=0.2, application/pdf;q=0.9', undefined, 'pdf'],
    ['image/webp, application/pdf;q=0, */*;q=0.1', undefined, 'json'],
    ['text/html', 'png', 'png'],
  ])('Accept %p, format %p: %s', (accept, format, form) => {
    expect(formWanted(asked(accept), format, ['json', 'html', 'pdf', 'png'])).toBe(form);
  });

  it('is refused when it is not offered', () => {
    expect(() => formWanted(asked('image/webp'), undefined, ['html', 'pdf'])).toThrow('Not available');
    expect(() => formWanted(asked('*/*'), 'json', ['html', 'pdf'])).toThrow('Not available');
  });
});
