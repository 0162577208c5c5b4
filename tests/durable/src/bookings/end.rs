//! What may never be seen of a booking that has ended.

use crate::seen::Seen;
use crate::trip::Trip;

/// What holds when the saga has ended.
pub(super) fn check(trip: &Trip, name: &str, (state, note): (&str, &str), seen: &mut Seen) {
    let steps = ["room", "car", "flight"];
    match state {
        "Booked" => {
            seen.count("booked", 1);
            let all = steps.iter().chain(&["ticket", "mail"]).all(|step| trip.has(step));
            assert!(all && trip.back.is_empty(), "{name}: not all is done: {trip:?}");
        }
        "TakenBack" => {
            seen.count("taken back", 1);
            assert!(!trip.has("mail"), "{name}: {trip:?}");
            assert!(!trip.has("ticket"), "{name}: paid and taken back: {trip:?}");
            for step in steps.iter().filter(|step| trip.has(step)) {
                assert!(trip.undid.contains_key(*step), "{name}: {step} is left: {trip:?}");
            }
        }
        "Stuck" => {
            seen.count("stuck", 1);
            assert!(!trip.has("mail"), "{name}: {trip:?}");
            if note.contains("it is not known whether `ticket` was done") {
                assert!(trip.back.is_empty(), "{name}: taken back: {trip:?}");
                return;
            }
            assert!(!trip.has("ticket"), "{name}: paid and taken back: {trip:?}");
            for step in steps.iter().filter(|step| trip.has(step)) {
                let is_told = note.contains(&format!("`{step}` was not taken back"));
                assert!(
                    is_told || trip.undid.contains_key(*step),
                    "{name}: {step} is left, and nobody says so: {note:?} {trip:?}"
                );
            }
        }
        other => panic!("{name} has ended in {other}"),
    }
}
