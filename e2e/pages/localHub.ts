// A page built for a mirror, and the mirror: the local Hub of src/testing with real redirects, ranges and CORS. The
// policy that the build would have written for it is added to the answers of the page's own server.
import type { BrowserContext } from '@playwright/test';
import { startHubServer, type HubServer } from '../../src/testing/hubServer';

const POLICY = 'content-security-policy';

export async function startLocalHub(context: BrowserContext, file: Uint8Array): Promise<HubServer> {
  const hub = await startHubServer(file);
  const sources = `connect-src 'self' ${hub.url} ${hub.storeUrl}`;
  const allow = (text: string) => text.replaceAll("connect-src 'self'", sources);
  // Pages from a tampered answer count as coming from nowhere; the browser then asks before they reach this machine.
  await context.grantPermissions(['local-network-access']).catch(() => undefined);
  await context.route(/^http:\/\/localhost:\d+\/$|\/worker[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = headers[POLICY];
    await route.fulfill({
      response,
      headers: { ...headers, ...(policy && { [POLICY]: allow(policy) }) },
      body: allow(await response.text()),
    });
  });
  return hub;
}
