// The bars that add up: one box a step, one bar a channel (or a few), and the number that the readout says.
import type { ReactNode } from 'react';
import type { Inside, InsideCell, InsideGrids } from '../../engine/api/types';
import { formatScore } from '../controls/format';
import { useApp } from '../shell/store';
import { binned, gridSum, norm, similarityAt, type GridSum } from './sum';
import { rich } from '../languages/rich';
import { t } from '../languages/texts';

/** Bars a box has room for. */
const MOST_BARS = 64;

export function SumStrip({ seen, sum }: { seen: Inside & { grids: InsideGrids }; sum: InsideCell }) {
  const refine = useApp((state) => state.params.refine);
  const { grids } = seen;
  const found = gridSum(sum, grids, refine, similarityAt(seen, sum.cell));
  if (!found) return <AbnormalSum seen={seen} sum={sum} />;
  const { phi, normal, added, pre, rec, left } = found;
  const most = largest(phi, normal, added, pre, rec);
  const weight = grids.fusion ? grids.fusion.value.toFixed(2).replace('-', '−') : '';
  const lambda = grids.fusion?.kind === 'lambda';
  return (
    <Strip seen={seen} cell={sum.cell} channels={phi.length}>
      <Box symbol="φ" words={t('the features')} bars={phi} most={most} />
      <Box
        symbol="xₙ"
        words={t('normal rebuilds')}
        bars={normal!}
        most={most}
        number={`|xₙ − φ| = ${formatScore(found.normalDistance!)}`}
      />
      {added && (
        <Box
          symbol={lambda ? '(1 − λ)·xₐ' : '+ w·xₐ'}
          words={t('abnormal, {what} {weight}', { what: lambda ? 'λ' : 'w', weight })}
          bars={added}
          most={most}
          number={t('channel 0: {value}', { value: formatScore(sum.vectors.abnormal![0]!) })}
        />
      )}
      <Box
        symbol="= x_pre"
        words={added ? t('both together') : t('rebuilt')}
        bars={pre}
        most={most}
        number={`|x_pre − φ| = ${formatScore(found.preDistance)}`}
      />
      <Similarity found={found} refine={refine} />
      <Box symbol="x_rec" words={t('drawn to φ by sim')} bars={rec} most={most} />
      <Box
        symbol="x_rec − φ"
        words={t('what is left')}
        bars={left}
        most={largest(left)}
        number={t('distance = {value}', { value: formatScore(found.distance) })}
        strong
      />
      <li className="sum-line">
        {refine ? (
          <>
            {t('distance = (1 − {similarity}) · {preDistance} =', {
              similarity: formatScore(found.similarity),
              preDistance: formatScore(found.preDistance),
            })}{' '}
            <strong>{formatScore(found.distance)}</strong>
          </>
        ) : (
          <>
            {t('no refinement: distance = |x_pre − φ| =')} <strong>{formatScore(found.distance)}</strong>
          </>
        )}
        <span className="muted">
          {' '}
          {t('in this pixel.')}{' '}
          {differs(sum.value, found.distance) &&
            t('With what the abnormal branch says the map is {value} there. ', {
              value: formatScore(sum.value!),
            })}
          {t('The readout’s fused value is enlarged and smoothed over its neighbours.')}
        </span>
      </li>
    </Strip>
  );
}

function AbnormalSum({ seen, sum }: { seen: Inside; sum: InsideCell }) {
  const { phi, abnormal } = sum.vectors;
  return (
    <Strip seen={seen} cell={sum.cell} channels={phi.length}>
      <Box symbol="φ" words={t('the features')} bars={[...phi]} most={largest([...phi])} />
      <Box
        symbol="xₐ"
        words={t('abnormal says')}
        bars={[...abnormal!]}
        most={largest([...abnormal!])}
        number={t('channel 0 = {value}', { value: formatScore(abnormal![0]!) })}
        strong
      />
      <li className="sum-line">
        {rich('The map is channel 0: <b>{abnormal}</b>, positive where it looks pasted.', {
          abnormal: formatScore(abnormal![0]!),
          b: (inside) => <strong>{inside}</strong>,
        })}
      </li>
    </Strip>
  );
}

