// Sentences in which elements stand.
import { createElement, Fragment, type ReactNode } from 'react';
import { fill } from './texts';

/**
 * A text whose tags become elements: `rich('Press <b>Train</b>', { b: (inside) => <b>{inside}</b> })`. Placeholders are as in `t`;
 * a value that is an element is named by an empty tag, `<mark></mark>`.
 */
export function rich(
  text: string,
  values: Readonly<Record<string, string | number | ((inside: ReactNode) => ReactNode)>>,
): ReactNode {
  const wrapped = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'function' ? (inside: ReactNode[]) => value(spread(inside)) : value,
  ]);
  const found = fill<ReactNode>(text, Object.fromEntries(wrapped));
  return Array.isArray(found) ? spread(found) : found;
}

/** As children that need no keys. */
const spread = (nodes: ReactNode[]) =>
  nodes.length === 1 ? nodes[0] : createElement(Fragment, null, ...nodes);
