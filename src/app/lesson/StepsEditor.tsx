// The steps of a lesson, each in a form of its own: words, question, what the page does then, what is to be reached.
// Every change is in the lesson, and on the page beside, at once.
import { useState, type ReactNode } from 'react';
import { plainText, STEPS_LENGTH } from '../../settings/lesson';
import { MAX_LENGTH } from '../../settings/link';
import {
  FORMULAS,
  LENGTHS,
  LOOKS,
  MOST,
  newStep,
  NO_SCENE,
  QUANTITIES,
  readStory,
  RELATIONS,
  writeStory,
  type Condition,
  type Look,
  type Quantity,
  type Relation,
  type Step,
} from '../../settings/story';
import { PARAMS, type ParamName } from '../../settings/table';
import { IconButton } from '../controls/IconButton';
import { shareAddress } from '../share/linkSync';
import { getState, useApp } from '../shell/store';
import { ENTRIES } from '../story/formulas';
import { readyLesson } from '../story/ready';
import { goTo } from '../story/telling';
import { setLesson } from './guardLesson';
import { sceneOnScreen } from './sceneOnScreen';

const stored = () => readStory(getState().view.lesson.steps).steps;

export default function StepsEditor() {
  const ready = useApp((state) => state.view.lesson.ready);
  const [steps, setSteps] = useState(stored);
  const put = (next: readonly Step[]) => {
    setSteps([...next]);
    setLesson({
      ...getState().view.lesson,
      steps: plainText(writeStory(next), STEPS_LENGTH, true),
    });
  };
  const change = (at: number, part: Partial<Step>) =>
    put(steps.map((step, index) => (index === at ? { ...step, ...part } : step)));
  const move = (at: number, by: 1 | -1) => {
    const next = [...steps];
    [next[at], next[at + by]] = [next[at + by]!, next[at]!];
    put(next);
  };
  if (ready !== '') return <OwnCopy name={ready} onTaken={() => setSteps(stored())} />;
  return (
    <section aria-label="Steps of the lesson">
      <h3 className="panel-title">Steps</h3>
      <p className="small muted">
        Each asks for a prediction, shows what comes of it on the page, and waits until something is reached.
      </p>
      {steps.map((step, at) => (
        <details key={at} onToggle={(event) => event.currentTarget.open && goTo(at)}>
          <summary>
            {at + 1}. {step.title || 'Without a title'}
          </summary>
          <StepForm step={step} onChange={(part) => change(at, part)} />
          <div className="row">
            <button type="button" className="button quiet" disabled={at === 0} onClick={() => move(at, -1)}>
              Earlier
            </button>
            <button
              type="button"
              className="button quiet"
              disabled={at === steps.length - 1}
              onClick={() => move(at, 1)}
            >
              Later
            </button>
            <span className="spring" />
            <IconButton
              icon="trash"
              label={`Remove step ${at + 1}`}
              onClick={() => put(steps.filter((_, index) => index !== at))}
            />
          </div>
        </details>
      ))}
      <button
        type="button"
        className="button"
        disabled={steps.length === MOST.steps}
        onClick={() => put([...steps, newStep(`Step ${steps.length + 1}`)])}
      >
        Add a step
      </button>
      {steps.length > 0 && <LinkLength />}
    </section>
  );
}

/** A lesson that came with the page is changed as a copy, which is then in the link whole. */
function OwnCopy({ name, onTaken }: { name: string; onTaken: () => void }) {
  const lesson = readyLesson(name);
  if (!lesson) return null;
  const take = () => {
    const { title, task, steps } = lesson;
    setLesson({ ...getState().view.lesson, title, task, steps, ready: '' });
    onTaken();
  };
  return (
    <section aria-label="Steps of the lesson">
      <h3 className="panel-title">Steps</h3>
      <p className="small muted">“{lesson.title}” comes with the page; its link stays short.</p>
      <button type="button" className="button" onClick={take}>
        Change its steps in a copy
      </button>
    </section>
  );
}

function LinkLength() {
  const length = useApp(() => shareAddress().length);
  return (
    <p className="small muted" role={length > MAX_LENGTH ? 'alert' : undefined}>
      The link has {length.toLocaleString('en')} characters
      {length > MAX_LENGTH
        ? `; more than ${MAX_LENGTH.toLocaleString('en')} are not read. Shorten the steps.`
        : '.'}
    </p>
  );
}

