// Beside the block in the features a fault in the pixels: drawn into the picture where the block lies, its features computed
// anew, and both scores side by side.
import { useEffect, useRef, useState, type RefObject } from 'react';
import { NewestWins } from '../../engine/answers/newestWins';
import type { FrameScore } from '../../engine/api/types';
import { scoringOf } from '../../settings/scoring';
import { paintTile, TILE } from '../compare/paintTile';
import { formatScore } from '../controls/format';
import { Segmented } from '../controls/Segmented';
import { usePicture } from '../images/usePicture';
import { engine } from '../shell/engineLink';
import { toReport } from '../../lib/errors';
import { isTraining, liveOnScreen, selectedImage, threshold } from '../shell/selectors';
import { getState, useApp } from '../shell/store';
import { cellsOf } from '../stage/cells';
import { useShallow } from 'zustand/react/shallow';
import { drawFault, type Fault, type FaultKind } from './pixelFault';
import { msg, t } from '../languages/texts';
import './faintChart.css';

const KINDS = [
  { value: 'scratch', label: msg('Scratch') },
  { value: 'dust', label: msg('Dust') },
  { value: 'stain', label: msg('Stain') },
] as const;

/** More than any feature map sees, and cheap to hand over. */
const LONGEST = 640;
/** A block of this many sigma is as strong as a fault that covers what lies below it. */
const FULL = 2;

export default function PixelFault() {
  const [kind, setKind] = useState<FaultKind>('scratch');
  const able = useApp(
    (state) => state.engine.status === 'ready' && state.model.source !== 'none' && !isTraining(state),
  );
  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const url = usePicture(useApp(selectedImage));
  const fault = useApp(useShallow((state) => faultOf(state, kind)));
  const scoring = useApp(useShallow((state) => scoringOf(state.params)));
  const fusionValue = useApp((state) => state.view.fusionValue);
  const { answer, said } = useScore(able ? url : null, fault, picture, [scoring, fusionValue]);
  const line = useApp(threshold);
  const range = useApp((state) => state.scores.ranges?.fused ?? null);
  const colours = useApp((state) => state.params.colormap);
  useEffect(() => {
    const context = overlay.current?.getContext('2d');
    if (!context) return;
    if (!answer) return context.clearRect(0, 0, TILE, TILE);
    const { map } = answer;
    const ends = range ?? [Math.min(...map.values), Math.max(...map.values)];
    const look = { map, range: ends as [number, number], colours, opacity: 0.6, threshold: line };
    context.putImageData(new ImageData(paintTile(look), TILE, TILE), 0, 0);
  }, [answer, range, colours, line]);
  if (!able)
    return <p className="small muted">{t('Needs the engine, and a model that is not just learning.')}</p>;
  return (
    <div className="pixel-fault">
      <p className="small muted">
        {t('The block is in the features. The same place with a fault in the pixels:')}
      </p>
      <Segmented label={t('Fault in the pixels')} value={kind} options={KINDS} onChange={setKind} />
      <div className="pixel-pair">
        <div className="pixel-picture">
          <canvas
            ref={picture}
            role="img"
            aria-label={t('The image with a {kind} drawn into it, and its map', {
              kind: t(KINDS.find(({ value }) => value === kind)!.label),
            })}
          />
          <canvas ref={overlay} width={TILE} height={TILE} aria-hidden="true" />
        </div>
        <div className="small" role="status">
          {said ?? (
            <>
              <p>
                {t('In the pixels:')} <Verdict score={answer?.score ?? null} line={line} />
              </p>
              <p>
                {t('In the features:')} <BlockVerdict line={line} />
              </p>
              <p className="muted">
                {t(
                  'At the block’s place, as large, and the more opaque the stronger the block. It goes through the backbone like a photo.',
                )}
              </p>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

function Verdict({ score, line }: { score: number | null; line: number | null }) {
  if (score === null) return <span className="muted">{t('being computed')}</span>;
  const above = line !== null && score > line;
  return (
    <strong className={above ? 'anomalous' : 'normal'} data-testid="pixel-score">
      {formatScore(score)} {line === null ? '' : above ? t('anomalous') : t('normal')}
    </strong>
  );
}

function BlockVerdict({ line }: { line: number | null }) {
  const pasted = useApp((state) => state.params.fbpOn);
  const score = useApp((state) => (liveOnScreen(state) ? state.view.painted!.score : null));
  return pasted ? <Verdict score={score} line={line} /> : <span className="muted">{t('paste a block')}</span>;
}

/** The fault that is the block's like. */
function faultOf(state: Parameters<typeof cellsOf>[0], kind: FaultKind): Fault {
  const { across, down } = cellsOf(state) ?? { across: 16, down: 16 };
  const { fbpX, fbpY, fbpSize, fbpIntensity, fbpSeed } = state.params;
  return {
    kind,
    x: (fbpX + 0.5) / across,
    y: (fbpY + 0.5) / down,
    reach: (fbpSize + 0.5) / Math.max(across, down),
    strength: Math.min(1, Math.abs(fbpIntensity) / FULL),
    seed: fbpSeed,
  };
}

interface Asked {
  url: string;
  fault: Fault;
  canvas: HTMLCanvasElement;
}

/** Draws and scores whenever something changes; while one is under way only the newest waits. */
function useScore(
  url: string | null,
  fault: Fault,
  canvas: RefObject<HTMLCanvasElement | null>,
  about: readonly unknown[],
): { answer: FrameScore | null; said: string | null } {
  const [state, setState] = useState<{ answer: FrameScore | null; said: string | null }>({
    answer: null,
    said: null,
  });
  const updates = useRef<NewestWins<Asked, void> | null>(null);
  useEffect(() => {
    if (url === null || !canvas.current) return;
    updates.current ??= new NewestWins(async (asked: Asked) => {
      const answer = await scoreOf(asked);
      setState({ answer, said: null });
    });
    updates.current.submit({ url, fault, canvas: canvas.current }).catch((error: unknown) => {
      const { message, remedy } = toReport(error);
      setState({ answer: null, said: `${message} ${remedy}` });
    });
    // What the score depends on besides is compared by identity.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [url, fault, canvas, ...about]);
  return state;
}

async function scoreOf({ url, fault, canvas }: Asked): Promise<FrameScore | null> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
  const [width, height] = [
    Math.max(1, Math.round(image.naturalWidth * scale)),
    Math.max(1, Math.round(image.naturalHeight * scale)),
  ];
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0, width, height);
  const picture = context.getImageData(0, 0, width, height);
  drawFault(picture.data, width, height, fault);
  context.putImageData(picture, 0, 0);
  const { params, view } = getState();
  const frame = { width, height, pixels: picture.data.slice().buffer };
  return (
    (await engine()?.scoreFrame({ ...frame, ...scoringOf(params), fusionValue: view.fusionValue })) ?? null
  );
}
