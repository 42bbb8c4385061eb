// The whole state of the page, one slice per concern. Ids, numbers and words only: no tensors, no pixels.
import { defaultParams, type Params } from '../../settings/table';
import { initialCompare, type CompareSlice } from '../compare/compareSlice';
import { initialData, type DataSlice } from '../images/dataSlice';
import { initialEngine, type EngineSlice } from './engineSlice';
import { initialKept, type KeptSlice } from '../keeping/keptSlice';
import { initialLargeLoad, type LargeLoadSlice } from '../images/largeLoadSlice';
import { initialLayout, type LayoutSlice } from './layoutSlice';
import { initialLink, type LinkSlice } from '../share/linkSlice';
import { initialNotices, type NoticesSlice } from '../notices/noticesSlice';
import { initialScores, type ScoresSlice } from '../scores/scoresSlice';
import {
  initialModel,
  initialTraining,
  type ModelSlice,
  type TrainingSlice,
} from '../training/trainingSlice';
import { initialView, type ViewSlice } from '../stage/viewSlice';
import { initialWeights, type WeightsSlice } from '../weights/weightsSlice';

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
