// Mounts the page: reads the address, shows the bundled set at once, and starts the engine after the first paint. Not in
// someone else's frame.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { boot } from './shell/boot';
import { App } from './App';
import './index.css';

function start(): void {
  boot();
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

if (top === self) start();
else void import('./shell/framing').then(({ whereAllowed }) => whereAllowed(start));
