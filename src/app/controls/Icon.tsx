// The few icons of the page, drawn on a 16 px grid with one stroke width. Decoration only: the accessible name
// belongs to the button around it.
const PATHS = {
  play: 'M4.5 2.5v11l9-5.5z',
  pause: 'M4.5 3v10M11.5 3v10',
  step: 'M3.5 3v10l7-5zM12.5 3v10',
  stop: 'M4 4h8v8H4z',
  present: 'M1.5 2.5h13M2.5 2.5v8h11v-8M8 10.5v3M5 14l3-1 3 1',
  save: 'M8 2v8.5M5 7.5l3 3 3-3M3 11v3h10v-3',
  share: 'M8 10V2M5 4.5 8 1.5l3 3M4.5 7H3v7h10V7h-1.5',
  help: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.4 8.6 8 9 8 10M8 12.5v.01',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  system: 'M2 3h12v8H2zM6 14h4M8 11v3',
  settings: 'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.5v4M6 9.5v4',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2v3h3',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.5 9.5h7L12 4',
  lock: 'M4 7h8v6.5H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
  dice: 'M3 3h10v10H3zM5.7 5.7v.01M10.3 5.7v.01M8 8v.01M5.7 10.3v.01M10.3 10.3v.01',
  folder: 'M2 4h4l1.5 1.5H14v7.5H2z',
  image: 'M2 3h12v10H2zM2 11l3.5-3.5 3 3 2-2L14 11.5M10.5 6v.01',
  weights: 'M3 13V7M6.5 13V3M10 13V8.5M13.5 13V5',
  compare: 'M2.5 13.5v-5h2.5v5zM6.75 13.5v-11h2.5v11zM11 13.5V6h2.5v7.5z',
  move: 'M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2',
  warning: 'M8 2 1.5 13.5h13zM8 6.5v3.5M8 12v.01',
  info: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 7.5v3.5M8 5v.01',
  check: 'M3 8.5l3.5 3.5L13 4.5',
  chevronUp: 'M3 10.5l5-5 5 5',
  chevronDown: 'M3 5.5l5 5 5-5',
  eye: 'M1.5 8s2.5-4.5 6.5-4.5S14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  more: 'M3.5 8v.01M8 8v.01M12.5 8v.01',
  selectSeveral: 'M5.5 2.5h8v8M2.5 5.5h8v8h-8zM4.5 9.5l1.5 1.5 2.5-3',
  undo: 'M6 3 2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H6',
  redo: 'M10 3l3.5 3.5L10 10M13.5 6.5H6a3.5 3.5 0 0 0 0 7h4',
  brush: 'M13.5 2.5 6.5 9.5M6 9l1 1c0 2.5-1.5 3.5-4.5 3.5C4 12 3.5 10 6 9z',
  language: 'M1.5 4h7.5M5 2.5V4M7.5 4C7 6.5 5 8.5 2 9.5M3 4.5c.5 2 2.5 4 5 5M8 14l3-7.5L14 14M9 11.5h4',
  outline: 'M4 3.5c3-2 8-1 9 3s-2 7-5.5 6.5S1.5 6 4 3.5z',
  camera: 'M2 4.5h3L6.5 3h3L11 4.5h3v8H2zM8 10.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  eraser: 'M6 13 2.5 9.5l6-6L13 8l-5 5zM5.5 6.5l4.5 4.5M6 13h7.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' || name === 'dice' ? 2 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
