//! Tasks.

use super::make::{all_kept, create, create_of};
use super::pruning::prune;
use super::{Open, claimed, done, ok};
use crate::store::{
    Commit, InstanceId, Kept, Millis, Status, Store, TaskChange, TaskData, TaskFilter, TaskNews,
};

impl Commit {
    /// With a task that is open.
    fn asks(mut self, news: TaskNews, task: TaskData) -> Self {
        self.tasks.push(TaskChange::Open(news, task));
        self
    }

    /// With a task that is closed.
    fn closes(mut self, invocation: u64, how: &str) -> Self {
        self.tasks.push(TaskChange::Closed(invocation, how.to_owned()));
        self
    }
}

fn task(invocation: u64, role: &str) -> TaskData {
    TaskData {
        invocation,
        name: "approve".to_owned(),
        role: Some(role.to_owned()),
        user: None,
        claimed_by: None,
        opened: 10,
        due: None,
        body: format!("{{\"title\":\"task {invocation}\"}}"),
    }
}

fn found(store: &dyn Store, filter: &TaskFilter) -> Vec<(InstanceId, u64)> {
    let rows = ok(store.tasks(filter)).into_iter();
    rows.map(|row| (row.instance, row.task.invocation)).collect()
}

fn news(store: &dyn Store, after: u64) -> Vec<(TaskNews, InstanceId, u64)> {
    let events = ok(store.task_events(after, 100)).into_iter();
    events.map(|event| (event.news, event.instance, event.invocation)).collect()
}

pub(super) fn tasks_are_open_until_they_are_closed(open: &Open) {
    let store = claimed(open);
    done(
        &*store,
        vec![create(1, "a", 10).step(1, "Asking").asks(TaskNews::Opened, task(4, "cfo"))],
    );
    let row = ok(store.task(1, 4)).expect("it is there");
    assert_eq!((row.machine.as_str(), row.key.as_str()), ("Door", "a"));
    assert_eq!((&row.task, &row.closed), (&task(4, "cfo"), &None));
    assert_eq!(ok(store.tasks(&TaskFilter::default())), std::slice::from_ref(&row));
    let changed = TaskData { claimed_by: Some("ann".to_owned()), due: Some(7), ..task(4, "board") };
    done(
        &*store,
        vec![Commit::of(1, 20).step(2, "Asking").asks(TaskNews::Claimed, changed.clone())],
    );
    assert_eq!(ok(store.task(1, 4)).map(|row| row.task), Some(changed.clone()));
    done(
        &*store,
        vec![Commit::of(1, 30).step(3, "Shut").closes(4, "\"left\"").closes(9, "\"left\"")],
    );
    assert_eq!(ok(store.tasks(&TaskFilter::default())), []);
    let row = ok(store.task(1, 4)).expect("it is kept");
    assert_eq!((row.task, row.closed), (changed, Some((30, "\"left\"".to_owned()))));
    // Once.
    done(&*store, vec![Commit::of(1, 40).step(4, "Shut").closes(4, "\"answered\"")]);
    let closed = ok(store.task(1, 4)).and_then(|row| row.closed);
    assert_eq!(closed, Some((30, "\"left\"".to_owned())));
    assert_eq!(ok(store.task(1, 5)), None);
    assert_eq!(ok(store.task(2, 4)), None);
    // They are there when the store is opened again.
    drop(store);
    assert_eq!(ok(claimed(open).task(1, 4)).map(|row| row.task.name), Some("approve".to_owned()));
}

pub(super) fn tasks_are_found_by_what_is_asked_for(open: &Open) {
    let store = claimed(open);
    let mine = TaskData { role: None, user: Some("ann".to_owned()), due: Some(50), ..task(2, "") };
    let claimed_by = Some("bob".to_owned());
    let taken = TaskData { claimed_by, due: Some(60), ..task(1, "cfo") };
    done(
        &*store,
        vec![
            create(1, "a", 1).step(1, "S").asks(TaskNews::Opened, task(1, "cfo")),
            create_of("Gate", 2, "a", 1).step(1, "S").asks(TaskNews::Opened, taken),
            create(3, "b", 1)
                .step(1, "S")
                .asks(TaskNews::Opened, task(1, "cfo"))
                .asks(TaskNews::Opened, mine)
                .closes(1, "\"left\""),
        ],
    );
    let all = TaskFilter::default;
    let text = |text: &str| Some(text.to_owned());
    let find = |filter: &TaskFilter| found(&*store, filter);
    assert_eq!(find(&all()), [(1, 1), (2, 1), (3, 2)]);
    assert_eq!(find(&TaskFilter { machine: text("Door"), ..all() }), [(1, 1), (3, 2)]);
    assert_eq!(find(&TaskFilter { key: text("a"), ..all() }), [(1, 1), (2, 1)]);
    assert_eq!(find(&TaskFilter { role: text("cfo"), ..all() }), [(1, 1), (2, 1)]);
    assert_eq!(find(&TaskFilter { user: text("ann"), ..all() }), [(3, 2)]);
    assert_eq!(find(&TaskFilter { user: text("cfo"), ..all() }), []);
    assert_eq!(find(&TaskFilter { claimed: Some(false), ..all() }), [(1, 1), (3, 2)]);
    assert_eq!(find(&TaskFilter { claimed: Some(true), ..all() }), [(2, 1)]);
    assert_eq!(find(&TaskFilter { claimed_by: text("bob"), ..all() }), [(2, 1)]);
    assert_eq!(find(&TaskFilter { due_before: Some(60), ..all() }), [(3, 2)]);
    let role = text("cfo");
    assert_eq!(find(&TaskFilter { role, machine: text("Gate"), ..all() }), [(2, 1)]);
    assert_eq!(find(&TaskFilter { after: (1, 1), limit: 1, ..all() }), [(2, 1)]);
    assert_eq!(find(&TaskFilter { after: (3, 1), ..all() }), [(3, 2)]);
}

