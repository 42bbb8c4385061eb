// The name of a file in an archive, made harmless: relative, forward slashes, no steps upwards. Nothing here is ever
// written to a disk, but names reach layouts, sessions and the screen.

/** Characters that no file name has and that would spoil a line of text: control codes and the direction marks. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const DRIVE = /^[a-z]:/i;

/**
 * A path as it may be used: `./`, doubled and Windows separators are repaired.
 * @returns the relative path, or why the name is refused
 */
export function safePath(name: string, maxLength: number): { path: string } | { reason: string } {
  if (name.length > maxLength) return { reason: `its path is longer than ${maxLength} characters` };
  if (UNPRINTABLE.test(name)) return { reason: 'its path has control characters' };
  const unified = name.replaceAll('\\', '/');
  if (unified.startsWith('/') || DRIVE.test(unified)) return { reason: 'its path is absolute' };
  const parts = unified.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return { reason: 'its path leads out of the archive' };
  if (parts.length === 0) return { reason: 'it has no name' };
  return { path: parts.join('/') };
}

/** A refused name, fit for the screen. */
export const printable = (name: string): string =>
  name.replace(new RegExp(UNPRINTABLE, 'g'), '\ufffd').slice(0, 120);
