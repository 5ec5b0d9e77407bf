-- +goose Up

-- What sqlite/ has under this number, in the types of PostgreSQL. Text is ordered by its bytes, whatever
-- the database's language: both databases must give the same order.

-- The network, as `network apply` loads it. Names are sealed columns.

CREATE TABLE organisations (
    id          TEXT COLLATE "C" PRIMARY KEY,
    kind        TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" REFERENCES organisations (id), -- managing body of a refuge
    province    TEXT COLLATE "C" NOT NULL,                      -- of an office, two letters; empty for all others
    name_sealed BYTEA            NOT NULL
);

CREATE TABLE agreements (
    id          TEXT COLLATE "C" PRIMARY KEY,
    parent      TEXT COLLATE "C" REFERENCES agreements (id),
    territory   TEXT COLLATE "C" NOT NULL, -- provinces, two letters each, separated by commas
    name_sealed BYTEA            NOT NULL
);

CREATE TABLE agreement_terms ( -- the first term and its renewals
    agreement   TEXT COLLATE "C" NOT NULL REFERENCES agreements (id),
    from_at_ms  BIGINT           NOT NULL,
    until_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (agreement, from_at_ms)
);

CREATE TABLE agreement_parties (
    agreement    TEXT COLLATE "C" NOT NULL REFERENCES agreements (id),
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    PRIMARY KEY (agreement, organisation)
);

CREATE INDEX agreement_parties_organisation ON agreement_parties (organisation);

CREATE TABLE issuers (
    url       TEXT COLLATE "C" PRIMARY KEY,
    client_id TEXT COLLATE "C" NOT NULL,
    label     TEXT COLLATE "C" NOT NULL,
    acr       TEXT COLLATE "C" NOT NULL, -- values that count as a second factor, one a line
    amr       TEXT COLLATE "C" NOT NULL,
    prompt    TEXT COLLATE "C" NOT NULL  -- how the provider is told to ask anew
);

-- People and how they sign in. Accounts are found by a keyed hash of (issuer, subject).

CREATE TABLE people (
    id           TEXT COLLATE "C" PRIMARY KEY,
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    since_at_ms  BIGINT           NOT NULL,
    ended_at_ms  BIGINT -- since then she signs in no more
);

CREATE INDEX people_organisation ON people (organisation);

CREATE TABLE invitations (
    id          TEXT COLLATE "C" PRIMARY KEY,
    person      TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    code_hash   BYTEA            NOT NULL UNIQUE,
    until_at_ms BIGINT           NOT NULL,
    account     TEXT COLLATE "C" -- the account that used it
);

CREATE TABLE accounts (
    lookup      TEXT COLLATE "C" PRIMARY KEY,
    person      TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES people (id), -- nobody gets a second way in unnoticed
    issuer      TEXT COLLATE "C" NOT NULL,
    since_at_ms BIGINT           NOT NULL
);

CREATE TABLE signings ( -- sign-ins under way: with the provider, then with a one-time code; and what may come once
    hash        BYTEA  PRIMARY KEY, -- of the state or code
    sealed      BYTEA  NOT NULL,
    until_at_ms BIGINT NOT NULL
);

-- Cards, rosters and the names that they commit to.

CREATE TABLE cards (
    hash         BYTEA            PRIMARY KEY,
    person       TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    serial       BIGINT           NOT NULL,
    steward      BIGINT           NOT NULL, -- 1 for a steward card, 0 for an ordinary one
    note         TEXT COLLATE "C" NOT NULL,
    leaf         BIGINT           NOT NULL,
    UNIQUE (person, serial)
);

CREATE INDEX cards_organisation ON cards (organisation, leaf);

CREATE TABLE rosters (
    organisation TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    version      BIGINT           NOT NULL,
    hash         BYTEA            NOT NULL UNIQUE,
    note         TEXT COLLATE "C" NOT NULL,
    leaf         BIGINT           NOT NULL,
    PRIMARY KEY (organisation, version)
);

