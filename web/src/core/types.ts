// The types of the client core. Written by dev/typescript from internal/core: change those, and
// run go test ./dev/typescript -update.

export interface Acts {
  readonly acts: readonly string[];
  readonly outcomes: readonly RecordOutcome[];
}

export interface Again {
  readonly thread: string;
  readonly person: string;
  readonly words: readonly string[];
}

export interface Agreement {
  readonly id: string;
  readonly name: string;
  readonly territory: string;
  readonly from: string;
  readonly until: string;
  readonly inForce: boolean;
}

export interface Agreements {
  readonly agreements: readonly Agreement[];
}

export interface Among {
  readonly inside?: string;
}

export interface Ask {
  readonly thread: string;
  readonly text: string;
  readonly items: readonly string[];
  readonly due?: string;
  readonly attachments?: readonly string[];
  readonly despite?: readonly string[];
}

export interface Attach {
  readonly file: number;
  readonly name: string;
  readonly type: string;
}

export interface Attached {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

export interface Begun {
  readonly threads: readonly Listed[];
  readonly receipts: readonly string[];
}

export interface Called {
  readonly name?: string;
  readonly organisation: string;
}

export interface Cases {
  readonly threads: readonly Listed[];
}

export interface Change {
  readonly thread: string;
  readonly inside?: string;
  readonly add: readonly Coming[];
  readonly remove: readonly string[];
  readonly holder?: string;
}

export interface ChangedCard {
  readonly organisation: string;
  readonly place: string;
  readonly person: string;
  readonly name: string;
  readonly before: readonly string[];
  readonly words: readonly string[];
  readonly issued: string;
}

export interface ChangedCards {
  readonly changed: readonly ChangedCard[];
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

export interface Colleague {
  readonly person: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
  readonly act: string;
  readonly from: string;
  readonly until: string;
  readonly words: readonly string[];
  readonly expires: string;
  readonly steward: boolean;
  readonly self: boolean;
  readonly changed: boolean;
  readonly barred?: Class;
}

export interface Coming {
  readonly organisation: string;
  readonly person: string;
  readonly all: boolean;
}

export interface Compared {
  readonly organisation: string;
  readonly person: string;
  readonly words: readonly string[];
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
  readonly doubt?: Doubt;
  readonly lastProof?: string;
  readonly phase: Phase;
  readonly waits?: OrganisationKind;
  readonly outcome?: string;
  readonly waiting?: OrganisationKind;
  readonly dueAt?: string;
  readonly excluded: readonly Excluded[];
}

export interface Draw {
  readonly with: string;
  readonly exclude: readonly string[];
  readonly holder?: string;
  readonly substitute?: string;
}

export interface DrawFurther {
  readonly inside: string;
  readonly with: string;
}

export interface DrawSample {
  readonly act: string;
  readonly from?: string;
  readonly until?: string;
  readonly count: number;
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
  readonly attachments: readonly Attached[];
  readonly items: readonly string[];
  readonly due?: string;
  readonly reference?: string;
  readonly status?: Status;
  readonly joined: readonly Called[];
  readonly left: readonly Called[];
  readonly holder?: Called;
  readonly given?: string;
  readonly linked: readonly string[];
  readonly excluded: readonly Excluded[];
}

export interface Exclude {
  readonly inside: string;
  readonly organisation: string;
  readonly person?: string;
  readonly lift: boolean;
  readonly text: string;
}

export interface Excluded {
  readonly organisation: string;
  readonly person?: string;
  readonly name: string;
  readonly lift: boolean;
}

export interface Failure {
  readonly key: FailureKey;
  readonly kind: FaultKind;
  readonly class?: Class;
  readonly request?: string;
  readonly word?: number;
  readonly detail?: string;
}

export interface Fetch {
  readonly thread: string;
  readonly entry: string;
  readonly number: number;
  readonly file: number;
}

export interface Find {
  readonly text: string;
}

export interface Finding {
  readonly first: number;
  readonly last: number;
  readonly class: Class;
  readonly why: string;
}

export interface FormerKey {
  readonly version: number;
  readonly replaced: string;
}

export interface FormerKeys {
  readonly former: readonly FormerKey[];
}

export interface Found {
  readonly threads: readonly FoundIn[];
}

export interface FoundIn {
  readonly thread: string;
  readonly around: string;
  readonly times: number;
}

export interface Fresh {
  readonly seconds: number;
}

export interface Further {
  readonly case: string;
  readonly inside: string;
  readonly with: string;
  readonly topic?: string;
  readonly urgency?: string;
  readonly text: string;
  readonly colleagues: readonly string[];
  readonly alone: boolean;
  readonly partners: readonly string[];
  readonly holder?: string;
  readonly substitute?: string;
}

export interface Glimpse {
  readonly thread: string;
  readonly entries: readonly Entry[];
  readonly earlier: number;
}

export interface Invitation {
  readonly invitation: string;
}

export interface Issuer {
  readonly url: string;
  readonly label: string;
}

export interface LastVerification {
  readonly found?: Verification;
}

export interface Left {
  readonly receipt: string;
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
  readonly phase: Phase;
  readonly waits?: OrganisationKind;
  readonly outcome?: string;
  readonly due?: string;
  readonly turn?: OrganisationKind;
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
  readonly task: Task;
  readonly person: string;
  readonly locks: readonly Lock[];
  readonly phrase: string;
}

export interface Locks {
  readonly task: Task;
  readonly person: string;
  readonly locks: readonly Lock[];
}

export interface LogRecord {
  readonly leaf: number;
  readonly number: string;
  readonly standing: Standing;
  readonly erased: boolean;
  readonly at?: string;
  readonly act?: string;
  readonly outcome?: RecordOutcome;
  readonly person?: string;
  readonly organisation?: string;
  readonly roles: readonly Role[];
  readonly object?: string;
  readonly entry?: string;
  readonly reason?: ReasonCode;
  readonly class?: Class;
  readonly policies: readonly string[];
  readonly count?: number;
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
  readonly home: string;
  readonly organisation: string;
  readonly seat: Seat;
  readonly self: boolean;
  readonly barred?: Class;
  readonly from?: string;
  readonly earlier: boolean;
}

export interface Neighbour {
  readonly organisation: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  readonly province: string;
  readonly people: readonly Stranger[];
}

export interface Network {
  readonly organisation: string;
  readonly name: string;
  readonly kind: OrganisationKind;
  readonly version: number;
  readonly issued: string;
  readonly expires: string;
  readonly signedBy: string;
  readonly signs: boolean;
  readonly roles: readonly Role[];
  readonly people: readonly Colleague[];
  readonly waiting: readonly Waiting[];
  readonly substitutions: readonly Substitution[];
  readonly others: readonly Neighbour[];
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

export interface NewPasskey {
  readonly name: string;
  readonly credential: string;
  readonly salt: string;
  readonly output: string;
}

export interface News {
  readonly over: boolean;
}

export interface Notices {
  readonly address: string;
}

export interface OfPerson {
  readonly person?: string;
}

export interface OfSession {
  readonly session: string;
}

export interface OfTask {
  readonly task: Task;
  readonly former?: number;
}

export interface OfThread {
  readonly thread: string;
}

export interface Opened {
  readonly key: string;
  readonly lock?: Lock;
}

export interface Outcome {
  readonly code: string;
  readonly it: string;
  readonly en: string;
}

export interface OwnCard {
  readonly words: readonly string[];
  readonly issued: string;
  readonly expires: string;
  readonly listed: boolean;
  readonly steward: boolean;
  readonly renewed: boolean;
}

export interface Passkey {
  readonly lock: string;
  readonly name: string;
  readonly added: string;
  readonly credential: string;
}

export interface PasskeyAnswer {
  readonly lock: string;
  readonly output: string;
}

export interface PasskeyLock {
  readonly lock: string;
  readonly credential: string;
  readonly salt: string;
}

export interface PasskeyLocks {
  readonly locks: readonly PasskeyLock[];
}

export interface Passkeys {
  readonly passkeys: readonly Passkey[];
  readonly mayAdd: boolean;
}

export interface Phrase {
  readonly phrase: string;
}

export interface Piece {
  readonly text: string;
  readonly done: number;
  readonly size: number;
  readonly last: boolean;
}

export interface Post {
  readonly thread: string;
  readonly text: string;
  readonly reference?: string;
  readonly attachments?: readonly string[];
  readonly despite?: readonly string[];
}

export interface Posted {
  readonly receipt: string;
  readonly conversation: Conversation;
}

export interface PutBack {
  readonly key: string;
  readonly lock?: Lock;
  readonly former: number;
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

export interface Records {
  readonly records: readonly LogRecord[];
  readonly before?: number;
}

export interface Reminder {
  readonly due: Due;
  readonly person?: string;
  readonly name: string;
  readonly expires: string;
  readonly own: boolean;
}

export interface Reminders {
  readonly reminders: readonly Reminder[];
}

export interface RemovePasskey {
  readonly key: string;
  readonly lock?: Lock;
  readonly passkey: string;
}

export interface Revoked {
  readonly sessions: number;
}

export interface RosterChange {
  readonly do: RosterAct;
  readonly person: string;
  readonly words: readonly string[];
  readonly name: string;
  readonly roles: readonly Role[];
  readonly act: string;
  readonly for?: string;
  readonly from: string;
  readonly until: string;
}

export interface Sample {
  readonly number: string;
  readonly seed: string;
  readonly act: string;
  readonly from: number;
  readonly last: number;
  readonly count: number;
  readonly matching: number;
  readonly records: readonly LogRecord[];
}

export interface SearchRecords {
  readonly person?: string;
  readonly object?: string;
  readonly act?: string;
  readonly outcome?: RecordOutcome;
  readonly from?: string;
  readonly until?: string;
  readonly before?: number;
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

export interface Session {
  readonly id: string;
  readonly device: Device;
  readonly begun: string;
  readonly used: string;
  readonly ends: string;
  readonly current: boolean;
}

export interface Sessions {
  readonly sessions: readonly Session[];
}

export interface SignRoster {
  readonly version: number;
  readonly changes: readonly RosterChange[];
}

export interface State {
  readonly thread: string;
  readonly phase: Phase;
  readonly waits?: OrganisationKind;
  readonly outcome?: string;
  readonly text: string;
  readonly reference?: string;
  readonly despite?: readonly string[];
}

export interface Status {
  readonly phase: Phase;
  readonly waits?: OrganisationKind;
  readonly outcome?: string;
}

export interface Stranger {
  readonly person: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly words: readonly string[];
  readonly changed: boolean;
  readonly barred?: Class;
}

export interface Substitution {
  readonly who: string;
  readonly whoName: string;
  readonly for: string;
  readonly forName: string;
  readonly from: string;
  readonly until: string;
}

export interface TakeAway {
  readonly begin: boolean;
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

export interface Uploaded {
  readonly blob: string;
}

export interface Verification {
  readonly result: VerifyResult;
  readonly finding?: Finding;
  readonly size: number;
  readonly leaves: number;
  readonly erased: number;
  readonly people: number;
  readonly threads: number;
  readonly entries: number;
  readonly checkpoints: number;
  readonly first: string;
  readonly last: string;
  readonly at: string;
  readonly gaps: number;
  readonly longestGap: number;
  readonly headsGaps: number;
  readonly longestHeadsGap: number;
  readonly since?: number;
  readonly quorum: boolean;
  readonly witnessed?: Witnessed;
  readonly checkpoint?: string;
}

export interface VerifyLog {
  readonly since?: string;
}

export interface Vocabulary {
  readonly topics: readonly Topic[];
  readonly reasons: readonly Reason[];
  readonly outcomes: readonly Outcome[];
}

export interface Waiting {
  readonly person: string;
  readonly name: string;
  readonly words: readonly string[];
  readonly issued: string;
  readonly before: readonly string[];
  readonly renewal: boolean;
}

export interface Witnessed {
  readonly size: number;
  readonly at: string;
  readonly by: readonly string[];
}

export type Class = 'form' | 'size' | 'key' | 'signature' | 'untrusted' | 'stale' | 'sequence' | 'membership' | 'closed' | 'epoch' | 'late' | 'unknown' | 'envelope' | 'padding' | 'binding' | 'grant' | 'lock' | 'phrase' | 'receipt' | 'proof' | 'missing' | 'fork' | 'rollback' | 'duplicate' | 'substituted';

export type Device = 'terminal' | 'firefox' | 'edge' | 'chrome' | 'safari' | 'browser';

export type Doubt = 'old' | 'ahead' | 'silent';

export type Due = 'card' | 'steward' | 'roster' | 'renewed';

export type EntryKind = 'open' | 'message' | 'request' | 'members' | 'rekey' | 'grant' | 'status' | 'recuse' | 'link' | 'exclude';

export type FailureKey = 'invalid' | 'refused' | 'signed-out' | 'not-found' | 'reason' | 'fresh' | 'conflict' | 'too-large' | 'limited' | 'unavailable' | 'internal' | 'cancelled' | 'silent' | 'untrusted' | 'too-old' | 'no-anchors' | 'locked' | 'phrase' | 'word' | 'barred' | 'unlisted' | 'passkey' | 'no-checkpoint' | 'failed';

export type FaultKind = 'invalid' | 'refused' | 'unauthenticated' | 'not-found' | 'reason-required' | 'fresh-required' | 'conflict' | 'too-large' | 'limited' | 'unavailable' | 'not-known' | 'internal';

export type None = Readonly<Record<string, never>>;

export type OrganisationKind = 'centre' | 'refuge' | 'inps' | 'partner' | 'oversight';

export type Phase = 'open' | 'resolved' | 'closed';

export type ReasonCode = 'new' | 'answer' | 'verify' | 'deadline' | 'substitution' | 'centre-asked';

export type RecordOutcome = 'allow' | 'deny' | 'refuse';

export type Role = 'operator' | 'coordinator' | 'officer' | 'manager' | 'partner' | 'auditor' | 'registrar' | 'observer';

export type RosterAct = 'endorse' | 'takeOff' | 'substitute' | 'endSubstitute';

export type Seat = 'centre' | 'holder' | 'substitute' | 'partner';

export type Side = 'inps' | 'internal' | 'partner';

export type Standing = 'told' | 'verified' | 'newer';

export type Task = 'unlock' | 'enrolAgain' | 'changePhrase' | 'removePasskey' | 'putBack';

export type TellingKind = 'codice-fiscale' | 'iban' | 'mail' | 'phone' | 'street';

export type VerifyResult = 'whole' | 'tampered' | 'incomplete';

export interface PageMethods {
  /** take a changed card for hers, after comparing its words */
  readonly acceptCard: { readonly params: Compared; readonly answer: None };
  /** the acts and outcomes that records are of */
  readonly acts: { readonly params: None; readonly answer: Acts };
  /** the agreements of her organisation, for who answers for them */
  readonly agreements: { readonly params: None; readonly answer: Agreements };
  /** ask for documents or answers, one by one */
  readonly ask: { readonly params: Ask; readonly answer: Posted };
  /** seal a file and upload it in parts */
  readonly attach: { readonly params: Attach; readonly answer: Uploaded };
  /** list the threads that she may read */
  readonly cases: { readonly params: None; readonly answer: Cases };
  /** add and remove who can read */
  readonly changeMembers: { readonly params: Change; readonly answer: Posted };
  /** who has another card than this device knew */
  readonly changedCards: { readonly params: None; readonly answer: ChangedCards };
  /** the people among whom those of a case are chosen */
  readonly choices: { readonly params: Among; readonly answer: Choices };
  /** who would get a case now, before it is opened */
  readonly draw: { readonly params: Draw; readonly answer: Drawn };
  /** who would get a further thread now, before it is opened */
  readonly drawFurther: { readonly params: DrawFurther; readonly answer: Drawn };
  /** draw records of the log by chance */
  readonly drawSample: { readonly params: DrawSample; readonly answer: Sample };
  /** end for good the sign-in of a colleague who has left */
  readonly endPerson: { readonly params: OfPerson; readonly answer: Revoked };
  /** end a session */
  readonly endSession: { readonly params: OfSession; readonly answer: None };
  /** end all sessions of somebody but this one */
  readonly endSessions: { readonly params: OfPerson; readonly answer: Revoked };
  /** say to whom a case is not given */
  readonly exclude: { readonly params: Exclude; readonly answer: Posted };
  /** get an attachment and open it */
  readonly fetch: { readonly params: Fetch; readonly answer: None };
  /** find words in the threads that were read */
  readonly find: { readonly params: Find; readonly answer: Found };
  /** keys of hers that others have taken the place of */
  readonly formerKeys: { readonly params: None; readonly answer: FormerKeys };
  /** how much longer her sign-in is fresh */
  readonly fresh: { readonly params: None; readonly answer: Fresh };
  /** the end of a thread, before it is read */
  readonly glimpse: { readonly params: ReadThread; readonly answer: Glimpse };
  /** open a thread again for somebody with a new card */
  readonly grantAgain: { readonly params: Again; readonly answer: Posted };
  /** begin the session of somebody new */
  readonly invitation: { readonly params: Invitation; readonly answer: None };
  /** what the last verification in this core found */
  readonly lastVerification: { readonly params: None; readonly answer: LastVerification };
  /** find in a text what would tell who somebody is: on this device, and told to nobody */
  readonly look: { readonly params: Look; readonly answer: Looked };
  /** who is signed in */
  readonly me: { readonly params: None; readonly answer: Me };
  /** who is who in her organisation and around it */
  readonly network: { readonly params: None; readonly answer: Network };
  /** draw a phrase, to be shown once */
  readonly newPhrase: { readonly params: None; readonly answer: Phrase };
  /** wait until it is worth to look again */
  readonly news: { readonly params: None; readonly answer: News };
  /** where she is told by mail */
  readonly notices: { readonly params: None; readonly answer: Notices };
  /** open a case with an office, without a name */
  readonly openCase: { readonly params: NewCase; readonly answer: Begun };
  /** open a further thread of a case */
  readonly openThread: { readonly params: Further; readonly answer: Begun };
  /** the card by which others know her */
  readonly ownCard: { readonly params: None; readonly answer: OwnCard };
  /** which passkeys she can unlock with */
  readonly passkeyLocks: { readonly params: None; readonly answer: PasskeyLocks };
  /** the passkeys of her keyring */
  readonly passkeys: { readonly params: None; readonly answer: Passkeys };
  /** say something in a thread */
  readonly post: { readonly params: Post; readonly answer: Posted };
  /** change where she is told by mail */
  readonly putNotices: { readonly params: Notices; readonly answer: None };
  /** read a thread, or what has come since */
  readonly read: { readonly params: ReadThread; readonly answer: Conversation };
  /** who has read a thread */
  readonly readings: { readonly params: OfThread; readonly answer: Readings };
  /** search the log */
  readonly records: { readonly params: SearchRecords; readonly answer: Records };
  /** leave a thread at once, without a reason */
  readonly recuse: { readonly params: OfThread; readonly answer: Left };
  /** what expires soon */
  readonly reminders: { readonly params: None; readonly answer: Reminders };
  /** make the next card; it waits to be put on the roster */
  readonly renewCard: { readonly params: None; readonly answer: OwnCard };
  /** what the service says of itself */
  readonly service: { readonly params: None; readonly answer: Service };
  /** the open sessions of somebody */
  readonly sessions: { readonly params: OfPerson; readonly answer: Sessions };
  /** sign the roster of her organisation, with changes */
  readonly signRoster: { readonly params: SignRoster; readonly answer: Network };
  /** say how a thread stands */
  readonly state: { readonly params: State; readonly answer: Posted };
  /** the log as a file for the verifier, piece by piece */
  readonly takeAway: { readonly params: TakeAway; readonly answer: Piece };
  /** verify the whole log in this core */
  readonly verifyLog: { readonly params: VerifyLog; readonly answer: Verification };
  /** the network's words for topics and reasons */
  readonly vocabulary: { readonly params: None; readonly answer: Vocabulary };
}

export interface WorkerMethods {
  /** add a passkey; before there are keys, keep it until they are made */
  readonly addPasskey: { readonly params: NewPasskey; readonly answer: Passkeys };
  /** put the keyring behind a new lock */
  readonly changePhrase: { readonly params: Opened; readonly answer: None };
  /** make a new keyring in place of one that nobody can open any more */
  readonly enrolAgain: { readonly params: Opened; readonly answer: Self };
  /** what the throwaway Worker works on */
  readonly locks: { readonly params: OfTask; readonly answer: Locks };
  /** in the throwaway Worker: open a lock, or make one */
  readonly openLock: { readonly params: LockedBy; readonly answer: Opened };
  /** put former keys in place of those that are there */
  readonly putBack: { readonly params: PutBack; readonly answer: Self };
  /** take a passkey off */
  readonly removePasskey: { readonly params: RemovePasskey; readonly answer: None };
  /** open the keyring with what was inside a lock, or make it */
  readonly unlock: { readonly params: Opened; readonly answer: Self };
  /** open the keyring with what a passkey gave */
  readonly unlockPasskey: { readonly params: PasskeyAnswer; readonly answer: Self };
}
