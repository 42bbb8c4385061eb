// Chooses the language: each is called by its own name, so that it is found whatever the page speaks now.
import { Icon } from '../controls/Icon';
import { chooseLanguage, LANGUAGES, nameOf, useLanguage } from './language';
import { t } from './texts';
import './languages.css';

export function LanguageSelect({ compact = false }: { compact?: boolean }) {
  const language = useLanguage();
  return (
    <span className={`language ${compact ? 'compact' : ''}`} title={t('Language')}>
      <Icon name="language" />
      <select
        className="select"
        aria-label={t('Language')}
        value={language}
        onChange={(event) => void chooseLanguage(event.target.value)}
      >
        {LANGUAGES.map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {nameOf(tag)}
          </option>
        ))}
      </select>
    </span>
  );
}
