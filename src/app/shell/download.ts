// Hands a file made here to the browser's downloads.

/** Saves `content` under a name that every file system takes. */
export function download(content: Blob | string, name: string, type = 'text/plain'): void {
  const file = typeof content === 'string' ? new Blob([content], { type }) : content;
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name.replace(/[^a-z0-9.-]+/gi, '-');
  link.click();
  // The browser has its own hold on the file once the download has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
