// ICU messages as the formatter takes them. The library's own compiler is fifteen times as large as the formatter: here is
// what the page's texts use of the grammar ({name}, number, plural, select, #, <tags>). A test holds both to the same result.
import type { CompiledMessage } from 'icu-minify/format';

// The formatter's own numbers for kinds of nodes.
const POUND = 0;
const KINDS: Readonly<Record<string, number>> = { select: 1, plural: 2, selectordinal: 3, number: 4 };

type Node = string | number | unknown[];

/** @throws {SyntaxError} where the message is not of this grammar */
export function compile(message: string): CompiledMessage {
  let at = 0;

  /** Nodes up to the end, an unmatched brace or a closing tag. */
  function nodes(inPlural: boolean): Node[] {
    const found: Node[] = [];
    while (at < message.length && message[at] !== '}' && !message.startsWith('</', at)) {
      const letter = message[at]!;
      if (letter === '{') found.push(argument());
      else if (letter === '<' && /[a-z]/.test(message[at + 1] ?? '')) found.push(tag(inPlural));
      else if (letter === '#' && inPlural) {
        found.push(POUND);
        at++;
      } else if (typeof found.at(-1) === 'string') {
        found[found.length - 1] += letter;
        at++;
      } else {
        found.push(letter);
        at++;
      }
    }
    return found;
  }

  function argument(): Node {
    const [, name, kind] = take(/\{\s*(\w+)\s*(?:,\s*(\w+)\s*)?/y);
    if (kind === undefined || kind === 'number') {
      take(/\}/y);
      return kind === undefined ? [name] : [name, KINDS.number];
    }
    if (!(kind in KINDS)) throw new SyntaxError(`No argument of kind ${kind}: ${message}`);
    take(/,\s*/y);
    const branches: Record<string, unknown> = Object.create(null);
    while (message[at] !== '}') {
      const [, key] = take(/(=\d+|\w+)\s*\{/y);
      branches[key!] = branch(nodes(kind !== 'select'));
      take(/\}\s*/y);
    }
    at++;
    return [name, KINDS[kind], branches];
  }

  function tag(inPlural: boolean): Node {
    const [, name] = take(/<(\w+)>/y);
    const inside = nodes(inPlural);
    take(new RegExp(`</${name}>`, 'y'));
    return [name, ...(inside.length > 0 ? inside : [''])];
  }

  function take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = at;
    const match = pattern.exec(message);
    if (!match) throw new SyntaxError(`Unreadable at ${at}: ${message}`);
    at = pattern.lastIndex;
    return match;
  }

  const found = nodes(false);
  if (at < message.length) throw new SyntaxError(`Unreadable at ${at}: ${message}`);
  return (found.length === 1 && typeof found[0] === 'string' ? found[0] : found) as CompiledMessage;
}

/** A branch that is one word or the number stands without a list around it. */
const branch = (found: Node[]) =>
  found.length === 0 ? '' : found.length === 1 && !Array.isArray(found[0]) ? found[0] : found;
