// How far the run is: a bar for each stage of the grids, one bar for a fit.
import { branchesOf, type GridMethod, type BaselineId } from '../../settings/methods';
import type { Params } from '../../settings/table';
import { useShallow } from 'zustand/react/shallow';
import type { AppState } from '../shell/appState';
import { isTraining } from '../shell/selectors';
import { useApp } from '../shell/store';
import { HelpTip } from '../help/HelpTip';
import { METHOD_NAMES } from '../controls/methods';
import { stageFractions } from './stages';
import { said, t } from '../languages/texts';

export function StageBars({ method }: { method: GridMethod }) {
  const progress = useApp((state) => state.training.progress);
  const { epochs1, epochs2 } = useApp(useShallow(epochsOf));
  const { normal, abnormal } = branchesOf(method);
  const [first, second] = [abnormal ? epochs1 : 0, normal ? epochs2 : 0];
  // Without a run on screen the bars are the model's in use: it has been through all of its epochs.
  const trained = useApp(
    (state) =>
      state.training.progress === null &&
      state.model.source !== 'none' &&
      (state.model.params?.method ?? 'grad') === method &&
      !isTraining(state),
  );
  const fractions = trained ? WHOLE : stageFractions(progress, first, second);
  return (
    <>
      {abnormal && (
        <Bar
          stage={1}
          name={t('abnormal grid')}
          fraction={fractions[1]}
          done={epochsDone(fractions[1], first)}
        />
      )}
      {normal && (
        <Bar
          stage={2}
          name={abnormal ? t('both grids') : t('normal grid')}
          fraction={fractions[2]}
          done={epochsDone(fractions[2], second)}
        />
      )}
      {normal && abnormal && (
        <span className="small muted">
          <HelpTip topic="stages" title={t('Training')}>
            {t('What the stages do')}
          </HelpTip>
        </span>
      )}
    </>
  );
}

/** Of the run on screen, else of the model in use, else of the next run. */
function epochsOf({ training, model, params }: AppState): Pick<Params, 'epochs1' | 'epochs2'> {
  const { epochs1, epochs2 } = { ...params, ...(training.startedWith ?? model.params) };
  return { epochs1, epochs2 };
}

const WHOLE = { 1: 1, 2: 1 };

/** Whole ones: an epoch that is under way is not done. */
const epochsDone = (fraction: number, epochs: number) =>
  epochs === 0
    ? t('none')
    : t('{fraction}/{epochs} epochs', { fraction: Math.floor(fraction * epochs + 1e-6), epochs });

export function FitBar({ method }: { method: BaselineId }) {
  const progress = useApp((state) => state.training.progress);
  const finished = useApp((state) => state.training.status === 'finished');
  const fraction = progress ? progress.step / Math.max(1, progress.steps) : 0;
  const phase = progress?.stage === null ? progress.phase : '';
  return <Bar name={t(METHOD_NAMES[method])} fraction={fraction} done={finished ? t('done') : said(phase)} />;
}

interface Props {
  /** Number of the stage; a fit in one go has none. */
  stage?: number;
  name: string;
  /** 0 to 1. */
  fraction: number;
  /** How far in words. */
  done: string;
}

/** One progress bar of a run: a name, how far it is, and the same in numbers. */
function Bar({ stage, name, fraction, done }: Props) {
  const percent = Math.round(fraction * 100);
  return (
    <div className="stage-bar">
      <span>
        {stage !== undefined && <b>{stage}</b>} {name}
      </span>
      <div
        className="progress-track"
        role="progressbar"
        aria-label={stage === undefined ? name : t('Stage {stage}, {name}', { stage, name })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <div className="progress-fill" style={{ width: `${percent}%` }} />
      </div>
      <span className="muted small">{done}</span>
    </div>
  );
}
