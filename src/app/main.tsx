// Mounts the page: reads the address, shows the bundled set at once, and starts the engine after the first paint.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { boot } from './shell/boot';
import { App } from './App';
import './index.css';

boot();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
