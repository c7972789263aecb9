import type { Page } from 'playwright-core';

/** Makes a register of the client's own when there is none, so that its page can be opened. */
export async function haveExternalRegister(page: Page, base: string): Promise<void> {
  const headers = { 'x-kkt-web': '1' };
  const list = await page.request.get(`${base}/api/external-registers`, { headers });
  const { registers } = (await list.json()) as { registers: { id: string }[] };
  if (registers.length > 0) return;
  const made = await page.request.post(`${base}/api/external-registers`, {
    headers,
    data: {
      nodeId: null,
      name: 'Касса у входа',
      model: 'АТОЛ 30Ф',
      serial: '00106900000999',
      rnm: null,
      address: 'г. Москва, ул. Лесная, д. 1',
      fnNumber: '9999078900001234',
      fnValidUntil: new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10),
      operatorName: 'ПК ОФД',
      operatorPaidUntil: new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10),
      note: 'Стоит в зале, ключ у администратора',
    },
  });
  const { id } = (await made.json()) as { id: string };
  await page.request.post(`${base}/api/external-registers/${id}/documents`, {
    headers,
    data: {
      text: 'ФД;ФП;дата;сумма;признак\n41;123456789;27.11.2026 10:00;1 250,50;приход\n42;987654321;27.11.2026 11:20;250,50;возврат прихода',
    },
  });
}
