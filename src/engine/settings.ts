// The settings in force: the parameter table and the backbone in use. Changes happen one after the other, since each
// may have to read weights first. What follows from a change (features anew, statistics anew) is told, not done here.
import type { Params } from '../params/table';
import { defaultParams } from '../params/table';
import { featureShape, type FeatureShape } from '../pipeline/features';
import type { BackboneStore } from './backboneStore';
import type { HubDownload } from './hubDownload';
import { featureKind, sameKind, type FeatureKind } from './modelState';
import type { Calls, FeatureReport } from './types';

export interface SettingsOptions {
  backbones: BackboneStore;
  hub: HubDownload;
  /** Input size of the images, in pixels. */
  onInputSize(size: number): void;
  onFeaturesChanged(): void;
  onStatisticsChanged(): void;
}

export class Settings {
  readonly #options: SettingsOptions;
  #params: Params = defaultParams();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SettingsOptions) {
    this.#options = options;
  }

  get params(): Params {
    return this.#params;
  }

  /** The kind of features that these settings ask for. */
  get kind(): FeatureKind {
    return featureKind(this.#params);
  }

  /** Shape of one image's phi. @throws NotOpen before the first `configure` */
  get shape(): FeatureShape {
    return featureShape(this.#options.backbones.current, this.#params.inputSize, this.#params.project);
  }

  /** What the features are like; `sigma` null when it is not known. */
  report(sigma: number | null): FeatureReport {
    const { id, parameters } = this.#options.backbones.current;
    return { ...this.shape, sigma, backbone: id, parameters };
  }

  configure(params: Params): Promise<FeatureReport> {
    return this.#inTurn(() => this.#configure(params));
  }

  loadBackbone({ name, bytes }: Calls['loadBackbone']['in']): Promise<FeatureReport> {
    return this.#inTurn(async () => {
      return this.#use(this.#options.backbones.load(name, new Uint8Array(bytes)));
    });
  }

  downloadBackbone(wish: Calls['downloadBackbone']['in']): Promise<FeatureReport> {
    const { hub, backbones } = this.#options;
    return hub.download(wish, (weights, report) =>
      this.#inTurn(async () => {
        report('upload');
        const size = this.#params.inputSize;
        return this.#use(await backbones.adopt(weights, size, () => report('warm-up')));
      }),
    );
  }

  async #configure(params: Params): Promise<FeatureReport> {
    const changed = await this.#options.backbones.use(params.backbone);
    const before = this.#params;
    this.#params = params;
    this.#options.onInputSize(params.inputSize);
    if (changed || !sameKind(featureKind(before), this.kind)) this.#options.onFeaturesChanged();
    if (before.normalise !== params.normalise) this.#options.onStatisticsChanged();
    return this.report(null);
  }

  /** The backbone was replaced: features are computed anew. */
  #use(backbone: string): FeatureReport {
    this.#params = { ...this.#params, backbone };
    this.#options.onFeaturesChanged();
    return this.report(null);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
