// The whole state of the page, one slice per concern. Ids, numbers and words only: no tensors, no pixels.
import { defaultParams, type Params } from '../params/table';
import { initialCompare, type CompareSlice } from './slices/compare';
import { initialData, type DataSlice } from './slices/data';
import { initialEngine, type EngineSlice } from './slices/engine';
import { initialKept, type KeptSlice } from './slices/kept';
import { initialLargeLoad, type LargeLoadSlice } from './slices/largeLoad';
import { initialLayout, type LayoutSlice } from './slices/layout';
import { initialLink, type LinkSlice } from './slices/link';
import { initialNotices, type NoticesSlice } from './slices/notices';
import { initialScores, type ScoresSlice } from './slices/scores';
import { initialModel, initialTraining, type ModelSlice, type TrainingSlice } from './slices/training';
import { initialView, type ViewSlice } from './slices/view';
import { initialWeights, type WeightsSlice } from './slices/weights';

export interface AppState {
  params: Params;
  data: DataSlice;
  largeLoad: LargeLoadSlice;
  engine: EngineSlice;
  weights: WeightsSlice;
  training: TrainingSlice;
  model: ModelSlice;
  scores: ScoresSlice;
  view: ViewSlice;
  compare: CompareSlice;
  kept: KeptSlice;
  link: LinkSlice;
  layout: LayoutSlice;
  notices: NoticesSlice;
}

export const initialState = (): AppState => ({
  params: defaultParams(),
  data: initialData(),
  largeLoad: initialLargeLoad(),
  engine: initialEngine(),
  weights: initialWeights(),
  training: initialTraining(),
  model: initialModel(),
  scores: initialScores(),
  view: initialView(),
  compare: initialCompare(),
  kept: initialKept(),
  link: initialLink(),
  layout: initialLayout(),
  notices: initialNotices(),
});
