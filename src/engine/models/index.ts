// The trained model and those set aside, as one part of the engine.
import type { EngineCalls } from '../api/types';
import { ModelCache } from './modelCache';
import { TrainedModel } from './trainedModel';

export class ModelRoom {
  readonly trained = new TrainedModel();
  readonly stashed = new ModelCache();

  readonly calls: EngineCalls<'saveModel' | 'stashModel' | 'keepStashed' | 'dropStashed'> = {
    saveModel: async () => this.trained.file(),
    stashModel: async (name) => {
      const file = this.trained.file();
      this.stashed.put(name, file);
      return new Blob([file]);
    },
    keepStashed: async ({ name, file }) => this.stashed.put(name, await file.arrayBuffer()),
    dropStashed: async (names) => this.stashed.drop(names),
  };
}
