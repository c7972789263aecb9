import { Button } from '@mantine/core';
import type { TagView } from '@kkt/web-contract';
import { type ReactNode, useState } from 'react';
import type { Formats } from '../format/formats';
import { useFormats, useLanguage, useTexts } from '../i18n/language';
import type { Language, Say } from '../i18n/texts';
import { kitTexts } from '../texts';

interface Row {
  depth: number;
  path: string;
  view: TagView;
}

const flatten = (tags: readonly TagView[], depth = 0, path = ''): Row[] =>
  tags.flatMap((view, index) => [
    { depth, path: `${path}${index}`, view },
    ...flatten(view.inside ?? [], depth + 1, `${path}${index}.`),
  ]);

/** Abbreviations of the trade that stay in capitals when a printed name in capitals becomes a sentence. */
const abbreviations = new Set(
  'ФН ФД ФП ФПД ФПС ККТ ИНН ФФД НДС ОФД БСО РН ЗН ФНС СНО УСН ОСН ЕСХН ПСН ЕНВД ОКВЭД КИЗ КМ ЭП ОИСМ FN FD FP KKT INN FFD VAT OFD RNM FNS QR URL'.split(
    ' ',
  ),
);

/** Printed names are in capitals; people read sentences. */
function sentence(text: string): string {
  const words = text.split(/(\s+|[(),.;:/-])/).map((word) => {
    if (abbreviations.has(word.toUpperCase())) return word.toUpperCase();
    return word === word.toUpperCase() ? word.toLowerCase() : word;
  });
  const joined = words.join('');
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}

function valueText(view: TagView, language: Language, formats: Formats, say: Say<'yes' | 'no'>): string {
  const { kind, value } = view;
  switch (kind) {
    case 'group':
      return '';
    case 'money':
      return formats.money(Number(value));
    case 'quantity':
      return formats.quantity(Number(value));
    case 'time':
      return formats.local(String(value));
    case 'flag':
      return say(value === true ? 'yes' : 'no');
    case 'choice': {
      const names = (view.choices ?? []).map((choice) => sentence(choice[language]));
      return names.length === 0 ? String(value) : `${value} — ${names.join(', ')}`;
    }
    case 'text':
    case 'number':
    case 'bytes':
      return String(value ?? '');
  }
}

/** Every requisite of a document: tag, name, value; the bytes on demand. */
export function DocumentTlvViewer({ tags }: { tags: readonly TagView[] }): ReactNode {
  const say = useTexts(kitTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const [isHexShown, setHexShown] = useState(false);
  return (
    <>
      <div className="kit-table-box" role="region" aria-label={say('tlv.caption')} tabIndex={0}>
        <table className="kit-table kit-tags">
          <caption className="kit-hidden">{say('tlv.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{say('tlv.tag')}</th>
              <th scope="col">{say('tlv.name')}</th>
              <th scope="col">{say('tlv.value')}</th>
            </tr>
          </thead>
          <tbody>
            {flatten(tags).map(({ depth, path, view }) => (
              <tr key={path}>
                <td>{view.tag}</td>
                <td
                  style={{
                    paddingLeft: `${0.75 + depth * 1.25}rem`,
                    fontWeight: view.kind === 'group' ? 600 : undefined,
                  }}
                >
                  {sentence(view[language]) || say('tlv.unknown')}
                </td>
                <td>
                  <span
                    className={view.kind === 'bytes' ? 'kit-mono' : undefined}
                    style={{ overflowWrap: 'anywhere' }}
                  >
                    {valueText(view, language, formats, say)}
                  </span>
                  {isHexShown && view.hex !== undefined && (
                    <span className="kit-hex">{view.hex.replace(/(..)(?=.)/g, '$1 ')}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="kit-table-foot">
        <Button size="xs" variant="subtle" aria-pressed={isHexShown} onClick={() => setHexShown(!isHexShown)}>
          {isHexShown ? say('tlv.hideHex') : say('tlv.showHex')}
        </Button>
      </div>
    </>
  );
}

/** Name of a document form, or its code. */
export function useFormName(): (form: number) => string {
  const say = useTexts(kitTexts);
  return (form) => say.maybe(`form.${form}`, say('form.other', { form }));
}
