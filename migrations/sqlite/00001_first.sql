-- +goose Up

-- The network, as `network apply` loads it. Names are sealed columns.

CREATE TABLE organisations (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    body        TEXT REFERENCES organisations (id), -- managing body of a refuge
    province    TEXT NOT NULL,                      -- of an office, two letters; empty for all others
    name_sealed BLOB NOT NULL
) STRICT;

CREATE TABLE agreements (
    id          TEXT PRIMARY KEY,
    parent      TEXT REFERENCES agreements (id),
    territory   TEXT NOT NULL, -- provinces, two letters each, separated by commas
    name_sealed BLOB NOT NULL
) STRICT;

CREATE TABLE agreement_terms ( -- the first term and its renewals
    agreement   TEXT    NOT NULL REFERENCES agreements (id),
    from_at_ms  INTEGER NOT NULL,
    until_at_ms INTEGER NOT NULL,
    PRIMARY KEY (agreement, from_at_ms)
) STRICT;

CREATE TABLE agreement_parties (
    agreement    TEXT NOT NULL REFERENCES agreements (id),
    organisation TEXT NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (agreement, organisation)
) STRICT;

CREATE INDEX agreement_parties_organisation ON agreement_parties (organisation);

CREATE TABLE issuers (
    url       TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    label     TEXT NOT NULL,
    acr       TEXT NOT NULL, -- values that count as a second factor, one a line
    amr       TEXT NOT NULL,
    prompt    TEXT NOT NULL  -- how the provider is told to ask anew
) STRICT;

-- People and how they sign in. Accounts are found by a keyed hash of (issuer, subject).

CREATE TABLE people (
    id           TEXT PRIMARY KEY,
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    since_at_ms  INTEGER NOT NULL,
    ended_at_ms  INTEGER -- since then she signs in no more
) STRICT;

CREATE INDEX people_organisation ON people (organisation);

CREATE TABLE invitations (
    id          TEXT PRIMARY KEY,
    person      TEXT    NOT NULL REFERENCES people (id),
    code_hash   BLOB    NOT NULL UNIQUE,
    until_at_ms INTEGER NOT NULL,
    account     TEXT -- the account that used it
) STRICT;