/** The bars of a method that compares two things. */
export function ComparisonSum({
  seen,
  sum,
  names,
}: {
  seen: Inside;
  sum: InsideCell;
  names: [string, string];
}) {
  const { phi, seen: looked, expected } = sum.vectors;
  const [first, second] = [[...(looked ?? phi)], expected ? [...expected] : null];
  const most = largest(first, second);
  const left = second && first.map((value, i) => second[i]! - value);
  return (
    <Strip seen={seen} cell={sum.cell} channels={first.length}>
      <Box symbol="φ" words={names[0]} bars={first} most={most} />
      {second && <Box symbol="x" words={names[1]} bars={second} most={most} />}
      {left && (
        <Box
          symbol="x − φ"
          words={t('what differs')}
          bars={left}
          most={largest(left)}
          number={`|x − φ| = ${formatScore(norm(left))}`}
        />
      )}
      {sum.value !== null && (
        <li className="sum-line">
          {rich('The method’s map says <b>{value}</b> in this pixel, before it is enlarged and smoothed.', {
            value: formatScore(sum.value),
            b: (inside) => <strong>{inside}</strong>,
          })}
        </li>
      )}
    </Strip>
  );
}

function Strip({
  seen: { width },
  cell,
  channels,
  children,
}: {
  seen: Inside;
  cell: number;
  channels: number;
  children: ReactNode;
}) {
  const { each } = binned(new Array<number>(channels).fill(0), MOST_BARS);
  return (
    <section className="inside-sum" style={{ gridArea: 'sum' }} aria-labelledby="inside-sum-title">
      <h2 id="inside-sum-title" className="panel-title">
        {t('Pixel, row {cell}, column {cell2}', {
          cell: Math.floor(cell / width) + 1,
          cell2: (cell % width) + 1,
        })}
        <span className="muted small">
          {' '}
          {each > 1
            ? t('one bar: {each} of {channels} channels', { each, channels })
            : t('one bar a channel, {channels} of them', { channels })}
        </span>
      </h2>
      <ol>{children}</ol>
    </section>
  );
}

interface BoxProps {
  symbol: string;
  words: string;
  bars: readonly number[];
  most: number;
  number?: string;
  strong?: boolean;
}

const HEIGHT = 40;

function Box({ symbol, words, bars, most, number, strong = false }: BoxProps) {
  const { bars: shown } = binned(bars, MOST_BARS);
  const scale = HEIGHT / 2 / (most || 1);
  const d = shown
    .map((value, i) => `M${i + 0.15} ${HEIGHT / 2}h.7v${(-value * scale).toFixed(2)}h-.7z`)
    .join('');
  return (
    <li className={strong ? 'strong' : ''}>
      <span className="formula">{symbol}</span>
      <span className="small muted words">{words}</span>
      <svg viewBox={`0 0 ${shown.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path className="zero" d={`M0 ${HEIGHT / 2}H${shown.length}`} />
        <path className="bars" d={d} />
      </svg>
      <span className="number">{number ?? ' '}</span>
    </li>
  );
}

/** Whether the map is more than the distance. */
const differs = (value: number | null, distance: number): boolean =>
  value !== null && Math.abs(value - distance) > 1e-3 + 0.01 * Math.abs(distance);

/** Where the abnormal branch has its say in the likeness, the two parts alone do not add up to it. */
function likenessText({ cosine, near, similarity }: GridSum, refine: boolean): string {
  if (!refine) return t('refinement is off');
  const whole = similarity.toFixed(2);
  if (Math.abs(0.3 * near + 0.7 * cosine - similarity) > 0.02) return t('gated by xₐ: {whole}', { whole });
  return `${(0.3 * near).toFixed(1)} + ${(0.7 * cosine).toFixed(2)} = ${whole}`;
}

/** 0.3 i + 0.7 c as a bar of two parts. */
function Similarity({ found, refine }: { found: GridSum; refine: boolean }) {
  const { cosine, near } = found;
  const ofCosine = Math.max(0, 0.7 * cosine);
  return (
    <li>
      <span className="formula">sim</span>
      <span className="small muted words">0.3·i + 0.7·cos</span>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
        <rect className="share-ground" x={0} y={0.3} width={1} height={0.4} />
        <rect className="share-near" x={0} y={0.3} width={0.3 * near} height={0.4} />
        <rect className="share-cosine" x={0.3 * near} y={0.3} width={refine ? ofCosine : 0} height={0.4} />
      </svg>
      <span className="number">{likenessText(found, refine)}</span>
    </li>
  );
}

const largest = (...vectors: (readonly number[] | null)[]): number =>
  vectors.reduce(
    (most, vector) => (vector ?? []).reduce((max, value) => Math.max(max, Math.abs(value)), most),
    0,
  );
