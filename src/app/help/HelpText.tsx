// The inside of an explanation: name and symbol, two sentences, formula, source.
import { useEffect, useRef } from 'react';
import { EXPLANATIONS } from '../../lib/methods/explanations';
import { PARAMS, type ParamName } from '../../settings/table';
import { specOf } from '../../settings/values';
import { useApp } from '../shell/store';
import { TEXTS } from './texts';
import type { Topic } from './topics';

const TITLES: Partial<Record<Topic, string>> = {
  pasting: 'Paste a block',
  fusionValue: 'Fusion',
  threshold: 'Threshold',
  score: 'Score',
  histogram: 'Scores of all images',
  imageAuroc: 'Image AUROC',
  pixelAuroc: 'Pixel AUROC',
  trainImages: 'Training images',
  testImages: 'Test images',
  stages: 'Two stages',
  privacy: 'Nothing leaves this page',
  lesson: 'Lesson',
  adapter: 'Graphics adapter',
  comparison: 'Comparison',
  comparedMethods: 'Compared methods',
  comparedSeeds: 'Seeds of a comparison',
  pairedDifference: 'Ahead of the first row',
  averagePrecision: 'Average precision',
  aupro: 'AUPRO',
  f1Max: 'F1-max',
  syntheticAuroc: 'AUROC of pasted blocks',
  curves: 'Curves',
  detectability: 'Detectability',
  lineSource: 'Where the threshold comes from',
};

const isParam = (topic: Topic): topic is ParamName => topic in PARAMS;

interface Props {
  topic: Topic;
  /** Called with the words in place, whose height is known only then. */
  onReady: (node: HTMLElement) => void;
}

export default function HelpText({ topic, onReady }: Props) {
  const node = useRef<HTMLDivElement>(null);
  useEffect(() => onReady(node.current!), [onReady]);
  const spec = isParam(topic) ? specOf(topic) : null;
  const set = useApp((state) => state.data.set);
  const about = topic === 'trainImages' && set.sentence ? `In ${set.title}: ${set.sentence}` : '';
  const method = useApp((state) => state.params.method);
  const { text, formula, source } = (topic === 'method' ? EXPLANATIONS[method] : TEXTS[topic]) ?? {};
  const option = PARAMS.method.options.find(({ value }) => value === method);
  const title = topic === 'method' ? option!.label : (spec?.label ?? TITLES[topic] ?? topic);
  return (
    <div ref={node}>
      <h3>
        {title}
        {spec?.term && <span className="muted">, {spec.term.replace('_', ' ')}</span>}
      </h3>
      <p>{topic === 'method' ? text : [spec?.help, text].filter(Boolean).join(' ')}</p>
      {about && <p className="about">{about}</p>}
      {formula && <p className="formula">{formula}</p>}
      {source && <p className="source">{source}</p>}
    </div>
  );
}
