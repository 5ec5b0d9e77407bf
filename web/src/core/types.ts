// The types of the client core. Written by dev/typescript from internal/core: change those, and
// run go test ./dev/typescript -update.

export interface Begun {
  readonly threads: readonly Listed[];
  readonly receipts: readonly string[];
}

export interface Cases {
  readonly threads: readonly Listed[];
}

export interface Choice {
  readonly person: string;
  readonly name: string;
  readonly self: boolean;
  readonly barred?: Class;
}

export interface Choices {
  readonly own: Reachable;
  readonly others: readonly Reachable[];
}

export interface Conversation {
  readonly thread: string;
  readonly side: Side;
  readonly topic?: string;
  readonly urgency?: string;
  readonly centre: string;
  readonly with: string;
  readonly seat?: Seat;
  readonly members: readonly Member[];
  readonly entries: readonly Entry[];
  readonly provenAt?: string;
  readonly witnessed: boolean;
}

export interface Draw {
  readonly with: string;
  readonly exclude: readonly string[];
  readonly holder?: string;
  readonly substitute?: string;
}

export interface Drawn {
  readonly holder: string;
  readonly substitute?: string;
}

export interface Entry {
  readonly id: string;
  readonly sequence: number;
  readonly kind: EntryKind;
  readonly author: string;
  readonly name: string;
  readonly organisation: string;
  readonly seat: Seat;
  readonly self: boolean;
  readonly at: string;
  readonly text: string;
  readonly unreadable?: Class;
  readonly receipt: string;
}

export interface Failure {
  readonly key: FailureKey;
  readonly kind: FaultKind;
  readonly class?: Class;
  readonly request?: string;
  readonly word?: number;
  readonly detail?: string;
}

export interface Invitation {
  readonly invitation: string;
}

export interface Issuer {
  readonly url: string;
  readonly label: string;
}

export interface Listed {
  readonly case?: string;
  readonly thread: string;
  readonly side: Side;
  readonly centre: string;
  readonly with: string;
  readonly topic?: string;
  readonly urgency?: string;
  readonly seat: Seat;
  readonly entries: number;
  readonly openedAt: string;
  readonly lastAt: string;
  readonly lastSeat: Seat;
  readonly readBefore?: number;
  readonly phase: string;
  readonly waits?: OrganisationKind;
  readonly outcome?: string;
  readonly due?: string;
  readonly dueAt?: string;
  readonly closedAt?: string;
}

export interface Lock {
  readonly id: string;
  readonly kind: string;
  readonly file: string;
  readonly credential?: string;
  readonly salt?: string;
}

export interface LockedBy {
  readonly person: string;
  readonly locks: readonly Lock[];
  readonly phrase: string;
}

export interface Locks {
  readonly person: string;
  readonly locks: readonly Lock[];
}

export interface Look {
  readonly text: string;
}

export interface Looked {
  readonly found: readonly Telling[];
}

export interface Me {
  readonly person: string;
  readonly organisation: string;
  readonly kind: OrganisationKind;
  readonly roles: readonly Role[];
  readonly steward: boolean;
  readonly keys: boolean;
}

export interface Member {
  readonly person: string;
  readonly name: string;
  readonly organisation: string;
  readonly seat: Seat;
  readonly self: boolean;
  readonly barred?: Class;
}

export interface NewCase {
  readonly with: string;
  readonly topic: string;
  readonly urgency: string;
  readonly text: string;
  readonly inside: string;
  readonly colleagues: readonly string[];
  readonly alone: boolean;
  readonly exclude: readonly string[];
  readonly excludeOffices: readonly string[];
  readonly holder?: string;
  readonly substitute?: string;
}

export interface OfThread {
  readonly thread: string;
}

export interface Opened {
  readonly key: string;
  readonly lock?: Lock;
}

export interface Phrase {
  readonly phrase: string;
}

export interface Post {
  readonly thread: string;
  readonly text: string;
}

export interface Posted {
  readonly receipt: string;
  readonly conversation: Conversation;
}

export interface Reachable {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly name: string;
  readonly people: readonly Choice[];
}

export interface ReadThread {
  readonly thread: string;
  readonly reason?: ReasonCode;
}

export interface Reading {
  readonly person: string;
  readonly name: string;
  readonly organisation: string;
  readonly roles: readonly Role[];
  readonly reason?: ReasonCode;
  readonly at: string;
  readonly self: boolean;
}

export interface Readings {
  readonly readings: readonly Reading[];
  readonly more: boolean;
}

