//! What is on its way between instances.

use super::make::create;
use super::{Open, claimed, commit, done, ok};
use crate::store::{
    Commit, Letter, LetterChange, LetterId, LetterKind, LetterRow, Letters, Outcome, Sender, Store,
    StoreError,
};

fn letter(id: LetterId, key: &str) -> Letter {
    Letter {
        id,
        at: 3,
        sender: Sender { machine: "Door".to_owned(), key: "a".to_owned(), instance: 1 },
        machine: "Lamp".to_owned(),
        key: key.to_owned(),
        kind: LetterKind::Event,
        body: format!("{{\"n\":{id}}}"),
    }
}

fn sent(id: LetterId, key: &str) -> LetterChange {
    LetterChange::Sent(letter(id, key))
}

/// A commit of an instance that changes letters.
fn changing(letters: Vec<LetterChange>) -> Commit {
    Commit { letters, ..Commit::of(0, 5) }
}

fn found(store: &dyn Store, wanted: &Letters) -> Vec<LetterId> {
    ok(store.letters(wanted)).iter().map(|row| row.letter.id).collect()
}

fn owed() -> Letters {
    Letters { is_dead: Some(false), ..Letters::default() }
}

fn dead() -> Letters {
    Letters { is_dead: Some(true), ..Letters::default() }
}

pub(super) fn letters_are_owed_until_they_are_taken(open: &Open) {
    let store = claimed(open);
    assert_eq!(ok(store.next_letter()), 1);
    let mut begun = create(1, "a", 5).step(1, "Open");
    begun.letters = vec![sent(1, "x"), sent(2, "y"), sent(3, "x")];
    done(&*store, vec![begun]);
    drop(store);
    let store = claimed(open);
    assert_eq!(ok(store.next_letter()), 4);
    let rows = ok(store.letters(&owed()));
    let row = LetterRow { letter: letter(1, "x"), refusals: Vec::new(), is_dead: false };
    assert_eq!(rows[0], row);
    assert_eq!(rows.len(), 3);
    let to = |machine: &str, key: &str| {
        let (machine, key) = (Some(machine.to_owned()), Some(key.to_owned()));
        found(&*store, &Letters { machine, key, ..owed() })
    };
    assert_eq!(to("Lamp", "x"), [1, 3]);
    assert!(to("Door", "x").is_empty());
    assert_eq!(found(&*store, &Letters { after: 1, limit: 1, ..owed() }), [2]);
    let mut taking = Commit::of(1, 6).step(2, "Shut");
    taking.letters = vec![LetterChange::Taken(1)];
    done(&*store, vec![taking]);
    assert_eq!(to("Lamp", "x"), [3]);
    assert_eq!(ok(store.history(1, 2, 1)).len(), 1);
    assert_eq!(ok(store.next_letter()), 4);
}

pub(super) fn letters_are_taken_once(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 5), changing(vec![sent(1, "x"), sent(2, "x")])]);
    done(&*store, vec![changing(vec![LetterChange::Taken(1)])]);
    for wrong in [
        LetterChange::Taken(1),
        LetterChange::Taken(7),
        LetterChange::Refused(1, "\"no\"".to_owned()),
        sent(2, "y"),
    ] {
        let mut step = Commit::of(1, 6).step(1, "Open");
        step.letters = vec![wrong.clone()];
        let result = commit(&*store, vec![step]);
        assert!(matches!(result, Err(StoreError::Failed(_))), "{wrong:?}: {result:?}");
    }
    let twice = vec![changing(vec![LetterChange::Taken(2), LetterChange::Taken(2)])];
    assert!(commit(&*store, twice).is_err());
    assert!(ok(store.history(1, 1, 10)).is_empty());
    assert_eq!(found(&*store, &owed()), [2]);
}

pub(super) fn letters_that_are_refused_wait_with_their_history(open: &Open) {
    let store = claimed(open);
    let refused = |id| LetterChange::Refused(id, format!("{{\"kind\":\"{id}\"}}"));
    done(&*store, vec![changing(vec![sent(1, "x"), refused(1), sent(2, "x")])]);
    assert_eq!(found(&*store, &owed()), [2]);
    assert_eq!(found(&*store, &dead()), [1]);
    done(&*store, vec![changing(vec![LetterChange::Resent(1, Some("\"new\"".to_owned()))])]);
    assert_eq!(found(&*store, &owed()), [1, 2]);
    let again = Commit { at: 9, ..changing(vec![refused(1)]) };
    done(&*store, vec![again]);
    drop(store);
    let store = claimed(open);
    let rows = ok(store.letters(&dead()));
    assert_eq!(rows[0].letter, Letter { body: "\"new\"".to_owned(), ..letter(1, "x") });
    let cause = "{\"kind\":\"1\"}".to_owned();
    assert_eq!(rows[0].refusals, [(5, cause.clone()), (9, cause)]);
    done(&*store, vec![changing(vec![LetterChange::Resent(1, None)])]);
    assert_eq!(ok(store.letters(&owed()))[0].letter.body, "\"new\"");
    done(&*store, vec![changing(vec![refused(1)])]);
    done(&*store, vec![changing(vec![LetterChange::Abandoned(1)])]);
    assert_eq!(found(&*store, &Letters::default()), [2]);
}

/// A person may be late: that alone is left out.
pub(super) fn what_is_not_dead_is_neither_resent_nor_given_up(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![changing(vec![sent(1, "x")])]);
    for late in [
        LetterChange::Resent(1, None),
        LetterChange::Resent(7, Some("2".to_owned())),
        LetterChange::Abandoned(1),
    ] {
        let batch = vec![changing(vec![late.clone()]), changing(vec![])];
        assert_eq!(commit(&*store, batch), Ok(vec![Outcome::NotDead, Outcome::Done]), "{late:?}");
    }
    assert_eq!(found(&*store, &owed()), [1]);
}

pub(super) fn letters_of_a_commit_that_is_left_out_are_not_sent(open: &Open) {
    let store = claimed(open);
    done(&*store, vec![create(1, "a", 5)]);
    let mut second = create(2, "a", 6);
    second.letters = vec![sent(1, "x")];
    assert_eq!(commit(&*store, vec![second]), Ok(vec![Outcome::Duplicate]));
    let gap = Commit { letters: vec![sent(1, "x")], ..Commit::of(1, 6).step(9, "Open") };
    assert!(commit(&*store, vec![gap]).is_err());
    assert!(found(&*store, &Letters::default()).is_empty());
}
