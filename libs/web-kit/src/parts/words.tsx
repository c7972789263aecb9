import { useTexts } from '../i18n/language';
import { kitTexts } from '../texts';

/** Machine words of the farm in people's words. */
export interface Words {
  /** Why a register or a receipt waits; several reasons are divided by commas. */
  problem(code: string | null): string;
  /** Why an operator has not confirmed a document, a word of the relay. */
  cause(code: string): string;
  /** What a person can do about it. */
  causeTodo(code: string): string;
  operation(name: string): string;
}

export function useWords(): Words {
  const say = useTexts(kitTexts);
  return {
    cause: (code) => say.maybe(`cause.${code}`, code),
    causeTodo: (code) => say.maybe(`cause.${code}.todo`, ''),
    problem: (code) =>
      (code ?? '')
        .split(',')
        .filter((part) => part !== '')
        .map((part) => say.maybe(`problem.${part}`, part))
        .join(', '),
    operation: (name) => say.maybe(`operation.${name}`, name),
  };
}