CREATE TABLE names (
    commitment  BYTEA PRIMARY KEY,
    name_sealed BYTEA NOT NULL -- salt and text
);

-- Keyrings, which the service can't open: of each person the one that counts, and before it those
-- that were replaced without her card's signature.

CREATE TABLE keyrings (
    person         TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    version        BIGINT           NOT NULL,
    file           BYTEA            NOT NULL,
    replaced_at_ms BIGINT,
    PRIMARY KEY (person, version)
);

CREATE TABLE locks (
    person     TEXT COLLATE "C" NOT NULL,
    version    BIGINT           NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL,
    file       BYTEA            NOT NULL,
    credential BYTEA,
    salt       BYTEA,
    PRIMARY KEY (person, version, id),
    FOREIGN KEY (person, version) REFERENCES keyrings (person, version)
);

-- Where people want to be told that something has come, and who is to be told.

CREATE TABLE addresses (
    person         TEXT COLLATE "C" PRIMARY KEY REFERENCES people (id),
    address_sealed BYTEA NOT NULL
);

CREATE TABLE notices ( -- waiting to be sent: one for each person, however much has come
    person      TEXT COLLATE "C" PRIMARY KEY REFERENCES people (id),
    leaf        BIGINT NOT NULL, -- of the first entry that it is for
    since_at_ms BIGINT NOT NULL, -- of that entry
    last_at_ms  BIGINT NOT NULL, -- of the newest
    next_at_ms  BIGINT NOT NULL, -- not to be tried before
    tries       BIGINT NOT NULL
);

-- Cases and their threads. Which threads make a case is a row here, and can be guessed from the times of
-- the records by who reads the ledger.

CREATE TABLE cases (
    id          TEXT COLLATE "C" PRIMARY KEY,
    centre      TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
    since_at_ms BIGINT           NOT NULL
);

CREATE TABLE threads (
    id          TEXT COLLATE "C" PRIMARY KEY,
    case_id     TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    state       TEXT COLLATE "C" NOT NULL, -- thread.State in JSON: what the entries add up to
    next        BIGINT           NOT NULL,
    since_at_ms BIGINT           NOT NULL,
    last_at_ms  BIGINT           NOT NULL,
    last_seat   TEXT COLLATE "C" NOT NULL,
    turn_at_ms  BIGINT           NOT NULL -- when the side whose entry is the last began to be it
);

CREATE INDEX threads_case ON threads (case_id);

CREATE TABLE members ( -- of threads, now
    thread TEXT COLLATE "C" NOT NULL REFERENCES threads (id),
    person TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    seat   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (thread, person)
);

CREATE INDEX members_person ON members (person);

CREATE TABLE entries (
    id             TEXT COLLATE "C" PRIMARY KEY,
    thread         TEXT COLLATE "C" NOT NULL REFERENCES threads (id),
    sequence       BIGINT           NOT NULL,
    author         TEXT COLLATE "C" NOT NULL,
    header         TEXT COLLATE "C" NOT NULL,
    hash           BYTEA            NOT NULL,
    cards          BYTEA            NOT NULL, -- hashes of those that the header names, one after the other
    body           BYTEA,
    size           BIGINT           NOT NULL, -- bytes of header, body and grants
    receipt        TEXT COLLATE "C" NOT NULL,
    leaf           BIGINT           NOT NULL UNIQUE,
    admitted_at_ms BIGINT           NOT NULL,
    UNIQUE (thread, sequence)
);

CREATE TABLE grants (
    entry  TEXT COLLATE "C" NOT NULL REFERENCES entries (id),
    person TEXT COLLATE "C" NOT NULL,
    epoch  BIGINT           NOT NULL,
    sealed BYTEA            NOT NULL,
    PRIMARY KEY (entry, person, epoch)
);

-- Attachments. Their files are in a folder. What no entry carries after a day is removed.

