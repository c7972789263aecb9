import { PageHead, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';
import { links } from '../../links';
import { texts } from '../../texts';
import { OperatorMoves } from '../operator/moves';
import { Applications } from './applications';
import { Drives } from './drives';
import { Renewals } from './renewals';
import { fnTexts } from './texts';
import { Works } from './works';

/** C7: fiscal drives that end, work under way, applications, drives outside of registers. */
export function FnScreen(): ReactNode {
  const say = useTexts(fnTexts);
  const own = useTexts(texts);
  return (
    <>
      <PageHead title={say('title')} crumbs={[{ title: own('nav.registers'), href: links.registers() }]} />
      <Renewals />
      <Works />
      <OperatorMoves />
      <Applications />
      <Drives />
    </>
  );
}
