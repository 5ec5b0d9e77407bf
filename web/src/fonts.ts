// Titillium Web from our own files: the letters of Italian and its neighbours, in three weights.
import '@fontsource/titillium-web/latin-400.css';
import '@fontsource/titillium-web/latin-600.css';
import '@fontsource/titillium-web/latin-700.css';
import '@fontsource/titillium-web/latin-ext-400.css';
import '@fontsource/titillium-web/latin-ext-600.css';
import '@fontsource/titillium-web/latin-ext-700.css';