interface FormProps {
  step: Step;
  onChange: (part: Partial<Step>) => void;
}

function StepForm({ step, onChange }: FormProps) {
  const words = (
    label: string,
    key: 'title' | 'text' | 'question' | 'answer' | 'task' | 'hint',
    rows = 1,
  ) => (
    <Words
      label={label}
      value={step[key]}
      length={LENGTHS[key]}
      rows={rows}
      onChange={(value) => onChange({ [key]: value })}
    />
  );
  return (
    <div className="step-form">
      {words('Title', 'title')}
      {words('What it says', 'text', 3)}
      {words('Question', 'question', 2)}
      <Choices step={step} onChange={onChange} />
      {words('Said after the answer', 'answer', 3)}
      <SceneForm step={step} onChange={onChange} />
      {words('Then the reader is to', 'task', 2)}
      <Conditions step={step} onChange={onChange} />
      {words('Hint', 'hint', 2)}
      <label className="row">
        Formula with its number
        <span className="spring" />
        <select
          className="select"
          value={step.formula ?? ''}
          onChange={({ target }) =>
            onChange({ formula: FORMULAS.find((formula) => formula === target.value) ?? null })
          }
        >
          <option value="">none</option>
          {FORMULAS.map((formula) => (
            <option key={formula} value={formula}>
              {ENTRIES[formula].name}
            </option>
          ))}
        </select>
      </label>
      <Looks step={step} onChange={onChange} />
    </div>
  );
}

interface WordsProps {
  label: string;
  value: string;
  length: number;
  rows: number;
  onChange: (value: string) => void;
}

