-- Layout 3: what people were asked.

-- Open tasks, and those that were closed lately: `closed` is when, `how` JSON. `body` is what only
-- the engine reads of it.
CREATE TABLE tasks (
    instance INTEGER NOT NULL,
    invocation INTEGER NOT NULL,
    machine INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT,
    user TEXT,
    claimed_by TEXT,
    opened INTEGER NOT NULL,
    due INTEGER,
    closed INTEGER,
    how TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (instance, invocation)
) STRICT, WITHOUT ROWID;
CREATE INDEX tasks_open ON tasks (instance, invocation) WHERE closed IS NULL;
CREATE INDEX tasks_by_role ON tasks (role, instance, invocation) WHERE closed IS NULL AND role IS NOT NULL;
CREATE INDEX tasks_by_user ON tasks (user, instance, invocation) WHERE closed IS NULL AND user IS NOT NULL;
CREATE INDEX tasks_closed ON tasks (closed) WHERE closed IS NOT NULL;

-- What has happened with tasks, in the order of commits.
CREATE TABLE task_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    news TEXT NOT NULL CHECK (news IN (
        'opened', 'reminded', 'escalated', 'claimed', 'released', 'changed', 'closed'
    )),
    instance INTEGER NOT NULL,
    invocation INTEGER NOT NULL,
    machine INTEGER NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    how TEXT NOT NULL
) STRICT;
CREATE INDEX task_events_by_time ON task_events (at);

-- For people: names instead of numbers, times as text.
CREATE VIEW open_tasks AS
SELECT t.instance || '.' || t.invocation AS task,
    m.name AS machine,
    t.key AS key,
    t.name AS name,
    t.body ->> 'title' AS title,
    t.role AS role,
    t.user AS user,
    t.claimed_by AS claimed_by,
    strftime('%Y-%m-%d %H:%M:%f', t.opened / 1000.0, 'unixepoch') AS opened,
    strftime('%Y-%m-%d %H:%M:%f', t.due / 1000.0, 'unixepoch') AS due
FROM tasks t
JOIN machines m ON m.id = t.machine
WHERE t.closed IS NULL;
