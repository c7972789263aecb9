import type { AcquirerOrder } from './emulated-acquirer';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const roubles = (kop: number): string =>
  new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' }).format(kop / 100);

const style = `
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:#eef1f5;color:#1c2430;font:16px/1.5 system-ui,sans-serif}
main{width:min(26rem,calc(100vw - 2rem));background:#fff;border-radius:.75rem;padding:1.5rem;box-shadow:0 1px 8px #0002}
h1{margin:0 0 .25rem;font-size:1.25rem}p{margin:.25rem 0}.sum{font-size:1.75rem;font-weight:700}.soft{color:#5a6676;font-size:.875rem}
form{display:grid;gap:.625rem;margin-top:1.25rem}button{font:inherit;padding:.75rem;border-radius:.5rem;border:1px solid #b8c0cc;background:#fff;color:#1c2430;cursor:pointer}
button[value=pay]{background:#0b5cad;border-color:#0b5cad;color:#fff;font-weight:600}
@media(prefers-color-scheme:dark){body{background:#14181e;color:#e6eaf0}main,button{background:#1c222b;color:#e6eaf0}.soft{color:#a3afbf}}`;

/** Where a payer agrees or not. No card is asked for: there is no money behind it. */
export function payPage({ amount, description, status, returnUrl, orderNumber }: AcquirerOrder): string {
  const decided =
    status === 0
      ? `<form method="post"><button name="decision" value="pay">Оплатить · Pay</button><button name="decision" value="decline">Отказаться · Decline</button></form>`
      : `<p><strong>${status === 2 ? 'Оплачено · Paid' : 'Отклонено · Declined'}</strong></p><p><a href="${escaped(returnUrl)}">Вернуться в магазин · Back to the shop</a></p>`;
  return `<!doctype html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Эмулированный банк</title><style>${style}</style></head><body><main><h1>Эмулированный банк · Emulated bank</h1><p class="soft">Настоящих денег здесь нет, карта не нужна. · No real money, no card needed.</p><p class="sum">${roubles(amount)}</p><p>${escaped(description)}</p><p class="soft">№ ${escaped(orderNumber)}</p>${decided}</main></body></html>`;
}