function Words({ label, value, length, rows, onChange }: WordsProps) {
  const box = {
    className: 'lesson-words',
    value,
    maxLength: length,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  return (
    <label className="lesson-field">
      {label}
      {rows > 1 ? <textarea {...box} rows={rows} /> : <input {...box} type="text" />}
    </label>
  );
}

function Choices({ step: { choices }, onChange }: FormProps) {
  const put = (at: number, part: Partial<Step['choices'][number]>) =>
    onChange({ choices: choices.map((choice, index) => (index === at ? { ...choice, ...part } : choice)) });
  return (
    <fieldset className="step-form">
      <legend className="small muted">Answers to choose from; tick what is right</legend>
      {choices.map(({ text, right }, at) => (
        <div key={at} className="row">
          <input
            type="checkbox"
            aria-label={`Answer ${at + 1} is right`}
            checked={right}
            onChange={({ target }) => put(at, { right: target.checked })}
          />
          <input
            type="text"
            className="lesson-words grow"
            aria-label={`Answer ${at + 1}`}
            value={text}
            maxLength={LENGTHS.choice}
            onChange={({ target }) => put(at, { text: target.value })}
          />
          <IconButton
            icon="close"
            label={`Remove answer ${at + 1}`}
            onClick={() => onChange({ choices: choices.filter((_, index) => index !== at) })}
          />
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button quiet"
          disabled={choices.length === MOST.choices}
          onClick={() => onChange({ choices: [...choices, { text: '', right: false }] })}
        >
          Add an answer
        </button>
      </div>
    </fieldset>
  );
}

/** What the page does once the question is answered: set up by hand, then taken from the screen. */
function SceneForm({ step: { scene }, onChange }: FormProps) {
  const names = Object.entries(scene.set).map(
    ([name, value]) => `${PARAMS[name as ParamName].label} ${String(value)}`,
  );
  const said = [
    scene.image && `image: ${scene.image}`,
    ...names,
    scene.line !== null && `threshold: ${scene.line}`,
    scene.data && `data set: ${scene.data}`,
  ].filter(Boolean);
  return (
    <fieldset className="step-form">
      <legend className="small muted">What the page then shows</legend>
      <p className="small">{said.length > 0 ? said.join(', ') : 'Stays as it is.'}</p>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={() => onChange({ scene: { ...sceneOnScreen(getState()), train: scene.train } })}
        >
          Take what is on screen
        </button>
        <button type="button" className="button quiet" onClick={() => onChange({ scene: NO_SCENE })}>
          Nothing
        </button>
      </div>
      <Select
        label="Image"
        value={['normal', 'defect', 'training', ''].includes(scene.image) ? scene.image : 'this'}
        options={{
          '': 'as it is',
          normal: 'a normal one',
          defect: 'a defect',
          training: 'of training',
          ...(['normal', 'defect', 'training', ''].includes(scene.image) ? {} : { this: scene.image }),
        }}
        onChange={(image) => image !== 'this' && onChange({ scene: { ...scene, image } })}
      />
      <Select
        label="Training"
        value={String(scene.train ?? '')}
        options={{ '': 'none', '1': 'to the end of stage 1', '2': 'to its end' }}
        onChange={(value) =>
          onChange({ scene: { ...scene, train: value === '1' ? 1 : value === '2' ? 2 : null } })
        }
      />
    </fieldset>
  );
}

interface SelectProps {
  label: ReactNode;
  name?: string;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
}

function Select({ label, name, value, options, onChange }: SelectProps) {
  return (
    <label className="row">
      {label}
      {label !== null && <span className="spring" />}
      <select
        className="select"
        aria-label={name}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      >
        {Object.entries(options).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

const QUANTITY_NAMES: Record<Quantity, string> = {
  score: 'score of the image',
  line: 'threshold',
  label: 'label (0 normal, 1 defect)',
  pasted: 'block pasted (1 yes)',
  side: 'side of the block',
  intensity: 'intensity, sigma',
  found: 'defects found',
  missed: 'defects missed',
  alarms: 'good ones flagged',
  stage1: 'share of stage 1',
  stage2: 'share of stage 2',
  pointed: 'image pointed at (1 yes)',
};

const RELATION_NAMES: Record<Relation, string> = { above: 'above', below: 'below', is: 'is' };

/** By which it is seen that the reader is there: all of them. */
function Conditions({ step: { until }, onChange }: FormProps) {
  const put = (at: number, part: Partial<Condition>) =>
    onChange({ until: until.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <fieldset className="step-form">
      <legend className="small muted">Reached when</legend>
      {until.map(({ what, relation, than }, at) => (
        <div key={at} className="row">
          <Select
            label={null}
            name={`Condition ${at + 1}, of what`}
            value={what}
            options={QUANTITY_NAMES}
            onChange={(value) => put(at, { what: value as Quantity })}
          />
          <Select
            label={null}
            name={`Condition ${at + 1}, relation`}
            value={relation}
            options={RELATION_NAMES}
            onChange={(value) => put(at, { relation: value as Relation })}
          />
          <Than at={at} than={than} onChange={(value) => put(at, { than: value })} />
          <IconButton
            icon="close"
            label={`Remove condition ${at + 1}`}
            onClick={() => onChange({ until: until.filter((_, index) => index !== at) })}
          />
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button quiet"
          disabled={until.length === MOST.conditions}
          onClick={() =>
            onChange({ until: [...until, { what: 'score', relation: RELATIONS[0], than: 'line' }] })
          }
        >
          Add a condition
        </button>
      </div>
    </fieldset>
  );
}

/** A number, or the name of another quantity as the text form has it. */
function Than({
  at,
  than,
  onChange,
}: {
  at: number;
  than: Condition['than'];
  onChange: (value: Condition['than']) => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const take = (typed: string) => {
    setDraft(typed);
    const quantity = QUANTITIES.find((name) => name === typed.trim());
    const number = typed.trim() === '' ? NaN : Number(typed);
    if (quantity) onChange(quantity);
    else if (Number.isFinite(number)) onChange(number);
  };
  return (
    <input
      type="text"
      className="number-box"
      aria-label={`Condition ${at + 1}, a number or “line”`}
      value={draft ?? String(than)}
      onChange={({ target }) => take(target.value)}
      onBlur={() => setDraft(null)}
    />
  );
}

const LOOK_NAMES: Record<Look, string> = {
  image: 'image only',
  images: 'images',
  block: 'block',
  scores: 'scores',
  training: 'training',
};

function Looks({ step: { look }, onChange }: FormProps) {
  const toggle = (name: Look, on: boolean) =>
    onChange({ look: LOOKS.filter((other) => (other === name ? on : look.includes(other))) });
  return (
    <fieldset className="row wrap">
      <legend className="small muted">It is about (nothing ticked: all)</legend>
      {LOOKS.map((name) => (
        <label key={name} className="row">
          <input
            type="checkbox"
            checked={look.includes(name)}
            onChange={({ target }) => toggle(name, target.checked)}
          />
          {LOOK_NAMES[name]}
        </label>
      ))}
    </fieldset>
  );
}
