// Name and mark: two overlapping grids, one cell of which stands out.
export function Wordmark({ compact }: { compact: boolean }) {
  return (
    <h1 className="wordmark">
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
        <path className="mark-back" d="M6.5 1.5h12v12h-12zM10.5 1.5v12M14.5 1.5v12M6.5 5.5h12M6.5 9.5h12" />
        <path className="mark-front" d="M1.5 6.5h12v12h-12zM5.5 6.5v12M9.5 6.5v12M1.5 10.5h12M1.5 14.5h12" />
        <path className="mark-cell" d="M9.5 6.5h4v4h-4z" />
      </svg>
      <span className={compact ? 'visually-hidden' : ''}>GRAD Playground</span>
    </h1>
  );
}
