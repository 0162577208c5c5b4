-- Layout 1. docs/store.md says what each table and column is.

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('next_instance', 1), ('owner', 0), ('time', 0);

CREATE TABLE machines (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE shapes (
    id INTEGER PRIMARY KEY,
    machine INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (machine, hash)
) STRICT;

-- As of the last rest: `state` is null before the first one. What is large comes last, so that lists
-- need not read it.
CREATE TABLE instances (
    id INTEGER PRIMARY KEY,
    machine INTEGER NOT NULL,
    key TEXT NOT NULL,
    shape INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'parked', 'abandoned')),
    state TEXT,
    seq INTEGER NOT NULL,
    last INTEGER NOT NULL,
    snapshot_seq INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    cause TEXT,
    snapshot TEXT
) STRICT;
CREATE UNIQUE INDEX instances_by_key ON instances (machine, key);
CREATE INDEX instances_by_state ON instances (machine, status, state) WHERE state IS NOT NULL;
CREATE INDEX instances_ended ON instances (changed) WHERE status IN ('finished', 'abandoned');

-- Those that are not at rest. `last` is the last step before the row `since` of the journal; those
-- behind are found by reading the journal from there.
CREATE TABLE running (
    instance INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE timers (
    instance INTEGER PRIMARY KEY,
    due INTEGER NOT NULL
) STRICT;
CREATE INDEX timers_by_due ON timers (due);

-- Steps in the order of commits; `prev` is the step before of the same instance, or 0. `committed` is
-- the time of the last commit so far.
CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    instance INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    prev INTEGER NOT NULL,
    at INTEGER NOT NULL,
    committed INTEGER NOT NULL,
    state TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;

-- Every 64th step of an instance, for the way to steps long ago. The id is `instance << 32 | seq`.
CREATE TABLE milestones (
    id INTEGER PRIMARY KEY,
    step INTEGER NOT NULL
) STRICT;

-- The id is `instance << 32 | number`.
CREATE TABLE outputs (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    output TEXT NOT NULL
) STRICT;

CREATE TABLE answers (
    instance INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (instance, message_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    machine TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('send', 'retry', 'abandon')),
    body TEXT NOT NULL,
    message_id TEXT,
    at INTEGER NOT NULL,
    answer TEXT,
    answered INTEGER
) STRICT;
CREATE INDEX inbox_waiting ON inbox (id) WHERE answered IS NULL;

-- For people: names instead of numbers, times as text, and of what is running the last step.

CREATE VIEW overview AS
SELECT i.id AS instance,
    m.name AS machine,
    i.key AS key,
    i.status AS status,
    coalesce(j.state, l.state, i.state) AS state,
    coalesce(j.seq, l.seq, i.seq) AS seq,
    strftime('%Y-%m-%d %H:%M:%f', i.created / 1000.0, 'unixepoch') AS created,
    strftime('%Y-%m-%d %H:%M:%f', coalesce(j.at, l.at, i.changed) / 1000.0, 'unixepoch') AS changed,
    strftime('%Y-%m-%d %H:%M:%f', t.due / 1000.0, 'unixepoch') AS due,
    i.cause AS cause
FROM instances i
JOIN machines m ON m.id = i.machine
LEFT JOIN timers t ON t.instance = i.id
LEFT JOIN running r ON r.instance = i.id
LEFT JOIN journal l ON l.id = r.last AND l.seq > i.seq
LEFT JOIN (
    SELECT j.instance, max(j.seq) AS seq, j.at, j.state
    FROM journal j CROSS JOIN running r ON r.instance = j.instance AND r.since <= j.id
    WHERE j.id >= (SELECT min(since) FROM running)
    GROUP BY j.instance
) j ON j.instance = i.id AND j.seq > i.seq;

CREATE VIEW history AS
SELECT j.id AS step,
    j.instance AS instance,
    j.seq AS seq,
    strftime('%Y-%m-%d %H:%M:%f', j.at / 1000.0, 'unixepoch') AS time,
    j.state AS state,
    j.record AS record
FROM journal j;
