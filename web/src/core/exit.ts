// Ending the session when there is no time to wait for the core.

/** Tells the service that the session has ended, even while the page goes away. */
export function endSession(): void {
  void fetch('/v1/session', {
    method: 'DELETE',
    keepalive: true,
    headers: { 'Content-Type': 'application/json' },
    referrerPolicy: 'no-referrer',
  }).catch(() => undefined); // nobody is there to be told
}

/** Leaves for the provider, to sign in. */
export function leaveToSignIn(issuer: string): void {
  location.assign(`/v1/login/page?issuer=${encodeURIComponent(issuer)}`);
}
