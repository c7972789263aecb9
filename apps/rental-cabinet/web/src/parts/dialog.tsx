import { Modal } from '@mantine/core';
import { kitTexts, useTexts } from '@kkt/web-kit';
import type { ReactNode } from 'react';

/** A window with one form. */
export function Dialog(props: { title: string; onClose(): void; children: ReactNode }): ReactNode {
  const kit = useTexts(kitTexts);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.title}
      centered
      closeButtonProps={{ 'aria-label': kit('dialog.close') }}
    >
      {props.children}
    </Modal>
  );
}
