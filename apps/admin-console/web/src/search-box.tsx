import { ActionIcon, TextInput } from '@mantine/core';
import { Icon, useRouting, useTexts } from '@kkt/web-kit';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { links } from './links';
import { texts } from './texts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Search by any number, at `/` from anywhere; on a phone a button that leads to its page. */
export function SearchBox(): ReactNode {
  const say = useTexts(texts);
  const { go } = useRouting();
  const [text, setText] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event.target) || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (field.current?.offsetParent) field.current.focus();
      else go('/search');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go]);
  return (
    <>
      <form
        role="search"
        className="console-search"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') go(links.search(text.trim()));
        }}
      >
        <TextInput
          ref={field}
          aria-label={say('search.label')}
          placeholder={say('search.placeholder')}
          leftSection={<Icon name="search" size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </form>
      <ActionIcon
        className="console-search-button"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={say('search.title')}
        onClick={() => go('/search')}
      >
        <Icon name="search" />
      </ActionIcon>
    </>
  );
}
