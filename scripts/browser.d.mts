export const BROWSER_ARGS: string[];
export function findBrowser(): string | null;
export function ensureBrowser(): string;
export function vulkanEnvironment(browser: string): Record<string, string>;