CREATE TABLE blobs (
    id          TEXT COLLATE "C" PRIMARY KEY,
    author      TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    size        BIGINT           NOT NULL, -- bytes of the whole file
    received    BIGINT           NOT NULL, -- bytes that are on the disk and were acknowledged
    hash        BYTEA,                     -- of the whole file
    state       TEXT COLLATE "C" NOT NULL, -- begun, whole, dropped or erased
    entry       TEXT COLLATE "C" REFERENCES entries (id),
    since_at_ms BIGINT           NOT NULL
);

CREATE INDEX blobs_unbound ON blobs (author, since_at_ms) WHERE entry IS NULL;
CREATE INDEX blobs_entry ON blobs (entry) WHERE entry IS NOT NULL;

-- Sessions, and what an officer has opened in one.

CREATE TABLE sessions (
    token_hash          BYTEA            PRIMARY KEY,
    id                  TEXT COLLATE "C" NOT NULL UNIQUE,
    person              TEXT COLLATE "C" NOT NULL REFERENCES people (id),
    assurance           TEXT COLLATE "C" NOT NULL,
    device              TEXT COLLATE "C" NOT NULL, -- terminal, or the family of a browser
    sid                 TEXT COLLATE "C" NOT NULL, -- blinded name of it at the provider; empty for none
    authenticated_at_ms BIGINT           NOT NULL,
    since_at_ms         BIGINT           NOT NULL,
    used_at_ms          BIGINT           NOT NULL,
    listed_at_ms        BIGINT           NOT NULL, -- when its last list was recorded
    poked_at_ms         BIGINT           NOT NULL, -- when its last listening for pokes was
    ended_at_ms         BIGINT
);

CREATE INDEX sessions_person ON sessions (person);
CREATE INDEX sessions_sid ON sessions (sid);

CREATE TABLE openings (
    session     TEXT COLLATE "C" NOT NULL REFERENCES sessions (id),
    thread      TEXT COLLATE "C" NOT NULL REFERENCES threads (id),
    reason      TEXT COLLATE "C" NOT NULL,
    until_at_ms BIGINT           NOT NULL,
    PRIMARY KEY (session, thread)
);

-- The ledger: one tree, its records, its checkpoints.

CREATE TABLE ledger (
    id    BIGINT PRIMARY KEY CHECK (id = 1),
    size  BIGINT NOT NULL,
    at_ms BIGINT NOT NULL -- of the newest record: time in the ledger never goes back
);

INSERT INTO ledger (id, size, at_ms) VALUES (1, 0, 0);

CREATE TABLE records (
    leaf       BIGINT           PRIMARY KEY,
    commitment BYTEA            NOT NULL,
    salt       BYTEA,
    text       TEXT COLLATE "C",
    at_ms      BIGINT           NOT NULL,
    act        TEXT COLLATE "C" NOT NULL,
    outcome    TEXT COLLATE "C" NOT NULL,
    person     TEXT COLLATE "C" NOT NULL,
    object     TEXT COLLATE "C" NOT NULL
);

CREATE INDEX records_object ON records (object, act, leaf);
CREATE INDEX records_person ON records (person, leaf);

CREATE TABLE hashes ( -- of the tree, in the order of RFC 6962 as stored by sumdb/tlog
    position BIGINT PRIMARY KEY,
    hash     BYTEA  NOT NULL
);

CREATE TABLE checkpoints (
    size            BIGINT           PRIMARY KEY,
    at_ms           BIGINT           NOT NULL,
    note            TEXT COLLATE "C" NOT NULL, -- as the log has signed it
    witnessed_at_ms BIGINT                     -- when the quorum had cosigned it
);

CREATE INDEX checkpoints_witnessed ON checkpoints (witnessed_at_ms);

CREATE TABLE cosignatures (
    size    BIGINT           NOT NULL REFERENCES checkpoints (size),
    witness TEXT COLLATE "C" NOT NULL, -- name of its key
    line    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (size, witness)
);

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
