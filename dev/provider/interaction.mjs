// The provider's one page: a button for each account, and no password.

// interactionPath is where the pages are, before the interaction's id.
export const interactionPath = '/interaction/';

const maxFormBytes = 4096;

// answerInteraction shows the page, or signs in as the account that was chosen on it.
export async function answerInteraction(provider, accounts, req, res) {
  try {
    const details = await provider.interactionDetails(req, res);
    if (req.method === 'POST') {
      await choose(provider, accounts, req, res);
    } else {
      page(res, 200, choices(details.uid, accounts));
    }
  } catch (err) {
    // The interaction expired, or the form was not ours.
    page(res, 400, `<p>Accesso non riuscito: ${escape(err.message)}</p>`);
  }
}

async function choose(provider, accounts, req, res) {
  const account = accounts.get(new URLSearchParams(await readForm(req)).get('account'));
  if (account === undefined) {
    throw new Error('account sconosciuto');
  }
  const { sub: accountId, acr, amr } = account;
  await provider.interactionFinished(req, res, { login: { accountId, acr, amr } }, { mergeWithLastSubmission: false });
}

async function readForm(req) {
  let text = '';
  for await (const chunk of req) {
    text += chunk;
    if (text.length > maxFormBytes) {
      throw new Error('modulo troppo lungo');
    }
  }
  return text;
}

function choices(uid, accounts) {
  return [...accounts.values()].map(({ sub, label }) => `
<form method="post" action="${interactionPath}${escape(uid)}">
<input type="hidden" name="account" value="${escape(sub)}">
<p><button type="submit">Entra come: ${escape(label)}</button></p>
</form>`).join('');
}

// logoutPage asks whether to sign out here; the form is the library's, without a button.
export function logoutPage(ctx, form) {
  const button = '<button type="submit" name="logout" value="yes">Esci</button></form>';
  ctx.type = 'text/html; charset=utf-8';
  ctx.set('cache-control', 'no-store');
  ctx.body = html(form.replace('</form>', button));
}

function page(res, status, body) {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  res.end(html(body));
}

function html(body) {
  return `<!DOCTYPE html>
<html lang="it">
<head><meta charset="utf-8"><title>Accesso di prova</title></head>
<body>
<h1>Accesso di prova</h1>
<p>Fornitore di identità per lo sviluppo: nessuna password, nessuna persona vera.</p>${body}
</body>
</html>
`;
}

function escape(text) {
  return String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
