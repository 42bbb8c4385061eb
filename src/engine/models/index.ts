// The trained model and those set aside, as one part of the engine.
import type { EngineCalls } from '../api/types';
import { ModelCache } from './modelCache';
import { TrainedModel } from './trainedModel';

export class ModelRoom {
  readonly trained = new TrainedModel();
  readonly stashed = new ModelCache();

  /** @param again does work again when the device was lost under it */
  constructor(private readonly again: <T>(work: () => Promise<T>) => Promise<T>) {}

  readonly calls: EngineCalls<'saveModel' | 'loadModel' | 'stashModel' | 'dropStashed'> = {
    saveModel: async () => this.trained.file(),
    loadModel: (file) => this.again(() => this.trained.load(file)),
    stashModel: async (name) => this.stashed.put(name, this.trained.file()),
    dropStashed: async (names) => this.stashed.drop(names),
  };
}
