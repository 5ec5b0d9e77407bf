// The room Orientamento as a page by itself: small, and without the client core.
import './fonts';
import '../out/style/bootstrap-italia.css';
import './app/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Alone } from './orientation/Alone';

const place = document.getElementById('page');
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <Alone />
    </StrictMode>,
  );
}
