import type { SignatureChecksView } from '@kkt/web-contract';
import type { ReactNode } from 'react';
import { useFormats, useTexts } from '../i18n/language';
import { defineTexts } from '../i18n/texts';
import { Shape } from './state-badge';

const texts = defineTexts({
  ru: {
    'digest.matches': 'отпечаток этого файла совпал: {algorithm}',
    'digest.other_algorithm': 'отпечаток не сверен: алгоритм {algorithm} здесь неизвестен',
    'mathematics.checked': 'подпись сошлась с ключом сертификата',
    'mathematics.not_checked': 'математика подписи не проверена: это делает сертифицированное средство',
    certificate: 'сертификат: ИНН {inns}, действует с {from} по {to}',
    trust: 'доверие к удостоверяющему центру и отзыв сертификата не проверялись',
    streebog256: 'ГОСТ Р 34.11-2012, 256 бит',
    streebog512: 'ГОСТ Р 34.11-2012, 512 бит',
  },
  en: {
    'digest.matches': 'the digest of this file matches: {algorithm}',
    'digest.other_algorithm': 'the digest was not compared: the algorithm {algorithm} is not known here',
    'mathematics.checked': 'the signature fits the certificate’s key',
    'mathematics.not_checked': 'the signature’s mathematics was not checked: a certified means does that',
    certificate: 'certificate: INN {inns}, valid from {from} to {to}',
    trust: 'trust in the certification authority and revocation were not checked',
    streebog256: 'GOST R 34.11-2012, 256 bits',
    streebog512: 'GOST R 34.11-2012, 512 bits',
  },
});

/** What was checked of a detached signature, and plainly what was not. */
export function SignatureChecks({ checks }: { checks: SignatureChecksView }): ReactNode {
  const say = useTexts(texts);
  const formats = useFormats();
  const { algorithm, digest, mathematics, inns, validFrom, validTo } = checks;
  const name = say.maybe(algorithm, algorithm.toUpperCase());
  return (
    <ul className="kit-checks">
      <li>
        <Shape
          tone={digest === 'matches' ? 'good' : 'warn'}
          shape={digest === 'matches' ? 'circle' : 'triangle'}
        />{' '}
        {say(`digest.${digest}`, { algorithm: name })}
      </li>
      <li>
        <Shape
          tone={mathematics === 'checked' ? 'good' : 'warn'}
          shape={mathematics === 'checked' ? 'circle' : 'triangle'}
        />{' '}
        {say(`mathematics.${mathematics}`)}
      </li>
      <li>
        {say('certificate', {
          inns: inns.join(', '),
          from: formats.date(validFrom),
          to: formats.date(validTo),
        })}
      </li>
      <li>{say('trust')}</li>
    </ul>
  );
}
