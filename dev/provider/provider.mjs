// The development OpenID provider: oidc-provider, independent of Varco's own code, with
// accounts named by role and a page that asks no password. For development, demo and
// tests only: it listens on loopback, keeps everything in memory, draws its keys at each
// start, and lets anybody be anybody.
//
//   node provider.mjs --clients clients.json --accounts accounts.json [--port N] [--with-parent]
//
// clients.json is a list of OpenID client metadata (client_id, redirect_uris, and either
// client_secret or jwks with token_endpoint_auth_method private_key_jwt). accounts.json is
// a list of {"sub", "label", "amr": […], "acr"}. When it listens, it prints one line of
// JSON, {"issuer": "http://127.0.0.1:N"}. With --with-parent it ends when its standard
// input does, so that it never outlives the program that started it.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import { answerInteraction, interactionPath, logoutPage } from './interaction.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    clients: { type: 'string' },
    accounts: { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
  },
});

const accounts = new Map(readList(options.accounts, 'accounts').map((account) => [account.sub, account]));
const clients = readList(options.clients, 'clients');

const server = createServer();
server.listen(Number(options.port), '127.0.0.1', async () => {
  // The issuer names the port, so it is known only now.
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = await newProvider(issuer);
  const answer = provider.callback();
  server.on('request', (req, res) => {
    if (new URL(req.url, issuer).pathname.startsWith(interactionPath)) {
      answerInteraction(provider, accounts, req, res);
    } else {
      answer(req, res);
    }
  });
  console.log(JSON.stringify({ issuer }));
});

if (options['with-parent']) {
  process.stdin.resume();
  process.stdin.on('end', () => process.exit(0));
}
process.on('SIGTERM', () => process.exit(0));

// readList returns the list in a JSON file.
function readList(file, name) {
  if (file === undefined) {
    throw new Error(`--${name} FILE is missing`);
  }
  const list = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(list)) {
    throw new Error(`${file} does not hold a list`);
  }
  return list;
}

// signingKey draws an ES256 key; it is in no file.
function signingKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' };
}

async function newProvider(issuer) {
  const { Provider, createMemoryAdapter } = await importQuietly();
  const provider = new Provider(issuer, {
    // Given by name because the default one warns at every start.
    adapter: createMemoryAdapter(15),
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients,
    clientDefaults: {
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: 'ES256',
      token_endpoint_auth_method: 'client_secret_basic',
    },
    responseTypes: ['code'],
    scopes: ['openid'],
    // Listed under openid, or the ID token would leave them out.
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'] },
    acrValues: [...new Set([...accounts.values()].map((account) => account.acr).filter(Boolean))],
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource: logoutPage },
    },
    interactions: { url: (_ctx, interaction) => interactionPath + interaction.uid },
    findAccount: (_ctx, sub) => (accounts.has(sub) ? { accountId: sub, claims: () => ({ sub }) } : undefined),
    loadExistingGrant: consented,
    renderError: (ctx, out) => {
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = `Accesso non riuscito: ${out.error}: ${out.error_description ?? ''}\n`;
    },
    // The library's own guard refuses calls to loopback, where the back-channel listeners
    // of development are.
    fetch: (url, { dispatcher: _guard, ...init }) => fetch(url, init),
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Grant: 36000, Session: 36000 },
  });
  return provider;
}

// consented grants the one scope without asking: there is no third party to consent to.
async function consented(ctx) {
  const { provider, client, session } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  await grant.save();
  return grant;
}

// importQuietly loads the library without its warning that it would rather run on a later
// node: it is tested here on the one that Debian has.
async function importQuietly() {
  const { warn } = console;
  console.warn = () => {};
  try {
    const { Provider } = await import('oidc-provider');
    const { createMemoryAdapter } = await import('oidc-provider/lib/adapters/memory_adapter.js');
    return { Provider, createMemoryAdapter };
  } finally {
    console.warn = warn;
  }
}