CREATE TABLE accounts (
    lookup      TEXT PRIMARY KEY,
    person      TEXT    NOT NULL UNIQUE REFERENCES people (id), -- nobody gets a second way in unnoticed
    issuer      TEXT    NOT NULL,
    since_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE signings ( -- sign-ins under way: with the provider, then with a one-time code; and what may come once
    hash        BLOB PRIMARY KEY, -- of the state or code
    sealed      BLOB    NOT NULL,
    until_at_ms INTEGER NOT NULL
) STRICT;

-- Cards, rosters and the names that they commit to.

CREATE TABLE cards (
    hash         BLOB PRIMARY KEY,
    person       TEXT    NOT NULL REFERENCES people (id),
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    serial       INTEGER NOT NULL,
    steward      INTEGER NOT NULL, -- 1 for a steward card, 0 for an ordinary one
    note         TEXT    NOT NULL,
    leaf         INTEGER NOT NULL,
    UNIQUE (person, serial)
) STRICT;

CREATE INDEX cards_organisation ON cards (organisation, leaf);

CREATE TABLE rosters (
    organisation TEXT    NOT NULL REFERENCES organisations (id),
    version      INTEGER NOT NULL,
    hash         BLOB    NOT NULL UNIQUE,
    note         TEXT    NOT NULL,
    leaf         INTEGER NOT NULL,
    PRIMARY KEY (organisation, version)
) STRICT;

CREATE TABLE names (
    commitment  BLOB PRIMARY KEY,
    name_sealed BLOB NOT NULL -- salt and text
) STRICT;

-- Keyrings, which the service can't open: of each person the one that counts, and before it those
-- that were replaced without her card's signature.

CREATE TABLE keyrings (
    person         TEXT    NOT NULL REFERENCES people (id),
    version        INTEGER NOT NULL,
    file           BLOB    NOT NULL,
    replaced_at_ms INTEGER,
    PRIMARY KEY (person, version)
) STRICT;

CREATE TABLE locks (
    person     TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    id         TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    file       BLOB    NOT NULL,
    credential BLOB,
    salt       BLOB,
    PRIMARY KEY (person, version, id),
    FOREIGN KEY (person, version) REFERENCES keyrings (person, version)
) STRICT;

-- Where people want to be told that something has come, and who is to be told.

CREATE TABLE addresses (
    person         TEXT PRIMARY KEY REFERENCES people (id),
    address_sealed BLOB NOT NULL
) STRICT;

CREATE TABLE notices ( -- waiting to be sent: one for each person, however much has come
    person      TEXT PRIMARY KEY REFERENCES people (id),
    leaf        INTEGER NOT NULL, -- of the first entry that it is for
    since_at_ms INTEGER NOT NULL, -- of that entry
    last_at_ms  INTEGER NOT NULL, -- of the newest
    next_at_ms  INTEGER NOT NULL, -- not to be tried before
    tries       INTEGER NOT NULL
) STRICT;

-- Cases and their threads. Which threads make a case is a row here, and can be guessed from the times of
-- the records by who reads the ledger.

CREATE TABLE cases (
    id          TEXT PRIMARY KEY,
    centre      TEXT    NOT NULL REFERENCES organisations (id),
    since_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE threads (
    id          TEXT PRIMARY KEY,
    case_id     TEXT    NOT NULL REFERENCES cases (id),
    state       TEXT    NOT NULL, -- thread.State in JSON: what the entries add up to
    next        INTEGER NOT NULL,
    since_at_ms INTEGER NOT NULL,
    last_at_ms  INTEGER NOT NULL,
    last_seat   TEXT    NOT NULL,
    turn_at_ms  INTEGER NOT NULL -- when the side whose entry is the last began to be it
) STRICT;

CREATE INDEX threads_case ON threads (case_id);

CREATE TABLE members ( -- of threads, now
    thread TEXT NOT NULL REFERENCES threads (id),
    person TEXT NOT NULL REFERENCES people (id),
    seat   TEXT NOT NULL,
    PRIMARY KEY (thread, person)
) STRICT;

CREATE INDEX members_person ON members (person);

CREATE TABLE entries (
    id             TEXT PRIMARY KEY,
    thread         TEXT    NOT NULL REFERENCES threads (id),
    sequence       INTEGER NOT NULL,
    author         TEXT    NOT NULL,
    header         TEXT    NOT NULL,
    hash           BLOB    NOT NULL,
    cards          BLOB    NOT NULL, -- hashes of those that the header names, one after the other
    body           BLOB,
    size           INTEGER NOT NULL, -- bytes of header, body and grants
    receipt        TEXT    NOT NULL,
    leaf           INTEGER NOT NULL UNIQUE,
    admitted_at_ms INTEGER NOT NULL,
    UNIQUE (thread, sequence)
) STRICT;

CREATE TABLE grants (
    entry  TEXT    NOT NULL REFERENCES entries (id),
    person TEXT    NOT NULL,
    epoch  INTEGER NOT NULL,
    sealed BLOB    NOT NULL,
    PRIMARY KEY (entry, person, epoch)
) STRICT;

-- Attachments. Their files are in a folder. What no entry carries after a day is removed.

CREATE TABLE blobs (
    id          TEXT PRIMARY KEY,
    author      TEXT    NOT NULL REFERENCES people (id),
    size        INTEGER NOT NULL, -- bytes of the whole file
    received    INTEGER NOT NULL, -- bytes that are on the disk and were acknowledged
    hash        BLOB,             -- of the whole file
    state       TEXT    NOT NULL, -- begun, whole, dropped or erased
    entry       TEXT REFERENCES entries (id),
    since_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX blobs_unbound ON blobs (author, since_at_ms) WHERE entry IS NULL;
CREATE INDEX blobs_entry ON blobs (entry) WHERE entry IS NOT NULL;

-- Sessions, and what an officer has opened in one.

CREATE TABLE sessions (
    token_hash          BLOB PRIMARY KEY,
    id                  TEXT    NOT NULL UNIQUE,
    person              TEXT    NOT NULL REFERENCES people (id),
    assurance           TEXT    NOT NULL,
    device              TEXT    NOT NULL, -- terminal, or the family of a browser
    sid                 TEXT    NOT NULL, -- blinded name of it at the provider; empty for none
    authenticated_at_ms INTEGER NOT NULL,
    since_at_ms         INTEGER NOT NULL,
    used_at_ms          INTEGER NOT NULL,
    listed_at_ms        INTEGER NOT NULL, -- when its last list was recorded
    poked_at_ms         INTEGER NOT NULL, -- when its last listening for pokes was
    ended_at_ms         INTEGER
) STRICT;

CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_sid ON sessions (sid);

CREATE TABLE openings (
    session     TEXT    NOT NULL REFERENCES sessions (id),
    thread      TEXT    NOT NULL REFERENCES threads (id),
    reason      TEXT    NOT NULL,
    until_at_ms INTEGER NOT NULL,
    PRIMARY KEY (session, thread)
) STRICT;

-- The ledger: one tree, its records, its checkpoints.

CREATE TABLE ledger (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    size      INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL -- of the newest record: time in the ledger never goes back
) STRICT;

INSERT INTO ledger (id, size, at_ms) VALUES (1, 0, 0);

CREATE TABLE records (
    leaf       INTEGER PRIMARY KEY,
    commitment BLOB    NOT NULL,
    salt       BLOB,
    text       TEXT,
    at_ms      INTEGER NOT NULL,
    act        TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    person     TEXT    NOT NULL,
    object     TEXT    NOT NULL
) STRICT;

CREATE INDEX records_object ON records (object, act, leaf);
CREATE INDEX records_person ON records (person, leaf);

CREATE TABLE hashes ( -- of the tree, in the order of RFC 6962 as stored by sumdb/tlog
    position INTEGER PRIMARY KEY,
    hash     BLOB NOT NULL
) STRICT;

CREATE TABLE checkpoints (
    size            INTEGER PRIMARY KEY,
    at_ms           INTEGER NOT NULL,
    note            TEXT    NOT NULL, -- as the log has signed it
    witnessed_at_ms INTEGER           -- when the quorum had cosigned it
) STRICT;

CREATE INDEX checkpoints_witnessed ON checkpoints (witnessed_at_ms);

CREATE TABLE cosignatures (
    size    INTEGER NOT NULL REFERENCES checkpoints (size),
    witness TEXT    NOT NULL, -- name of its key
    line    TEXT    NOT NULL,
    PRIMARY KEY (size, witness)
) STRICT;

-- +goose Down

DROP TABLE cosignatures;
DROP TABLE checkpoints;
DROP TABLE hashes;
DROP TABLE records;
DROP TABLE ledger;
DROP TABLE openings;
DROP TABLE sessions;
DROP TABLE blobs;
DROP TABLE grants;
DROP TABLE entries;
DROP TABLE members;
DROP TABLE threads;
DROP TABLE cases;
DROP TABLE locks;
DROP TABLE notices;
DROP TABLE addresses;
DROP TABLE keyrings;
DROP TABLE names;
DROP TABLE rosters;
DROP TABLE cards;
DROP TABLE signings;
DROP TABLE accounts;
DROP TABLE invitations;
DROP TABLE people;
DROP TABLE issuers;
DROP TABLE agreement_parties;
DROP TABLE agreement_terms;
DROP TABLE agreements;
DROP TABLE organisations;
