// Mounts the page: reads the address, shows the bundled set at once, and starts the engine after the first paint. Not in
// someone else's frame.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { boot } from './shell/boot';
import { App } from './App';
import { restoreLanguage } from './languages/language';
import './index.css';

async function start(): Promise<void> {
  const words = restoreLanguage();
  boot();
  await words;
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

if (top === self) void start();
else {
  void Promise.all([import('./shell/framing'), restoreLanguage()]).then(([{ whereAllowed }]) =>
    whereAllowed(() => void start()),
  );
}
