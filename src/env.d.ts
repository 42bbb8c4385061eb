// Build-time constants (vite.config.ts).
interface ImportMetaEnv {
  /** Base URL of a mirror of the Hub, or nothing. */
  readonly GRAD_HUB: string;
}
