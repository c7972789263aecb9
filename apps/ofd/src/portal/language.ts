import { oneText, type HttpRequest } from '../http/request';

/** The language remembered for this visitor, if any. */
export const languageOf = (request: HttpRequest): string | undefined =>
  /(?:^|; )lang=(ru|en)/.exec(oneText(request.headers.cookie) ?? '')?.[1];
