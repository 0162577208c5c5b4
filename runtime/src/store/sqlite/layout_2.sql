-- Layout 2: letters between instances, and instances that were cancelled.

DROP VIEW overview;

CREATE TABLE instances_2 (
    id INTEGER PRIMARY KEY,
    machine INTEGER NOT NULL,
    key TEXT NOT NULL,
    shape INTEGER NOT NULL,
    status TEXT NOT NULL
        CHECK (status IN ('running', 'finished', 'parked', 'abandoned', 'cancelled')),
    state TEXT,
    seq INTEGER NOT NULL,
    last INTEGER NOT NULL,
    snapshot_seq INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    cause TEXT,
    snapshot TEXT
) STRICT;
INSERT INTO instances_2 SELECT * FROM instances;
DROP TABLE instances;
ALTER TABLE instances_2 RENAME TO instances;
CREATE UNIQUE INDEX instances_by_key ON instances (machine, key);
CREATE INDEX instances_by_state ON instances (machine, status, state) WHERE state IS NOT NULL;
CREATE INDEX instances_ended ON instances (changed)
    WHERE status IN ('finished', 'abandoned', 'cancelled');

-- Which kinds there are is for programs to say: a newer one need not make the table anew.
CREATE TABLE inbox_2 (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    machine TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    message_id TEXT,
    at INTEGER NOT NULL,
    answer TEXT,
    answered INTEGER
) STRICT;
INSERT INTO sqlite_sequence SELECT 'inbox_2', seq FROM sqlite_sequence WHERE name = 'inbox';
INSERT INTO inbox_2 SELECT * FROM inbox;
DROP TABLE inbox;
ALTER TABLE inbox_2 RENAME TO inbox;
CREATE INDEX inbox_waiting ON inbox (id) WHERE answered IS NULL;

-- Numbers are not given again, which AUTOINCREMENT remembers.
CREATE TABLE letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    sender_machine TEXT NOT NULL,
    sender_key TEXT NOT NULL,
    sender INTEGER NOT NULL,
    machine TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    dead INTEGER NOT NULL,
    refusals TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX letters_by_receiver ON letters (machine, key, id) WHERE dead = 0;
CREATE INDEX letters_dead ON letters (id) WHERE dead = 1;

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
