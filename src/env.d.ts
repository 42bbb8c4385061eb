// Build-time constants (vite.config.ts).
interface ImportMetaEnv {
  /** Base URL of a mirror of the Hub, or nothing. */
  readonly GRAD_HUB: string;
  /** Version of the program with a digest of what it is made of (scripts/buildName.ts). */
  readonly GRAD_BUILD: string;
}
