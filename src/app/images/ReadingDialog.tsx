// How files are read, as a table: how many of which folder are what, three of each to look at, and what a folder holds can be
// said otherwise. Shown by itself where the names leave something open.
import { useEffect, useState } from 'react';
import { answerReading, AS_NAMED, pictureOf, sayOfFolder, type Role } from './arriving';
import type { ReadingView } from './largeLoadSlice';
import { useModal } from '../hooks/useModal';
import type { ReadingRow } from '../../lib/datasets/layouts/report';
import { msg, said, t } from '../languages/texts';
import { typeWords } from './classes';
import './reading.css';

const ROLES: readonly [Role, string][] = [
  ['train', msg('Normal, to train on')],
  ['validation', msg('Normal, to draw the line with')],
  ['test-normal', msg('Normal, to test')],
  ['anomalous', msg('Anomalous, to test')],
  ['anomalous-train', msg('Anomalous, to learn from')],
  ['unknown', msg('To test, not labelled')],
  ['mask', msg('Masks')],
  ['ignore', msg('Left out')],
];

export default function ReadingDialog({ reading: { summary, rows, questions } }: { reading: ReadingView }) {
  const dialog = useModal();
  const images = rows.some(({ as }) => as === 'train' || as === 'validation' || as === 'test');
  return (
    <dialog
      ref={dialog}
      className="reading-dialog"
      aria-labelledby="reading-title"
      onCancel={(event) => {
        event.preventDefault();
        answerReading(false);
      }}
      onClose={() => answerReading(false)}
    >
      <h2 id="reading-title">{t('How these files are read')}</h2>
      <p aria-live="polite">{summary}</p>
      {questions.length > 0 && (
        <ul className="reading-questions">
          {questions.map((question) => (
            <li key={question}>{question}</li>
          ))}
        </ul>
      )}
      <div className="reading-rows" tabIndex={0} role="region" aria-label={t('Folders')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('Folder')}</th>
              <th scope="col">{t('Files')}</th>
              <th scope="col">{t('Some of them')}</th>
              <th scope="col">{t('Read as')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={keyOf(row)} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <button
          type="button"
          className="button primary"
          disabled={!images}
          onClick={() => answerReading(true)}
        >
          {t('Load')}
        </button>
        <span className="spring" />
        <button type="button" className="button" onClick={() => answerReading(false)}>
          {t('Cancel')}
        </button>
      </div>
    </dialog>
  );
}

const keyOf = ({ folder, as, label, type, category, reason }: ReadingRow) =>
  [folder, as, label, category, type, reason].join('\n');

function Row({ row }: { row: ReadingRow }) {
  const { folder, count, masks, examples, reason, type, label } = row;
  const name = folder || t('beside the folders');
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {t('{count, number}', { count })}
        {masks > 0 && <span className="muted"> {t('({masks, number} with masks)', { masks })}</span>}
      </td>
      <td className="reading-examples">
        {examples.map((path) => (
          <Example key={path} path={path} />
        ))}
      </td>
      <td>
        <select
          aria-label={t('What {name} holds', { name })}
          value={roleOf(row)}
          onChange={(event) => void sayOfFolder(folder, event.target.value as Role | typeof AS_NAMED)}
        >
          {ROLES.map(([role, text]) => (
            <option key={role} value={role}>
              {t(text)}
            </option>
          ))}
          <option value={AS_NAMED}>{t('As names and masks say')}</option>
        </select>
        {(reason || label === 1) && (
          <div className="small muted">{reason ? said(reason) : typeWords(type)}</div>
        )}
      </td>
    </tr>
  );
}

function roleOf({ as, label }: ReadingRow): Role {
  if (as === 'mask' || (as === 'validation' && label === 0)) return as;
  if (as === 'ignored') return 'ignore';
  if (label === 1) return as === 'train' ? 'anomalous-train' : 'anomalous';
  return as === 'train' ? 'train' : label === 0 ? 'test-normal' : 'unknown';
}

/** A small picture; nothing for what is none. */
function Example({ path }: { path: string }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    void pictureOf(path).then((blob) => {
      if (gone || !blob || !/\.(png|jpe?g|webp|bmp)$/i.test(path)) return;
      setUrl((made = URL.createObjectURL(blob)));
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [path]);
  const name = path.split('/').at(-1)!;
  return url ? <img src={url} alt={name} title={path} /> : <span className="small muted">{`${name} `}</span>;
}
