import './fonts';
import '../out/style/bootstrap-italia.css';
import './app/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { Visit } from './app/visit';

const place = document.getElementById('page');
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <App visit={new Visit()} />
    </StrictMode>,
  );
}