pub(super) fn all_other_tasks_can_be_closed(open: &Open) {
    let store = claimed(open);
    let three = create(1, "a", 1).step(1, "S");
    let three = [1, 2, 3].into_iter().fold(three, |c, n| c.asks(TaskNews::Opened, task(n, "cfo")));
    let other = create(2, "b", 1).step(1, "S").asks(TaskNews::Opened, task(1, "cfo"));
    done(&*store, vec![three, other]);
    let mut commit = Commit::of(1, 2).step(2, "S");
    commit.tasks = vec![TaskChange::OnlyOpen(vec![2], "\"left\"".to_owned())];
    done(&*store, vec![commit]);
    assert_eq!(found(&*store, &TaskFilter::default()), [(1, 2), (2, 1)]);
    let closed = [(TaskNews::Closed, 1, 1), (TaskNews::Closed, 1, 3)];
    assert_eq!(news(&*store, 4), closed);
}

pub(super) fn what_happens_with_tasks_is_told_in_order(open: &Open) {
    let store = claimed(open);
    let opened =
        |id, key: &str| create(id, key, 5).step(1, "S").asks(TaskNews::Opened, task(1, "a"));
    done(&*store, vec![opened(2, "b"), opened(1, "a")]);
    done(&*store, vec![Commit::of(1, 6).step(2, "S").asks(TaskNews::Reminded, task(1, "a"))]);
    done(&*store, vec![Commit::of(2, 7).step(2, "S").closes(1, "\"timed_out\"")]);
    let all = [
        (TaskNews::Opened, 2, 1),
        (TaskNews::Opened, 1, 1),
        (TaskNews::Reminded, 1, 1),
        (TaskNews::Closed, 2, 1),
    ];
    assert_eq!(news(&*store, 0), all);
    let events = ok(store.task_events(0, 100));
    assert!(events.is_sorted_by(|a, b| a.number < b.number));
    let third = events[2].number;
    assert_eq!(news(&*store, third), all[3..]);
    assert_eq!(ok(store.task_events(0, 3)).len(), 3);
    let last = &events[3];
    assert_eq!((last.at, last.how.as_str()), (7, "\"timed_out\""));
    let of = (last.machine.as_str(), last.key.as_str(), last.name.as_str());
    assert_eq!(of, ("Door", "b", "approve"));
    // A batch that is refused tells nothing.
    let gap = Commit::of(1, 8).step(9, "S").asks(TaskNews::Reminded, task(1, "a"));
    assert!(super::commit(&*store, vec![gap]).is_err());
    assert_eq!(news(&*store, 0), all);
}

pub(super) fn old_tasks_are_deleted(open: &Open) {
    let store = claimed(open);
    let opened = |id: InstanceId, at: Millis| {
        create(id, &format!("{id}"), at).step(1, "S").asks(TaskNews::Opened, task(1, "a"))
    };
    done(&*store, vec![opened(1, 10), opened(2, 10), opened(3, 10)]);
    done(&*store, vec![Commit::of(1, 20).step(2, "S").closes(1, "\"left\"")]);
    done(&*store, vec![Commit::of(2, 30).step(2, "S").closes(1, "\"left\"")]);
    let kept = |answers_since: Millis, journal_since: Millis| Kept {
        answers_since,
        journal_since,
        ..all_kept()
    };
    assert_eq!(prune(&*store, &kept(20, 10), 100), 0);
    assert_eq!(prune(&*store, &kept(30, 0), 100), 1);
    assert_eq!(ok(store.task(1, 1)), None);
    assert!(ok(store.task(2, 1)).is_some());
    assert_eq!(found(&*store, &TaskFilter::default()), [(3, 1)]);
    // Steps that are in no snapshot stay.
    assert_eq!(prune(&*store, &kept(0, 20), 100), 3);
    assert_eq!(news(&*store, 0), [(TaskNews::Closed, 1, 1), (TaskNews::Closed, 2, 1)]);
    // What has ended goes with its tasks.
    done(&*store, vec![Commit::of(2, 40).end(2, "S", Status::Finished)]);
    assert_eq!(prune(&*store, &Kept { finished_since: 50, ..all_kept() }, 100), 4);
    assert_eq!(ok(store.task(2, 1)), None);
    assert!(ok(store.task(3, 1)).is_some());
}
