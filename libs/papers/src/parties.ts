import type { Content } from 'pdfmake/interfaces';

/** Who issues a paper. */
export interface Seller {
  name: string;
  inn: string;
  kpp: string;
  ogrn: string;
  address: string;
  bankName: string;
  bik: string;
  account: string;
  correspondentAccount: string;
  headPost: string;
  headName: string;
}

/** Whom a paper is for; what is not known yet is left out. */
export interface Buyer {
  name: string;
  inn: string;
  kpp: string | null;
  ogrn: string | null;
  address: string | null;
  bankName: string | null;
  bik: string | null;
  account: string | null;
  headPost: string | null;
  headName: string | null;
  actsOn: string | null;
}

const joined = (parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(', ');

export const sellerLine = ({ name, inn, kpp, address }: Seller): string =>
  joined([name, `ИНН ${inn}`, `КПП ${kpp}`, address]);

export const buyerLine = ({ name, inn, kpp, address }: Buyer): string =>
  joined([name, `ИНН ${inn}`, kpp && `КПП ${kpp}`, address]);

/** Lines of requisites for the end of a contract. */
export const requisitesOf = (party: Seller | Buyer): string[] =>
  [
    party.name,
    `ИНН ${party.inn}`,
    party.kpp && `КПП ${party.kpp}`,
    party.ogrn && `ОГРН ${party.ogrn}`,
    party.address,
    party.account && `Р/с ${party.account}`,
    party.bankName,
    party.bik && `БИК ${party.bik}`,
    'correspondentAccount' in party ? `К/с ${party.correspondentAccount}` : null,
  ].filter((line): line is string => line !== null && line !== '');

/** Places for two signatures, side by side. */
export const signatures = (seller: Seller, buyer: Buyer): Content => ({
  columns: [side('Исполнитель', seller), side('Заказчик', buyer)],
  columnGap: 24,
  margin: [0, 24, 0, 0],
  unbreakable: true,
});

const side = (title: string, { name, headPost, headName }: Seller | Buyer): Content => ({
  stack: [
    { text: title, bold: true },
    { text: name },
    { text: headPost ?? '', margin: [0, 6, 0, 14] },
    { text: `________________ / ${headName ?? ''} /` },
  ],
});
