// The settings in force: the parameter table and the backbone in use. Changes happen one after the other, since each
// may have to read weights first. What follows from a change (features anew, statistics anew) is told, not done here.
import { STANDARD_TAPS } from '../../lib/backbones/taps';
import { InputResized } from '../../lib/backbones/errors';
import type { Backbone } from '../../lib/backbones/registry';
import type { RemedyError } from '../../lib/errors';
import type { Params } from '../../settings/table';
import { framingOf } from '../../settings/framing';
import { looksAtPixels } from '../../settings/methods';
import { defaultParams } from '../../settings/table';
import { featureShape, inputGrid, type FeatureShape } from '../../lib/backbones/extractFeatures';
import { describeRange } from '../../lib/images/pixelRange';
import type { BackboneStore } from './backboneStore';
import type { HubDownload } from './hubDownload';
import { featureKind, sameKind, type FeatureKind, type WeightsInUse } from '../models/modelState';
import type { ImageStore } from './imageStore';
import type { Calls, FeatureReport, LoadedReport } from '../api/types';

export interface SettingsOptions {
  backbones: BackboneStore;
  hub: HubDownload;
  images: ImageStore;
  onFeaturesChanged(): void;
  onStatisticsChanged(): void;
  onNotice(notice: RemedyError): void;
  /** Why these settings are too much to train with here, if they are. Default: they never are. */
  tooMuch?(params: Params): RemedyError | null;
}

export class Settings {
  readonly #options: SettingsOptions;
  #params: Params = defaultParams();
  /** Of the backbone in use; remembered, since it is gone for a while when the device is lost. */
  #weights: WeightsInUse = { tapsText: STANDARD_TAPS, digest: null, projectionDigest: null };
  #told = '';
  #toldOfMemory = '';
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SettingsOptions) {
    this.#options = options;
  }

  get params(): Params {
    return this.#params;
  }

  /** The kind of features that these settings ask for. */
  get kind(): FeatureKind {
    return featureKind(this.#params, this.#weights, this.#options.images.range);
  }

  /** The kind that the backbone gives, whatever the method looks at. */
  get backboneKind(): FeatureKind {
    return featureKind({ ...this.#params, method: 'grad' }, this.#weights, this.#options.images.range);
  }

  /** Whether the method looks at the images themselves: no backbone is needed. */
  get pixels(): boolean {
    return looksAtPixels(this.#params.method);
  }

  /** Shape of one input's phi, or of its pixels. @throws NotOpen before the first `configure` */
  get shape(): FeatureShape {
    const { width, height } = framingOf(this.#params);
    if (this.pixels) return { height, width, channels: 3 };
    return featureShape(this.#options.backbones.current, { width, height }, this.#params.project);
  }

  /** What the features are like; `sigma` null when it is not known. */
  report(sigma: number | null): FeatureReport {
    const { range: pixels } = this.#options.images;
    const known = { ...this.shape, sigma, range: pixels && describeRange(pixels) };
    if (this.pixels) return { ...known, backbone: this.#params.backbone, taps: STANDARD_TAPS, parameters: 0 };
    const { id, tapsText: taps, parameters } = this.#options.backbones.current;
    return { ...known, backbone: id, taps, parameters };
  }

  configure(params: Params): Promise<FeatureReport> {
    return this.#inTurn(() => this.#configure(params));
  }

  loadBackbone({ name, bytes, as, taps }: Calls['loadBackbone']['in']): Promise<LoadedReport> {
    return this.#inTurn(async () => {
      const file = { name, bytes: new Uint8Array(bytes), as };
      const { width, height } = framingOf(this.#params);
      const fits = (next: Backbone) => void next.grid(height, width);
      const { id, alternatives } = this.#options.backbones.load(file, taps ?? this.#params.taps, fits);
      return { ...this.#use(id), backbone: id, alternatives };
    });
  }

  downloadBackbone(request: Calls['downloadBackbone']['in']): Promise<FeatureReport> {
    const { hub, backbones } = this.#options;
    return hub.download(request, (weights, report) =>
      this.#inTurn(async () => {
        report('upload');
        const { inputSize: size } = this.#params;
        const taps = request.taps ?? STANDARD_TAPS;
        return this.#use(await backbones.adopt(weights, { size, taps }, () => report('warm-up')));
      }),
    );
  }

  async #configure(params: Params): Promise<FeatureReport> {
    const { backbones, images } = this.#options;
    const pixels = looksAtPixels(params.method);
    const framing = framingOf(params);
    if (!pixels) inputGrid(params.backbone, framing);
    this.#tellOfMemory(params);
    const changed = !pixels && (await backbones.use(params.backbone, params.taps));
    const { kind } = this;
    const { normalise } = this.#params;
    // These may refuse what was asked for.
    images.mayFrame(framing);
    const looksOther = images.setRange(params.pixelRange);
    images.framing = framing;
    this.#params = params;
    if (!pixels) this.#remember(backbones.current);
    images.invertMasks = params.invertMasks;
    const before = images.drawn();
    images.shots = { count: params.shots, seed: params.seed };
    const drawnOther =
      images.drawn().some((image, i) => image !== before[i]) || before.length !== images.drawn().length;
    if (!pixels) this.#tellOfResizing();
    if (changed || looksOther || !sameKind(kind, this.kind)) this.#options.onFeaturesChanged();
    if (normalise !== params.normalise || drawnOther) this.#options.onStatisticsChanged();
    return this.report(null);
  }

  /** Said once for each size, when settings are in force: weights may come before them. */
  #tellOfResizing(): void {
    const { id, patch } = this.#options.backbones.current;
    const { width, height } = framingOf(this.#params);
    const fits = patch === null || (width % patch === 0 && height % patch === 0);
    const told = fits ? '' : `${id} ${width} ${height}`;
    if (told !== '' && told !== this.#told) this.#options.onNotice(new InputResized(id, { width, height }, patch!)); // prettier-ignore
    this.#told = told;
  }

  /** Before weights are fetched for what cannot be trained; once for each need. */
  #tellOfMemory(params: Params): void {
    const problem = this.#options.tooMuch?.(params) ?? null;
    if (problem && problem.message !== this.#toldOfMemory) this.#options.onNotice(problem);
    this.#toldOfMemory = problem?.message ?? '';
  }

  /** The backbone was replaced: features are computed anew. */
  #use(backbone: string): FeatureReport {
    this.#remember(this.#options.backbones.current);
    this.#params = { ...this.#params, backbone, taps: this.#weights.tapsText };
    this.#options.onFeaturesChanged();
    return this.report(null);
  }

  #remember({ tapsText, digest, projectionDigest }: WeightsInUse): void {
    this.#weights = { tapsText, digest, projectionDigest };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
