// Titillium Web from our own files: the letters of Italian and its neighbours, in three weights. Each
// says for which letters it is, so that those beyond Latin-1 are fetched when one of them is shown.
import '@fontsource/titillium-web/400.css';
import '@fontsource/titillium-web/600.css';
import '@fontsource/titillium-web/700.css';
