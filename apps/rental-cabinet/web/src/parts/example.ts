import type { ClientGroup } from '@kkt/web-contract';

/** Names of tax systems (tag 1055) in the API, by their bit. */
const taxNames: Readonly<Record<number, string>> = {
  1: 'osn',
  2: 'usn_income',
  4: 'usn_income_outcome',
  8: 'envd',
  16: 'esn',
  32: 'patent',
};

/** Tax systems of a group by their names in the API. */
export const taxSystemNames = (mask: number): string[] =>
  Object.entries(taxNames).flatMap(([bit, name]) => ((mask & Number(bit)) === 0 ? [] : [name]));

/** What an example says of a group. */
type ExampleGroup = Pick<ClientGroup, 'code' | 'protocol' | 'inn' | 'paymentAddress' | 'taxSystems'>;

/** A receipt of one rouble for the group, in its protocol. */
function exampleBody(group: ExampleGroup): object {
  const company = {
    email: 'shop@example.com',
    sno: taxSystemNames(group.taxSystems)[0] ?? 'osn',
    inn: group.inn,
    payment_address: group.paymentAddress,
  };
  const item = {
    name: 'Проверка связи',
    price: 1.0,
    quantity: 1,
    sum: 1.0,
    payment_method: 'full_payment',
    vat: { type: 'none' },
  };
  return {
    timestamp: `$(date +'%d.%m.%Y %H:%M:%S')`,
    external_id: 'test-$(date +%s)',
    receipt: {
      client: { email: 'buyer@example.com' },
      company,
      items: [
        group.protocol === 4
          ? { ...item, payment_object: 'commodity' }
          : { ...item, measure: 0, payment_object: 1 },
      ],
      payments: [{ type: 1, sum: 1.0 }],
      vats: [{ type: 'none', sum: 1.0 }],
      total: 1.0,
    },
  };
}

/** Commands that take a token, send the receipt and ask for its result; ready to be pasted into a terminal. */
export function exampleCommands(
  apiUrl: string,
  group: ExampleGroup,
  login: string,
  password: string,
): string {
  const base = `${apiUrl}/possystem/v${group.protocol}`;
  const body = JSON.stringify(exampleBody(group), null, 2);
  return `TOKEN=$(curl -sS ${base}/getToken \\
  -H 'Content-Type: application/json' \\
  -d '{"login": "${login}", "pass": "${password}"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')

UUID=$(curl -sS ${base}/${group.code}/sell \\
  -H "Token: $TOKEN" -H 'Content-Type: application/json' \\
  -d @- <<JSON | tee /dev/stderr | sed 's/.*"uuid":"\\([^"]*\\)".*/\\1/'
${body}
JSON
)

sleep 3
curl -sS ${base}/${group.code}/report/$UUID -H "Token: $TOKEN"
`;
}
