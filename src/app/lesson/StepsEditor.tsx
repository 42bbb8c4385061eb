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
import { inWords, readyLesson } from '../story/ready';
import { goTo } from '../story/telling';
import { setLesson } from './guardLesson';
import { sceneOnScreen } from './sceneOnScreen';
import { msg, t } from '../languages/texts';

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
    <section aria-label={t('Steps of the lesson')}>
      <h3 className="panel-title">{t('Steps')}</h3>
      <p className="small muted">
        {t(
          'Each asks for a prediction, shows what comes of it on the page, and waits until something is reached.',
        )}
      </p>
      {steps.map((step, at) => (
        <details key={at} onToggle={(event) => event.currentTarget.open && goTo(at)}>
          <summary>
            {at + 1}. {step.title || t('Without a title')}
          </summary>
          <StepForm step={step} onChange={(part) => change(at, part)} />
          <div className="row">
            <button type="button" className="button quiet" disabled={at === 0} onClick={() => move(at, -1)}>
              {t('Earlier')}
            </button>
            <button
              type="button"
              className="button quiet"
              disabled={at === steps.length - 1}
              onClick={() => move(at, 1)}
            >
              {t('Later')}
            </button>
            <span className="spring" />
            <IconButton
              icon="trash"
              label={t('Remove step {at}', { at: at + 1 })}
              onClick={() => put(steps.filter((_, index) => index !== at))}
            />
          </div>
        </details>
      ))}
      <button
        type="button"
        className="button"
        disabled={steps.length === MOST.steps}
        onClick={() => put([...steps, newStep(t('Step {steps}', { steps: steps.length + 1 }))])}
      >
        {t('Add a step')}
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
    const { title, task, steps } = inWords(lesson);
    setLesson({ ...getState().view.lesson, title, task, steps, ready: '' });
    onTaken();
  };
  return (
    <section aria-label={t('Steps of the lesson')}>
      <h3 className="panel-title">{t('Steps')}</h3>
      <p className="small muted">
        {t('“{title}” comes with the page; its link stays short.', { title: t(lesson.title) })}
      </p>
      <button type="button" className="button" onClick={take}>
        {t('Change its steps in a copy')}
      </button>
    </section>
  );
}

