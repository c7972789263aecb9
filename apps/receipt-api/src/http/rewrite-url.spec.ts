import { rewriteUrl } from './rewrite-url';

it.each([
  ['/possystem/v4/getToken', '/possystem/v4/getToken'],
  ['/possystem/v4/getToken/', '/possystem/v4/getToken'],
  ['/possystem/v4//getToken', '/possystem/v4/getToken'],
  ['//possystem///v5/g/sell//?token=a//b/', '/possystem/v5/g/sell?token=a//b/'],
  ['/possystem/v5/g/report/u/?token=x', '/possystem/v5/g/report/u?token=x'],
  ['/possystem/', '/possystem'],
  ['/possystemic//x/', '/possystemic//x/'],
  ['/health/live', '/health/live'],
  ['/', '/'],
  ['/v1//receipts/', '/v1//receipts/'],
])('%s is %s', (url, expected) => {
  expect(rewriteUrl(url)).toBe(expected);
});
