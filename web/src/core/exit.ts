// Ending the session when the core has ended before it.

/** How long the service may take to say that the session has ended. */
const answerMs = 15_000;

/** Ends the session, even while the page goes away. Resolves to whether the service has said that there is none any more. */
export async function endSession(): Promise<boolean> {
  try {
    const { status } = await fetch('/v1/session', {
      method: 'DELETE',
      keepalive: true,
      headers: { 'Content-Type': 'application/json' },
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(answerMs),
    });
    return status === 204 || status === 401; // it has ended now, or had before
  } catch {
    return false;
  }
}

/** Leaves for the provider, to sign in. */
export function leaveToSignIn(issuer: string): void {
  location.assign(`/v1/login/page?issuer=${encodeURIComponent(issuer)}`);
}
