import axios, { type AxiosInstance } from 'axios';
import { loadSettings } from '@kkt/config';
import { demoClient, demoShop } from './seed/demo-data';

/** Sends one receipt to a running farm as a shop would, and follows it to the operator, printing each step. */

interface Report {
  uuid: string;
  status: 'wait' | 'done' | 'fail';
  error: { code: number; text: string } | null;
  payload: {
    total: number;
    fn_number: string;
    fiscal_document_number: number;
    fiscal_document_attribute: number;
    receipt_datetime: string;
    shift_number: number;
    fiscal_receipt_number: number;
    ecr_registration_number: string;
  } | null;
  device_code?: string;
}

const pause = (delayMs: number) => new Promise((resolve) => setTimeout(resolve, delayMs));
const say = (text: string) => process.stdout.write(`${text}\n`);

const pad = (value: number) => String(value).padStart(2, '0');
const atolTime = (at: Date) =>
  `${pad(at.getDate())}.${pad(at.getMonth() + 1)}.${at.getFullYear()} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;

const basket = {
  client: { email: 'buyer@example.com' },
  company: {
    email: demoShop.senderEmail,
    sno: 'osn',
    inn: demoClient.inn,
    payment_address: demoShop.paymentAddress,
  },
  items: [
    {
      name: 'Кофе зерновой, 250 г',
      price: 540,
      quantity: 2,
      sum: 1080,
      measure: 0,
      payment_method: 'full_payment',
      payment_object: 1,
      vat: { type: 'vat22' },
    },
    {
      name: 'Доставка',
      price: 199.5,
      quantity: 1,
      sum: 199.5,
      measure: 0,
      payment_method: 'full_payment',
      payment_object: 4,
      vat: { type: 'none' },
    },
  ],
  payments: [{ type: 1, sum: 1279.5 }],
  total: 1279.5,
};

async function poll<T>(what: string, limitMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: no answer in ${limitMs / 1000} s`);
    await pause(200);
  }
}

async function follow(api: AxiosInstance, operator: AxiosInstance): Promise<void> {
  const startedMs = performance.now();
  const elapsed = () => `${Math.round(performance.now() - startedMs)} ms`;

  const login = await api.post('/possystem/v5/getToken', {
    login: demoClient.login,
    pass: demoClient.password,
  });
  if (!login.data.token) throw new Error(`getToken: ${JSON.stringify(login.data)}`);
  say(`1. token      received for «${demoClient.login}»`);

  const externalId = `demo-${new Date().toISOString()}-${process.pid}`;
  const body = { timestamp: atolTime(new Date()), external_id: externalId, receipt: basket };
  const accepted = await api.post('/possystem/v5/demo-v5/sell', body, {
    headers: { Token: login.data.token },
  });
  if (accepted.status !== 200)
    throw new Error(`sell: HTTP ${accepted.status} ${JSON.stringify(accepted.data)}`);
  const { uuid } = accepted.data as { uuid: string };
  say(`2. accepted   uuid ${uuid}, status ${accepted.data.status} (${elapsed()})`);

  const report = await poll<Report>('report', 30_000, async () => {
    const answer = await api.get<Report>(`/possystem/v5/demo-v5/report/${uuid}`, {
      headers: { Token: login.data.token },
    });
    return answer.data.status === 'wait' ? undefined : answer.data;
  });
  const { payload } = report;
  if (report.status !== 'done' || !payload) throw new Error(`report: ${JSON.stringify(report.error)}`);
  say(`3. registered on ${report.device_code ?? 'a register'} (${elapsed()})`);
  say(
    `              ФН ${payload.fn_number}  ФД ${payload.fiscal_document_number}  ФП ${payload.fiscal_document_attribute}`,
  );
  say(
    `              ${payload.receipt_datetime}, смена ${payload.shift_number}, чек ${payload.fiscal_receipt_number}, РНМ ${payload.ecr_registration_number}, ${payload.total.toFixed(2)} ₽`,
  );

  const path = `/api/documents/${payload.fn_number}/${payload.fiscal_document_number}`;
  const document = await poll<Record<string, unknown>>('operator', 60_000, async () => {
    const answer = await operator.get<Record<string, unknown>>(path);
    return answer.status === 200 ? answer.data : undefined;
  });
  say(
    `4. operator   has document ${payload.fn_number}/${payload.fiscal_document_number}, received ${String(document.receivedAt ?? '')} (${elapsed()})`,
  );
  say(
    `              ${operator.defaults.baseURL}/receipt/${payload.fn_number}/${payload.fiscal_document_number}`,
  );

  const repeat = await api.post('/possystem/v5/demo-v5/sell', body, { headers: { Token: login.data.token } });
  say(
    `5. repeat     of the same external_id: HTTP ${repeat.status}, code ${repeat.data.error?.code}, uuid ${repeat.data.uuid === uuid ? 'the same' : 'ANOTHER'}`,
  );
}

async function main(): Promise<void> {
  const settings = loadSettings('tool');
  const client = (port: number) =>
    axios.create({ baseURL: `http://127.0.0.1:${port}`, timeout: 10_000, validateStatus: () => true });
  await follow(client(settings.receiptApiPort), client(settings.ofdPortalPort));
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const refused = (error as { code?: string } | null)?.code === 'ECONNREFUSED';
  process.stderr.write(
    refused ? 'The farm does not answer. Start it with `npm start` and try again.\n' : `${text}\n`,
  );
  process.exitCode = 1;
});