export interface Reason {
  readonly code: ReasonCode;
  readonly it: string;
  readonly en: string;
}

export interface Self {
  readonly person: string;
  readonly words: readonly string[];
  readonly listed: boolean;
  readonly steward: boolean;
}

export interface Service {
  readonly issuers: readonly Issuer[];
  readonly version: string;
  readonly demonstration: boolean;
}

export interface Telling {
  readonly kind: TellingKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly checked: boolean;
}

export interface Topic {
  readonly code: string;
  readonly it: string;
  readonly en: string;
  readonly desc: string;
  readonly urgency: string;
  readonly level: string;
}

export interface Vocabulary {
  readonly topics: readonly Topic[];
  readonly reasons: readonly Reason[];
}

export type Class = 'form' | 'size' | 'key' | 'signature' | 'untrusted' | 'stale' | 'sequence' | 'membership' | 'closed' | 'epoch' | 'late' | 'unknown' | 'envelope' | 'padding' | 'binding' | 'grant' | 'lock' | 'phrase' | 'receipt' | 'proof' | 'missing' | 'fork' | 'rollback' | 'duplicate' | 'substituted';

export type EntryKind = 'open' | 'message' | 'request' | 'members' | 'rekey' | 'grant' | 'status' | 'recuse' | 'link' | 'exclude';

export type FailureKey = 'invalid' | 'refused' | 'signed-out' | 'not-found' | 'reason' | 'fresh' | 'conflict' | 'too-large' | 'limited' | 'unavailable' | 'internal' | 'cancelled' | 'silent' | 'untrusted' | 'too-old' | 'no-anchors' | 'locked' | 'phrase' | 'word' | 'barred' | 'failed';

export type FaultKind = 'invalid' | 'refused' | 'unauthenticated' | 'not-found' | 'reason-required' | 'fresh-required' | 'conflict' | 'too-large' | 'limited' | 'unavailable' | 'not-known' | 'internal';

export type None = Readonly<Record<string, never>>;

export type OrganisationKind = 'centre' | 'refuge' | 'inps' | 'partner' | 'oversight';

export type ReasonCode = 'new' | 'answer' | 'verify' | 'deadline' | 'substitution' | 'centre-asked';

export type Role = 'operator' | 'coordinator' | 'officer' | 'manager' | 'partner' | 'auditor' | 'registrar' | 'observer';

export type Seat = 'centre' | 'holder' | 'substitute' | 'partner';

export type Side = 'inps' | 'internal' | 'partner';

export type TellingKind = 'codice-fiscale' | 'iban' | 'mail' | 'phone' | 'street';

export interface PageMethods {
  /** list the threads that she may read */
  readonly cases: { readonly params: None; readonly answer: Cases };
  /** the people among whom those of a case are chosen */
  readonly choices: { readonly params: None; readonly answer: Choices };
  /** who would get a case now, before it is opened */
  readonly draw: { readonly params: Draw; readonly answer: Drawn };
  /** begin the session of somebody new */
  readonly invitation: { readonly params: Invitation; readonly answer: None };
  /** find in a text what would tell who somebody is: on this device, and told to nobody */
  readonly look: { readonly params: Look; readonly answer: Looked };
  /** who is signed in */
  readonly me: { readonly params: None; readonly answer: Me };
  /** draw a phrase, to be shown once */
  readonly newPhrase: { readonly params: None; readonly answer: Phrase };
  /** open a case with an office, without a name */
  readonly openCase: { readonly params: NewCase; readonly answer: Begun };
  /** say something in a thread */
  readonly post: { readonly params: Post; readonly answer: Posted };
  /** read a thread, or what has come since */
  readonly read: { readonly params: ReadThread; readonly answer: Conversation };
  /** who has read a thread */
  readonly readings: { readonly params: OfThread; readonly answer: Readings };
  /** what the service says of itself */
  readonly service: { readonly params: None; readonly answer: Service };
  /** end the session; then the Worker is ended */
  readonly signOut: { readonly params: None; readonly answer: None };
  /** the network's words for topics and reasons */
  readonly vocabulary: { readonly params: None; readonly answer: Vocabulary };
}

export interface WorkerMethods {
  /** what the throwaway Worker opens */
  readonly locks: { readonly params: None; readonly answer: Locks };
  /** in the throwaway Worker: open a lock, or make the first */
  readonly openLock: { readonly params: LockedBy; readonly answer: Opened };
  /** open the keyring with what was inside a lock, or make it */
  readonly unlock: { readonly params: Opened; readonly answer: Self };
}