function LinkLength() {
  const length = useApp(() => shareAddress().length);
  return (
    <p className="small muted" role={length > MAX_LENGTH ? 'alert' : undefined}>
      {t('The link has {length, number} characters{what}', {
        length,
        what:
          length > MAX_LENGTH
            ? t('; more than {MAX_LENGTH, number} are not read. Shorten the steps.', { MAX_LENGTH })
            : '.',
      })}
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
      {words(t('Title'), 'title')}
      {words(t('What it says'), 'text', 3)}
      {words(t('Question'), 'question', 2)}
      <Choices step={step} onChange={onChange} />
      {words(t('Said after the answer'), 'answer', 3)}
      <SceneForm step={step} onChange={onChange} />
      {words(t('Then the reader is to'), 'task', 2)}
      <Conditions step={step} onChange={onChange} />
      {words(t('Hint'), 'hint', 2)}
      <label className="row">
        {t('Formula with its number')}
        <span className="spring" />
        <select
          className="select"
          value={step.formula ?? ''}
          onChange={({ target }) =>
            onChange({ formula: FORMULAS.find((formula) => formula === target.value) ?? null })
          }
        >
          <option value="">{t('none')}</option>
          {FORMULAS.map((formula) => (
            <option key={formula} value={formula}>
              {t(ENTRIES[formula].name)}
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
      <legend className="small muted">{t('Answers to choose from; tick what is right')}</legend>
      {choices.map(({ text, right }, at) => (
        <div key={at} className="row">
          <input
            type="checkbox"
            aria-label={t('Answer {at} is right', { at: at + 1 })}
            checked={right}
            onChange={({ target }) => put(at, { right: target.checked })}
          />
          <input
            type="text"
            className="lesson-words grow"
            aria-label={t('Answer {at}', { at: at + 1 })}
            value={text}
            maxLength={LENGTHS.choice}
            onChange={({ target }) => put(at, { text: target.value })}
          />
          <IconButton
            icon="close"
            label={t('Remove answer {at}', { at: at + 1 })}
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
          {t('Add an answer')}
        </button>
      </div>
    </fieldset>
  );
}

/** What the page does once the question is answered: set up by hand, then taken from the screen. */
function SceneForm({ step: { scene }, onChange }: FormProps) {
  const names = Object.entries(scene.set).map(
    ([name, value]) => `${t(PARAMS[name as ParamName].label)} ${String(value)}`,
  );
  const said = [
    scene.image && t('image: {image}', { image: scene.image }),
    ...names,
    scene.line !== null && t('threshold: {line}', { line: scene.line }),
    scene.data && t('data set: {data}', { data: scene.data }),
  ].filter(Boolean);
  return (
    <fieldset className="step-form">
      <legend className="small muted">{t('What the page then shows')}</legend>
      <p className="small">{said.length > 0 ? said.join(', ') : t('Stays as it is.')}</p>
      <div className="row">
        <button
          type="button"
          className="button"
          onClick={() => onChange({ scene: { ...sceneOnScreen(getState()), train: scene.train } })}
        >
          {t('Take what is on screen')}
        </button>
        <button type="button" className="button quiet" onClick={() => onChange({ scene: NO_SCENE })}>
          {t('Nothing')}
        </button>
      </div>
      <Select
        label={t('Image')}
        value={['normal', 'defect', 'training', ''].includes(scene.image) ? scene.image : 'this'}
        options={{
          '': t('as it is'),
          normal: t('a normal one'),
          defect: t('a defect'),
          training: t('of training'),
          ...(['normal', 'defect', 'training', ''].includes(scene.image) ? {} : { this: scene.image }),
        }}
        onChange={(image) => image !== 'this' && onChange({ scene: { ...scene, image } })}
      />
      <Select
        label={t('Training')}
        value={String(scene.train ?? '')}
        options={{ '': msg('none'), '1': t('to the end of stage 1'), '2': t('to its end') }}
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
            {t(text)}
          </option>
        ))}
      </select>
    </label>
  );
}

const QUANTITY_NAMES: Record<Quantity, string> = {
  score: msg('score of the image'),
  line: msg('threshold'),
  label: msg('label (0 normal, 1 defect)'),
  pasted: msg('block pasted (1 yes)'),
  side: msg('side of the block'),
  intensity: msg('intensity, sigma'),
  found: msg('defects found'),
  missed: msg('defects missed'),
  alarms: msg('good ones flagged'),
  stage1: msg('share of stage 1'),
  stage2: msg('share of stage 2'),
  pointed: msg('image pointed at (1 yes)'),
};

const RELATION_NAMES: Record<Relation, string> = { above: msg('above'), below: msg('below'), is: msg('is') };

/** By which it is seen that the reader is there: all of them. */
function Conditions({ step: { until }, onChange }: FormProps) {
  const put = (at: number, part: Partial<Condition>) =>
    onChange({ until: until.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <fieldset className="step-form">
      <legend className="small muted">{t('Reached when')}</legend>
      {until.map(({ what, relation, than }, at) => (
        <div key={at} className="row">
          <Select
            label={null}
            name={t('Condition {at}, of what', { at: at + 1 })}
            value={what}
            options={QUANTITY_NAMES}
            onChange={(value) => put(at, { what: value as Quantity })}
          />
          <Select
            label={null}
            name={t('Condition {at}, relation', { at: at + 1 })}
            value={relation}
            options={RELATION_NAMES}
            onChange={(value) => put(at, { relation: value as Relation })}
          />
          <Than at={at} than={than} onChange={(value) => put(at, { than: value })} />
          <IconButton
            icon="close"
            label={t('Remove condition {at}', { at: at + 1 })}
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
          {t('Add a condition')}
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
      aria-label={t('Condition {at}, a number or “line”', { at: at + 1 })}
      value={draft ?? String(than)}
      onChange={({ target }) => take(target.value)}
      onBlur={() => setDraft(null)}
    />
  );
}

const LOOK_NAMES: Record<Look, string> = {
  image: msg('image only'),
  images: msg('images'),
  block: msg('block'),
  scores: msg('scores'),
  training: msg('training'),
};

function Looks({ step: { look }, onChange }: FormProps) {
  const toggle = (name: Look, on: boolean) =>
    onChange({ look: LOOKS.filter((other) => (other === name ? on : look.includes(other))) });
  return (
    <fieldset className="row wrap">
      <legend className="small muted">{t('It is about (nothing ticked: all)')}</legend>
      {LOOKS.map((name) => (
        <label key={name} className="row">
          <input
            type="checkbox"
            checked={look.includes(name)}
            onChange={({ target }) => toggle(name, target.checked)}
          />
          {t(LOOK_NAMES[name])}
        </label>
      ))}
    </fieldset>
  );
}
