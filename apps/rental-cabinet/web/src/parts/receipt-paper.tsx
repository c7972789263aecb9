import type { PaperView } from '@kkt/web-contract';
import { formatsOf, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { texts } from '../texts';

/** A receipt is a Russian document in any language of the cabinet; words as FFD prints them. */
const signs = { 1: 'ПРИХОД', 2: 'ВОЗВРАТ ПРИХОДА', 3: 'РАСХОД', 4: 'ВОЗВРАТ РАСХОДА' } as const;
const formats = formatsOf('ru');

const payments = [
  ['cashKop', 'НАЛИЧНЫМИ'],
  ['ecashKop', 'БЕЗНАЛИЧНЫМИ'],
  ['prepaidKop', 'ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)'],
  ['creditKop', 'ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)'],
  ['provisionKop', 'ИНАЯ ФОРМА ОПЛАТЫ'],
] as const;

const Line = ({ name, children }: { name: string; children: ReactNode }): ReactNode =>
  children === null || children === '' ? null : (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );

/** The receipt as the buyer sees it, with its QR code (tag 1196). */
export function ReceiptPaper({ paper, qrUrl }: { paper: PaperView; qrUrl: string }): ReactNode {
  const say = useTexts(texts);
  return (
    <article className="cabinet-paper" lang="ru">
      <h2>{paper.userName}</h2>
      <div className="cabinet-centre">{paper.address}</div>
      <div className="cabinet-centre">ИНН {paper.inn}</div>
      <hr />
      <h2>{paper.correction ? 'КАССОВЫЙ ЧЕК КОРРЕКЦИИ' : 'КАССОВЫЙ ЧЕК'}</h2>
      <div className="cabinet-centre">{signs[paper.sign]}</div>
      {paper.correction && (
        <dl>
          <Line name="ОСНОВАНИЕ">
            {[paper.correction.type, formats.local(paper.correction.date), paper.correction.number]
              .filter(Boolean)
              .join(', ')}
          </Line>
        </dl>
      )}
      <hr />
      {paper.items.map((item, index) => (
        <div className="cabinet-item" key={index}>
          <div>
            {item.name} {item.isMarked && '[М]'}
          </div>
          <div className="cabinet-item-line">
            <span>
              {formats.quantity(item.quantityMicro)} {item.unit?.toLowerCase() ?? ''} ×{' '}
              {formats.sum(item.priceKop)}
            </span>
            <strong>= {formats.sum(item.sumKop)}</strong>
          </div>
          {item.vat !== null && (
            <div className="cabinet-item-line">
              <span>{item.vat}</span>
              {item.vatSumKop !== null && <span>{formats.sum(item.vatSumKop)}</span>}
            </div>
          )}
        </div>
      ))}
      <hr />
      <div className="cabinet-total">
        <span>ИТОГ</span>
        <span>{formats.money(paper.totalKop)}</span>
      </div>
      <dl>
        {payments.map(([key, name]) =>
          paper.payments[key] === 0 ? null : (
            <Line key={key} name={name}>
              {formats.sum(paper.payments[key])}
            </Line>
          ),
        )}
        {paper.vatTotals.map((vat) => (
          <Line key={vat.name} name={`СУММА ${vat.name}`}>
            {formats.sum(vat.sumKop)}
          </Line>
        ))}
      </dl>
      <hr />
      <dl>
        <Line name="СНО">{paper.taxSystem}</Line>
        <Line name="КАССИР">{paper.cashier}</Line>
        <Line name="МЕСТО РАСЧЁТОВ">{paper.place}</Line>
        <Line name="ЭЛ. АДР. ПОКУПАТЕЛЯ">{paper.buyerContact}</Line>
        <Line name="ЭЛ. АДР. ОТПРАВИТЕЛЯ">{paper.senderEmail}</Line>
        <Line name="САЙТ ФНС">{paper.fnsSite}</Line>
        <Line name="ДАТА И ВРЕМЯ">{formats.local(paper.at)}</Line>
        <Line name="СМЕНА / ЧЕК">
          {paper.shiftNumber} / {paper.receiptNumber}
        </Line>
        <Line name="РН ККТ">{paper.rnm}</Line>
        <Line name="№ ФН">{paper.fnNumber}</Line>
        <Line name="№ ФД">{paper.fdNumber}</Line>
        <Line name="ФПД">{paper.fiscalSign}</Line>
        <Line name="ФФД">{paper.ffd}</Line>
      </dl>
      <img src={qrUrl} alt={say('paper.qr')} width={176} height={176} />
    </article>
  );
}
