// The class of an image in a set of several: what stands before the last slash of its type. One rule for figures,
// tables and the command line.

/** `bottle` of `bottle/crack`; null for a type that names no class. */
export function classOf(type: string): string | null {
  const slash = type.lastIndexOf('/');
  return slash > 0 ? type.slice(0, slash) : null;
}
