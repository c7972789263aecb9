import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTexts } from '../i18n/language';
import { kitTexts } from '../texts';

/** Text for machines, with a button that copies it. */
export function CodeBlock({ text, label }: { text: string; label: string }): ReactNode {
  const say = useTexts(kitTexts);
  const [isCopied, setCopied] = useState(false);
  return (
    <div>
      <pre className="kit-code" tabIndex={0} aria-label={label}>
        {text}
      </pre>
      <Button
        mt="xs"
        size="xs"
        variant="default"
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        {isCopied ? say('copy.done') : say('copy.do')}
      </Button>
    </div>
  );
}

/** A value as JSON. */
export const JsonBlock = ({ value, label }: { value: unknown; label: string }): ReactNode => (
  <CodeBlock text={JSON.stringify(value, null, 2)} label={label} />
);
