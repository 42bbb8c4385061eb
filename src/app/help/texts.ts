// The explanations: a sentence beyond what the parameter table says, the formula, and where it stands. Loaded with
// the first explanation that someone opens.
import type { Topic } from './topics';
import { msg } from '../languages/texts';

export interface Explanation {
  /** Sentences; for parameters they follow the table's own help. */
  text?: string;
  formula?: string;
  source?: string;
}

const GRAD = msg('GRAD, section 3');

export const TEXTS: Partial<Record<Topic, Explanation>> = {
  pasting: {
    text: 'Adds a block to the feature map of the image, not to its pixels: what a defect looks like to the network. Drag it and watch where the map answers.',
    formula: 'φ′ = φ + G ∗ (I · M), M centred at P, G a 3 × 3 Gaussian',
    source: `Feature Block Paste (FBP), ${GRAD}`,
  },
  fbpShape: {
    text: 'The random walk gives ragged outlines like real defects; the others make it easy to compare sizes.',
    formula: 'M ∈ {0, 1}, (2B + 1) × (2B + 1)',
    source: `Feature Block Paste, ${GRAD}`,
  },
  fbpSize: {
    text: 'With B = 0 a single cell is changed: the smallest defect the feature map can hold.',
    formula: 'side = 2B + 1 cells',
    source: `Feature Block Paste, ${GRAD}`,
  },
  fbpIntensity: {
    text: 'Below about one sigma a block drowns in what differs between normal images anyway; training pastes stronger ones, so that the lesson is clear.',
    formula: 'T = I · M, then φ′ = φ + blur(T)',
    source: `Feature Block Paste, ${GRAD}`,
  },
  fbpX: { text: 'Drag the block on the image, or use the arrow keys on its handle.', formula: 'P = (x, y)' },
  fbpY: { text: 'Drag the block on the image, or use the arrow keys on its handle.', formula: 'P = (x, y)' },
  fbpSeed: { text: 'The same seed always gives the same walk, so that a shared link shows the same block.' },
  fbpSteps: {
    text: 'A longer walk fills more of the block.',
    formula: 'each step dx, dy ∈ {−1, 0, 1}',
    source: `Feature Block Paste, ${GRAD}`,
  },
  fusionValue: {
    text: 'How much the abnormal branch has to say in the sum of both. Both branches were trained together at the marked value; anywhere else the map is a what-if.',
    formula: 'x = xₙ + w · xₐ     or     x = λ · xₙ + (1 − λ) · xₐ',
    source: 'GRAD, equation 2; w is learned in stage 2',
  },
  near: {
    text: 'The refinement gives 0.3 of its pull to places whose error is below k. The public code’s k = 10 belongs to the scale of one backbone’s features; on most others every place is below it and the term says nothing.',
    formula: 'i = [mean (φ − x)² ≤ k]',
    source: 'Refinement, journal version, equation 17',
  },
  gradGate: {
    text: 'With a frozen abnormal branch its answer can be heard in the map itself: in the refinement, which then pulls nothing towards the input, or added to the map.',
    formula: 's′ = s · (1 − clamp(xₐ₀ + ½, 0, 1))     or     z(map) + z(xₐ₀)',
  },
  gradFreeze: {
    text: 'Channel 0 of the abnormal branch is all that stage 1 supervises. A stage 2 that trains its decoder on clean features undoes that within a few epochs.',
  },
  stage1Masks: {
    text: 'If a run with shuffled masks, or without stage 1, does as well, stage 1 has taught nothing that helps.',
  },
  lambda: { formula: 'x = λ · xₙ + (1 − λ) · xₐ', source: 'GRAD, equation 2' },
  fusion: { formula: 'x = xₙ + w · xₐ     or     x = λ · xₙ + (1 − λ) · xₐ', source: 'GRAD, equation 2' },
  refine: {
    text: 'Where reconstruction and input agree, the input itself is taken; only real differences are left in the map.',
    formula: 'x̂ = s · φ + (1 − s) · x,   s = 0.3 · i + 0.7 · cos(x, φ)',
    source: `Refinement, ${GRAD}`,
  },
  smooth: {
    text: 'Without it a single noisy cell decides about the whole image.',
    formula: 'Gaussian, σ = 4 · S / 256 pixels; image score = max',
  },
  threshold: {
    text: 'An image whose score lies above the line is called anomalous. The suggested line comes from the labelled test images, or from the largest normal score when there are none; drag it as you like.',
    formula: 'score > threshold  →  anomalous',
  },
  score: {
    text: 'The largest value of the smoothed map (PatchCore weights it): how strange the strangest place of the image is. It has no fixed upper end and is comparable only within one model.',
    formula: 'score = max over pixels of the map',
  },
  histogram: {
    text: 'How many images have which score. A good detector puts normal and anomalous images in two heaps with a gap between them; click a bar to see its images.',
  },
  imageAuroc: {
    text: 'The probability that a defective image scores higher than a normal one: 50 % is chance, 100 % is perfect. With a few images it jumps: one image more or less moves it by points.',
    formula: 'AUROC = P(score⁺ > score⁻)',
  },
  pixelAuroc: {
    text: 'The same, asked of every pixel against the ground-truth masks. It is close to 100 % easily, because most pixels are normal and far from any defect.',
    formula: 'AUROC over all pixels of all test images',
  },
  comparison: {
    text: 'Every method learns from the same training images and is scored on the same test images. Figures are in percent; the line below each is the 95 % interval over the choice of test images, ± is the spread over seeds. Best bold, second underlined.',
    formula: 'interval: 2.5 % to 97.5 % of 1,000 resamples of the images',
  },
  comparedMethods: {
    text: 'Each runs with its own paper’s settings, as set under All settings; what they share is the backbone and the image size. RIAD looks at pixels instead of features and is small here, so it stands apart.',
  },
  comparedSeeds: {
    text: 'A training depends on chance: on another seed the figures are a little different. Several seeds show how much; the first is the one you have set.',
  },
  pairedDifference: {
    text: 'Points of image AUROC that a method is ahead of the first row, on the very same images. The interval comes from resamples that draw the same images for both; it is bold when it excludes zero, and only then is the difference more than luck with the images.',
    formula: 'Δ = AUROC(method) − AUROC(first), resample by resample',
  },
  averagePrecision: {
    text: 'The area under the precision-recall curve, also called AUPR: how pure the list stays when one goes down it from the highest score. Unlike AUROC it depends on how many defects there are.',
    formula: 'AP = Σ (Rₖ − Rₖ₋₁) · Pₖ',
  },
  aupro: {
    text: 'The share of each defect region that is found, averaged over regions so that small ones count as much as large ones, against the share of normal pixels falsely found, up to 30 %.',
    formula: 'AUPRO = area under PRO up to FPR 0.3, divided by 0.3',
    source: 'MVTec AD, Bergmann et al., IJCV 2021',
  },
  f1Max: {
    text: 'The best balance of precision and recall that any one threshold gives on these images. The threshold is chosen with the labels, so this is the most that can be had.',
    formula: 'F1 = 2 · precision · recall / (precision + recall)',
  },
  syntheticAuroc: {
    text: 'How well images with a pasted block are told from the same normal images without one. It needs no defect, and favours methods that were trained on such blocks, as GRAD is.',
  },
  curves: {
    text: 'Each point is one threshold. ROC and PRO are the better the nearer they come to the upper left corner, precision-recall to the upper right.',
  },
  detectability: {
    text: 'Random walks as Feature Block Paste draws them, of given size and intensity, at random places of normal images. The share whose image score lies above the threshold is the recall; move the threshold and it follows.',
    formula: 'φ̃ = φ + I · σ · blur(M),   found when score > threshold',
    source: `Feature Block Paste, ${GRAD}`,
  },
  lineSource: {
    text: 'From labels: the line of the best F1 between labelled test images. Quantile: the line below which a share of the normal images lies, those of a validation folder where there is one; needs no defect. Pasted: where false alarms among normal images and missed blocks are fewest, both weighed alike. Dragging the line sets it by hand.',
  },
  trainImages: {
    text: 'Normal images only: the model learns what is usual and calls the rest anomalous. 20 to 50 are enough for a first try.',
  },
  testImages: {
    text: 'Images to judge. Labels and masks are used for figures and the suggested threshold, never for training.',
  },
  stages: {
    text: 'Stage 1 shows the abnormal grid pasted blocks until it tells them from normal features. Stage 2 freezes that grid and teaches both branches together to rebuild normal features; the abnormal branch’s decoder goes on learning then, and forgets most of what stage 1 taught.',
    formula: 'stage 1: contrastive loss, th = 0.5     stage 2: mean (φ − x)²',
    source: 'GRAD, section 3 and equation 3',
  },
  epochs1: {
    formula: 'Σ max(0, th − s) / #pasted + Σ max(0, th + s) / #other',
    source: 'Contrastive loss, th = 0.5',
  },
  epochs2: { formula: 'mean (φ − x)²', source: 'GRAD, equation 3' },
  mask: {
    text: 'Which pixels of an anomalous image are the defect. Pixel figures need it; and an anomalous image with a mask, moved to the training side, can teach stage 1 in place of synthetic anomalies (setting: Anomalies to learn). White is defect in an imported file, which has to have its image’s shape.',
  },
  camera: {
    text: 'Takes photos into the set and shows what the trained model says of the picture right now, frame by frame: the next frame is taken when the last is answered. Frames are scored on this machine and forgotten. The camera is let go when this closes or the page is hidden.',
  },
  anomalySource: {
    text: 'Real defects come from anomalous training images with a mask; a cell counts as anomalous where at least half of its pixels do. They are no test images, so no figure counts them.',
  },
  privacy: {
    text: 'Images are decoded, used for training and scored on this machine; there is no server to send them to. The page works with the network unplugged. Only when you press Download are a backbone’s weights fetched from the Hub or the mirror you name; nothing is sent there but the request for the file. The bytes sent are those in the bodies of all requests of this page and its engine, counted by its service worker, which they all pass; the browser itself forbids any other address (Content-Security-Policy).',
  },
  lesson: {
    text: 'A lesson shows what its maker chose, locks or hides the rest, and says what to do, in one task or in steps. Leaving the lesson shows and frees everything; your settings, images and results stay as they are, and the link brings the lesson back.',
  },
  adapter: {
    text: 'The graphics adapter that does the work, and its speed at a 3 × 3 convolution measured for a tenth of a second at start.',
  },
  localGrid: {
    text: 'A learned table of feature vectors; every pixel is mapped to a place in it and reads what lies there.',
    formula: 'L ∈ ℝ^(C × R_l × R_l), read bilinearly at (x, y) ∈ (−1, 1)²',
    source: `Grids, ${GRAD}; CRAD`,
  },
  globalGrid: {
    text: 'A second table with one entry per whole feature map, read once per image: it remembers layouts.',
    formula: 'G ∈ ℝ^(C·H·W × R_g × R_g)',
    source: `Grids, ${GRAD}; CRAD`,
  },
  methodEpochs: { text: 'The papers’ numbers are meant for discrete GPUs; a few show the idea already.' },
  padimFeatures: {
    text: 'Fewer channels cost less: the covariance of every place grows with their square.',
    formula: 'Σₚ ∈ ℝ^(d × d) for each place p',
    source: 'PaDiM, section 3.2',
  },
  coresetPercent: {
    text: 'Patches are taken greedily, each time the one farthest from those already taken.',
    formula: 'next = argmax over patches of the distance to the nearest one taken',
    source: 'PatchCore, section 3.2',
  },
  coresetLimit: {
    text: 'It keeps scoring fast on large training sets: every patch is compared with all of these.',
  },
  coresetPool: {
    text: 'Choosing takes time in proportion to pool and coreset; a pool of some ten thousand loses little.',
  },
  patchcoreScore: {
    formula: 's = (1 − exp d* / Σ exp d(m)) · d*,   m the neighbours of the nearest patch',
    source: 'PatchCore, equation 7',
  },
  patchcoreDistance: {
    formula: 'd(p) = min over m of 1 − cos(φ(p), m)',
    source: 'AnomalyDINO, Damm et al., WACV 2025',
  },
  backbone: {
    text: 'The map φ it gives is all that the grids ever see of an image. Those marked (download) are fetched only after a dialog has said what they cost.',
    formula: 'φ = [stride 8, upsampled stride 16]',
  },
  inputSize: { text: 'Larger images give finer maps and cost more: twice the size, four times the work.' },
  fit: {
    text: 'Squashed, a 10 px defect of a 4096 px wide image is a third of a pixel at 128 px. Padding costs detail, tiles cost time: each is an image of its own.',
  },
  batch: { text: 'Larger batches give smoother steps and need more memory.' },
  gridLearningRate: {
    text: 'A hundred times that of the rest: each step touches only the few cells that were read.',
  },
  learningRate: { text: 'It falls to a tenth after four fifths of a stage.' },
  decoder: { source: `Decoder, ${GRAD}` },
  map: { text: 'All maps use one scale for all images of the set.' },
  scale: {
    text: 'With a scale of its own every image shows something bright, the perfect ones too: the most common misreading of anomaly maps.',
  },
  fbpIntensityMin: { formula: 'I uniform in [from, to]', source: `Feature Block Paste, ${GRAD}` },
  fbpIntensityMax: { formula: 'I uniform in [from, to]', source: `Feature Block Paste, ${GRAD}` },
  fbpRecipe: { formula: 'N ∈ [B, 2B], dx, dy ∈ {−1, 0, 1}', source: `Feature Block Paste, ${GRAD}` },
  seed: { text: 'On another kind of graphics adapter the last digits may differ.' },
  project: { formula: 'φ · Q,   Q orthonormal' },
};
