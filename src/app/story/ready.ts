// The lessons that come with the page, in the words in which anybody may write one (settings/story.ts). They hold for
// whatever images are on screen.
import { NO_LESSON } from '../../settings/lesson';
import { setLesson } from '../lesson/guardLesson';
import { t } from '../languages/texts';

interface Ready {
  /** As links name it. */
  name: string;
  title: string;
  task: string;
  steps: string;
}

const STORY = `lesson 2
step Only normal images
say The training images, under Train, are all good. They are all that the model ever learns from: nobody shows it a scratch, a dent or a stain.
ask Can it find a defect that it has never seen?
no No: it has to be shown defects first
yes Yes: it notices what does not look like the good ones
no Only defects larger than a part
because It has learned what normal looks like. The image you see now has a defect of a kind that was in no training image, and the map glows there.
show defect
set fbp 0
set map fused
set view image
task Look at a good one too: press a test image without an orange corner.
until label is 0
hint Under Test. The number below each image is its score: the strangest place in it.
formula set
look images
step From pixels to features
say The model does not compare pixels. A network that was trained before, and stays as it is, turns the image into a coarse map of features.
ask What does one cell of this map describe?
no One pixel, by its colour
yes A patch of the image, by a list of numbers
no The whole image, by one number
because The square on the image is one cell. Under Features you see all of them: like numbers have like colours. They say what is there: an edge, a hole, brushed metal. Everything from here on works with these lists.
show normal
set fbp 1
set shape square
set b 0
set map mask
set view inside
task Move the cell over the image: drag it, or use the arrow keys on its handle.
until pointed is 1
hint The cell is the square with the arrows. On a phone it may be smaller than your finger; the map follows.
formula features
look image
step Paste a fault
say Where do faults come from, if there are only good images? We make them: a block is added to the features of a good image, a faint change in some cells.
ask What will the map do?
yes Glow where the block lies
no Glow everywhere
no Nothing: no pixel has changed
because The picture is the same, for the block is in the features and not in the pixels. Drag it, and the map follows. This is called Feature Block Paste.
show normal
set fbp 1
set shape walk
set b 3
set n 12
set i 1
set map fused
set view image
task Make the block so faint that the image counts as normal.
until pasted is 1
until intensity below 1
until score below line
hint The intensity slider, to the left. Sigma is how much features of normal images differ among themselves.
formula block
look block
step Stage 1: what disturbed looks like
say Now you train a model of your own, beginning with the abnormal grid: a small table of features that every cell looks something up in.
ask What does stage 1 learn from?
no Photos of real defects
yes Blocks pasted into the features of good images
no Good images as they are
because It has to tell pasted cells from the others by the sign of its answer: in the map, red is “pasted”, blue is “normal”. Watch the tables of the abnormal grid change while the loss falls.
show normal
set fbp 1
set shape walk
set b 3
set i 2
set map abnormal
set view inside
train 1
task Wait for the end of stage 1. The training is held there.
until stage1 is 1
hint The button with the bar goes one step at a time. Nothing happens? Set this up again.
formula contrast
look training
step Stage 2: rebuild the normal
say Stage 2 leaves the abnormal grid as it is. The normal grid learns to rebuild the features of good images, and how much the other may say in the sum.
ask What can it rebuild afterwards?
no Anything, defects too
yes What good images have
no Only the very images it has seen
because The tables are too small to keep everything. They keep what good images share: under Rebuilt, the defect comes back as something normal.
show defect
set fbp 0
set map fused
set view inside
train 2
task Wait for the end of the training, and watch the map come clear.
until stage2 is 1
hint The loss is how far the rebuilt features still are from those of the image.
formula rebuild
look training
step What cannot be rebuilt glows
say The image goes through your model: its features are rebuilt, and the two are compared cell by cell.
ask Where will the map be bright?
no Where the image is bright
no At every edge
yes Where rebuilt and real features differ
because Normal places come back as they were, and stay dark. The defect comes back as something else. The score of the image is the largest difference.
show defect
set fbp 0
set map fused
set view inside
task Point at the brightest place and follow the sum: what each branch gives, and what is left.
until pointed is 1
hint Any of the pictures will do. On a phone, rest your finger there.
formula distance
look image
step Set the line, count mistakes
say A score is not yet a decision. Above the line an image is called anomalous; where the line lies is your choice.
ask You lower the line until no defect is missed. What does it cost?
yes More good images may be flagged
no Nothing
no The scores change
because Scores stay as they are; only the verdicts change. Missing a defect and stopping a good part have different prices, and no line has both for nothing.
set fbp 0
set view image
line suggested
task Lower the line: first until nothing is missed, then on until a good image is flagged.
until missed is 0
until alarms above 0
hint Drag the black mark on the histogram to the left. With the keyboard: T, then the arrow keys.
formula line
look scores`;

const NORMAL = `lesson 2
step Good is not one image
say Look through the training images. No two are alike: position, light and grain differ from one to the next.
ask Which of these differences may the model learn to ignore?
yes Those that the good images show
no All of them
no None of them
because What varies among good images belongs to normal. More good images show more of what may vary.
show training
set fbp 0
formula set
look images
step A good image it has never seen
say The test images took no part in the training. Some of them are good.
ask Where will the score of a good test image lie?
no At zero
yes Near the scores of the training images
no Far above them
because It is rebuilt almost as well as those that were learned from; a little is always left. That is why the line cannot lie at zero.
show normal
set map fused
task Compare two good test images by their scores.
until label is 0
formula distance
look images scores
step Another kind of normal
say Cloth is not metal. The model on screen changes with the images: what it learned from one set says nothing of another.
ask What would the metal model say of perfect cloth?
no Normal: there is no defect
yes Anomalous all over
no It could not answer
because Perfect or not, cloth was in none of its training images. “Anomalous” means “unlike what I was shown”, and nothing else.
data fabric
show defect
set map fused
task Find a good piece of cloth.
until label is 0
hint Under Test, an image without an orange corner.
formula set
look images`;

