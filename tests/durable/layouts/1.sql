-- A store of layout 1 as `.dump` gives it, but for the hashes of shapes, which the test fills in:
-- its program was killed while an order was being charged.
PRAGMA application_id = 1400337012;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES('next_instance',1);
INSERT INTO meta VALUES('owner',1);
INSERT INTO meta VALUES('time',1700000000052);
CREATE TABLE machines (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO machines VALUES(1,'Order');
INSERT INTO machines VALUES(2,'Fragile');
CREATE TABLE shapes (
    id INTEGER PRIMARY KEY,
    machine INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (machine, hash)
) STRICT;
INSERT INTO shapes VALUES(1,1,1,'SHAPE OF Order','');
INSERT INTO shapes VALUES(2,2,1,'SHAPE OF Fragile','');
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
INSERT INTO instances VALUES(1,1,'draft',1,'running','Draft',1,1,1,1700000000000,1700000000000,NULL,'{"in":["Draft"],"now":1700000000000,"context":{"order_id":"draft","total":5,"reservation":"","receipt":null,"note":null},"data":{},"timers":[{"deadline":{"secs":1702592000,"nanos":0},"due":{"after":0}}]}');
INSERT INTO instances VALUES(2,1,'done',1,'finished','Completed',5,7,5,1700000000001,1700000000004,NULL,'{"in":["Completed"],"now":1700000000004,"context":{"order_id":"done","total":5,"reservation":"reservation of done","receipt":{"id":"r1","amount":5},"note":null},"data":{"Completed.tracking":"T-1"},"visits":3}');
INSERT INTO instances VALUES(3,1,'charging',1,'running','Draft',1,3,1,1700000000001,1700000000001,NULL,'{"in":["Draft"],"now":1700000000001,"context":{"order_id":"charging","total":5,"reservation":"","receipt":null,"note":null},"data":{},"timers":[{"deadline":{"secs":1702592000,"nanos":1000000},"due":{"after":0}}]}');
INSERT INTO instances VALUES(4,2,'parked',2,'parked','Fetching',2,9,2,1700000000010,1700000000014,'{"kind":"uncaught","message":"an activity has ended with an error that no state catches: Unexpected: no route to host"}','{"in":["Fetching"],"now":1700000000010,"context":{"name":"parked","tries":0},"data":{},"invocations":[{"id":1,"invoke":0,"request":{"Fetch":{"name":"parked"}}}],"visits":1}');
CREATE TABLE running (
    instance INTEGER PRIMARY KEY,
    since INTEGER NOT NULL,
    last INTEGER NOT NULL
) STRICT;
INSERT INTO running VALUES(3,10,3);
CREATE TABLE timers (
    instance INTEGER PRIMARY KEY,
    due INTEGER NOT NULL
) STRICT;
INSERT INTO timers VALUES(1,1702592000000);
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
INSERT INTO journal VALUES(1,1,1,0,1700000000000,1700000000000,'Draft','{"start":{"order_id":"draft","total":5},"said":"Handled","after":{"in":["Draft"],"now":1700000000000,"context":{"order_id":"draft","total":5,"reservation":"","receipt":null,"note":null},"data":{},"timers":[{"deadline":{"secs":1702592000,"nanos":0},"due":{"after":0}}]}}');
INSERT INTO journal VALUES(2,2,1,0,1700000000001,1700000000001,'Draft','{"start":{"order_id":"done","total":5},"said":"Handled","after":{"in":["Draft"],"now":1700000000001,"context":{"order_id":"done","total":5,"reservation":"","receipt":null,"note":null},"data":{},"timers":[{"deadline":{"secs":1702592000,"nanos":1000000},"due":{"after":0}}]}}');
INSERT INTO journal VALUES(3,3,1,0,1700000000001,1700000000001,'Draft','{"start":{"order_id":"charging","total":5},"said":"Handled","after":{"in":["Draft"],"now":1700000000001,"context":{"order_id":"charging","total":5,"reservation":"","receipt":null,"note":null},"data":{},"timers":[{"deadline":{"secs":1702592000,"nanos":1000000},"due":{"after":0}}]}}');
INSERT INTO journal VALUES(4,2,2,2,1700000000002,1700000000002,'Working.Reserving','{"event":"Submit","message":"m-1","calls":[{"log":"go"}],"asks":[{"id":1,"request":{"Reserve":{"order_id":"done"}}}],"said":"Handled","after":{"in":["Working.Reserving"],"now":1700000000002,"context":{"order_id":"done","total":5,"reservation":"","receipt":null,"note":null},"data":{},"invocations":[{"id":1,"invoke":0,"request":{"Reserve":{"order_id":"done"}}}],"visits":1,"calls":[[{"log":"go"}]]}}');
INSERT INTO journal VALUES(5,2,3,4,1700000000003,1700000000003,'Working.Charging','{"to":1,"reply":{"Reserve":{"Ok":"reservation of done"}},"asks":[{"id":2,"request":{"Charge":{"order_id":"done","total":5}}}],"said":"Handled","after":{"in":["Working.Charging"],"now":1700000000003,"context":{"order_id":"done","total":5,"reservation":"reservation of done","receipt":null,"note":null},"data":{},"invocations":[{"id":2,"invoke":1,"request":{"Charge":{"order_id":"done","total":5}}}],"visits":2}}');
INSERT INTO journal VALUES(6,2,4,5,1700000000003,1700000000003,'Working.Shipping','{"to":2,"reply":{"Charge":{"Ok":{"id":"r1","amount":5}}},"asks":[{"id":3,"request":{"Ship":{"order_id":"done","receipt":{"id":"r1","amount":5}}}}],"said":"Handled","after":{"in":["Working.Shipping"],"now":1700000000003,"context":{"order_id":"done","total":5,"reservation":"reservation of done","receipt":{"id":"r1","amount":5},"note":null},"data":{},"invocations":[{"id":3,"invoke":2,"request":{"Ship":{"order_id":"done","receipt":{"id":"r1","amount":5}}}}],"visits":3}}');
INSERT INTO journal VALUES(7,2,5,6,1700000000004,1700000000004,'Completed','{"to":3,"reply":{"Ship":{"Ok":"T-1"}},"said":"Handled","emits":[{"Shipped":{"tracking":"T-1"}}],"after":{"in":["Completed"],"now":1700000000004,"context":{"order_id":"done","total":5,"reservation":"reservation of done","receipt":{"id":"r1","amount":5},"note":null},"data":{"Completed.tracking":"T-1"},"visits":3}}');
INSERT INTO journal VALUES(8,4,1,0,1700000000010,1700000000010,'Fetching','{"start":{"name":"parked"},"asks":[{"id":1,"request":{"Fetch":{"name":"parked"}}}],"said":"Handled","after":{"in":["Fetching"],"now":1700000000010,"context":{"name":"parked","tries":0},"data":{},"invocations":[{"id":1,"invoke":0,"request":{"Fetch":{"name":"parked"}}}],"visits":1}}');
INSERT INTO journal VALUES(9,4,2,8,1700000000014,1700000000014,'Fetching','{"parked":{"kind":"uncaught","message":"an activity has ended with an error that no state catches: Unexpected: no route to host"},"said":"Handled","after":{"in":["Fetching"],"now":1700000000010,"context":{"name":"parked","tries":0},"data":{},"invocations":[{"id":1,"invoke":0,"request":{"Fetch":{"name":"parked"}}}],"visits":1}}');
INSERT INTO journal VALUES(10,3,2,3,1700000000317,1700000000317,'Working.Reserving','{"event":"Submit","calls":[{"log":"go"}],"asks":[{"id":1,"request":{"Reserve":{"order_id":"charging"}}}],"said":"Handled","after":{"in":["Working.Reserving"],"now":1700000000317,"context":{"order_id":"charging","total":5,"reservation":"","receipt":null,"note":null},"data":{},"invocations":[{"id":1,"invoke":0,"request":{"Reserve":{"order_id":"charging"}}}],"visits":1,"calls":[[{"log":"go"}]]}}');
INSERT INTO journal VALUES(11,3,3,10,1700000000318,1700000000318,'Working.Charging','{"to":1,"reply":{"Reserve":{"Ok":"reservation of charging"}},"asks":[{"id":2,"request":{"Charge":{"order_id":"charging","total":5}}}],"said":"Handled","after":{"in":["Working.Charging"],"now":1700000000318,"context":{"order_id":"charging","total":5,"reservation":"reservation of charging","receipt":null,"note":null},"data":{},"invocations":[{"id":2,"invoke":1,"request":{"Charge":{"order_id":"charging","total":5}}}],"visits":2}}');
CREATE TABLE milestones (
    id INTEGER PRIMARY KEY,
    step INTEGER NOT NULL
) STRICT;
CREATE TABLE outputs (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    output TEXT NOT NULL
) STRICT;
INSERT INTO outputs VALUES(8589934593,1700000000004,'{"Shipped":{"tracking":"T-1"}}');
CREATE TABLE answers (
    instance INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (instance, message_id)
) STRICT, WITHOUT ROWID;
INSERT INTO answers VALUES(2,'m-1',1700000000002,'Handled');
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
INSERT INTO inbox VALUES(1,'Order','draft','send','"Submit"','m-2',1700000001000,NULL,NULL);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('inbox',1);
CREATE UNIQUE INDEX instances_by_key ON instances (machine, key);
CREATE INDEX instances_by_state ON instances (machine, status, state) WHERE state IS NOT NULL;
CREATE INDEX instances_ended ON instances (changed) WHERE status IN ('finished', 'abandoned');
CREATE INDEX timers_by_due ON timers (due);
CREATE INDEX inbox_waiting ON inbox (id) WHERE answered IS NULL;
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
COMMIT;
