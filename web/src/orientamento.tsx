// The room Orientamento as a page by itself: small, and without the client core.
import './fonts';
import '../out/style/bootstrap-italia.css';
import './app/page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Alone } from './orientation/Alone';

// All letters now: a browser fetches those of a language when it is first shown, and from here
// on this page fetches nothing.
document.fonts.forEach((face) => {
  face.load().catch(() => undefined); // without them the browser's own letters do
});

const place = document.getElementById('page');
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <Alone />
    </StrictMode>,
  );
}