const SMALL = `lesson 2
step A block to measure with
say How small a defect can the model find? We paste blocks of known size and strength into a good image and see what it says.
ask A block of 7 × 7 cells, one sigma strong: found?
yes Yes, clearly
no Only just
no No
because As strong as normal features differ among themselves, over that many cells: hard to miss.
show normal
set fbp 1
set shape square
set b 3
set i 1
set map fused
task See that it is found: the score lies above the line.
until pasted is 1
until score above line
formula block
look block
step Smaller
say Now a single cell, as strong as before.
ask And this one?
no Found as well as before
yes Weaker: less of the map changes
no Not at all, in any model
because The map is smoothed before the score is read, so that one noisy cell does not decide. That costs small defects some of their score.
show normal
set fbp 1
set shape square
set b 0
set i 1
task Make the single cell strong enough to be found.
until side is 1
until score above line
hint Intensity, to the right.
formula block
look block
step As faint as can be
say Size and strength make up for each other.
ask A large block: how faint may it be?
no As faint as one likes
yes Down to a limit that depends on the model
no As strong as a single cell has to be
because Below that limit it drowns in what normal images differ by anyway. The chart under Compare, Detectability, measures it for all sizes.
show normal
set fbp 1
set shape square
set b 5
set i 1
task Find the faintest block of this size that is still found, below 0.5 sigma.
until side above 9
until intensity below 0.5
until score above line
hint Try another method too: their limits differ by orders of magnitude.
formula block
look block`;

const GRIDS = `lesson 2
step The normal branch
say Two grids look at every cell. The normal one rebuilds what it has learned from good images.
ask Its map shows how badly it rebuilds. Where is it bright?
yes At the defect, and a little everywhere
no At the defect only
no Everywhere alike
because It is a table with few entries, so that some of what is normal is rebuilt badly too.
show defect
set fbp 0
set map normal
task Point at the defect, then at a normal place.
until pointed is 1
formula distance
look image
step The abnormal branch
say The other one learned in stage 1 to tell pasted blocks from normal features; stage 2 went on training its decoder.
ask Does it know real defects?
no Yes, it was shown some
yes Not by name: it only knows “disturbed”
no It sees pasted blocks only
because Red meant “pasted” after stage 1, and stage 2 has made it forget part of that. A real defect disturbs the features in its own way; how much of it the branch still calls disturbed you see here.
show defect
set fbp 0
set map abnormal
formula contrast
look image
step One grid alone
say What does the second grid bring? Train again with the normal grid alone, and compare the figures below.
ask What do you expect of one grid?
no The same figures
yes A little different figures, better or worse
no No result at all
because One and the same seed, the same images, one grid less. A few images make figures jump: try another seed before you believe a difference.
set method normal-grid
set map fused
train 2
task Wait for the end of the training.
until stage2 is 1
hint Afterwards, choose GRAD as the method and train again.
formula rebuild
look scores training`;

const LINE = `lesson 2
step Two heaps
say Each bar of the histogram counts images by their score: good ones and defects.
ask When is it easy to set the line?
no When all scores are high
yes When there is a gap between the two heaps
no When there are many images
because In a gap every line is right. Where the heaps overlap, each line makes some mistake, and one chooses which.
set fbp 0
line suggested
formula line
look scores
step No defect may slip through
say A missed crack in a brake disc costs more than a good disc that is checked twice.
ask Which way does the line go?
yes Down: more is called anomalous
no Up: less is called anomalous
no It stays
because Nothing is missed, and the price is false alarms, each of which somebody has to look at.
line suggested
task Find the highest line that misses nothing.
until missed is 0
hint Drag the black mark, or type a number into the box beside “threshold”.
formula line
look scores
step No false alarm
say Stopping the line for a good part costs an hour.
ask What happens when no good image may be flagged?
no Nothing is found any more
yes Faint defects are missed
no All defects are still found
because How many are missed is the honest way to say how good a detector is: its recall where it raises no alarm.
line suggested
task Find the lowest line that flags no good image.
until alarms is 0
formula line
look scores
step Images to come
say The suggested line was chosen with the labels of these very images.
ask On new images, will it do as well?
no Just as well
yes A little worse, as a rule
no Better
because It was made to fit these. A fair line comes from other images: a quantile of normal scores needs no defect at all.
task Choose another source of the line, below the histogram.
hint “from”: labels, quantile, pasted blocks.
formula line
look scores`;

export const READY: readonly Ready[] = [
  { name: 'story', title: 'How does it work?', task: '', steps: STORY },
  { name: 'normal', title: 'What is normal?', task: '', steps: NORMAL },
  { name: 'small', title: 'How small can it see?', task: '', steps: SMALL },
  { name: 'grids', title: 'Two grids against one', task: '', steps: GRIDS },
  { name: 'line', title: 'False alarms and the price of a line', task: '', steps: LINE },
];

/** Null where there is none of this name. */
export const readyLesson = (name: string): Ready | null => READY.find((ready) => ready.name === name) ?? null;

/** Its words in the reader's language. */
export const inWords = <L extends Pick<Ready, 'title' | 'steps'>>(lesson: L): L => ({
  ...lesson,
  title: t(lesson.title),
  steps: lesson.steps.replace(
    /^(step|say|ask|yes|no|because|task|hint) (.+)$/gm,
    (_, word: string, text: string) => `${word} ${t(text)}`,
  ),
});

/** Opens one of them in place of whatever lesson is open. */
export const openReady = (name: string): void => setLesson({ ...NO_LESSON, ready: name });
