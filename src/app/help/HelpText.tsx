// The inside of an explanation: name and symbol, two sentences, formula, source.
import { useEffect, useRef } from 'react';
import { EXPLANATIONS } from '../../lib/methods/explanations';
import { PARAMS, type ParamName } from '../../settings/table';
import { specOf } from '../../settings/values';
import { useApp } from '../shell/store';
import { TEXTS } from './texts';
import type { Topic } from './topics';
import { msg, said, t } from '../languages/texts';

const TITLES: Partial<Record<Topic, string>> = {
  pasting: msg('Paste a block'),
  fusionValue: msg('Fusion'),
  threshold: msg('Threshold'),
  score: msg('Score'),
  histogram: msg('Scores of all images'),
  imageAuroc: msg('Image AUROC'),
  pixelAuroc: msg('Pixel AUROC'),
  trainImages: msg('Training images'),
  testImages: msg('Test images'),
  stages: msg('Two stages'),
  privacy: msg('Nothing leaves this page'),
  lesson: msg('Lesson'),
  adapter: msg('Graphics adapter'),
  comparison: msg('Comparison'),
  comparedMethods: msg('Compared methods'),
  comparedSeeds: msg('Seeds of a comparison'),
  pairedDifference: msg('Ahead of the first row'),
  averagePrecision: msg('Average precision'),
  aupro: 'AUPRO',
  f1Max: 'F1-max',
  syntheticAuroc: msg('AUROC of pasted blocks'),
  curves: msg('Curves'),
  detectability: msg('Detectability'),
  lineSource: msg('Where the threshold comes from'),
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
  const about =
    topic === 'trainImages' && set.sentence
      ? t('In {title}: {sentence}', { title: t(set.title), sentence: t(set.sentence) })
      : '';
  const method = useApp((state) => state.params.method);
  const { text, formula, source } = (topic === 'method' ? EXPLANATIONS[method] : TEXTS[topic]) ?? {};
  const option = PARAMS.method.options.find(({ value }) => value === method);
  const title = topic === 'method' ? option!.label : (spec?.label ?? TITLES[topic] ?? topic);
  return (
    <div ref={node}>
      <h3>
        {t(title)}
        {spec?.term && <span className="muted">, {t(spec.term).replace('_', ' ')}</span>}
      </h3>
      <p>
        {[topic === 'method' ? '' : spec?.help, text]
          .filter((words) => !!words)
          .map((words) => t(words!))
          .join(t(' '))}
      </p>
      {about && <p className="about">{about}</p>}
      {formula && <p className="formula">{t(formula)}</p>}
      {source && <p className="source">{said(source)}</p>}
    </div>
  );
}
