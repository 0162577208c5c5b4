//! One machine as it changes.

pub(super) use of_first::order as first;
pub(super) use of_fourth::order as fourth;
pub(super) use of_second::order as second;
pub(super) use of_sixth::order as sixth;
pub(super) use of_third::order as third;

/// As it began.
mod of_first {
    statewright::flow! {
        @allow(W0503, "it hangs as long as a test wants")
        durable machine Order version 1 {
            key id
            context { id: String  cents: u32 = 0  remark: String = ""  rounds: u8 = 0 }
            event Pay(cents: u32)
            event Ask(text: String)
            event Wait
            event Work
            event Next
            event Pause
            event Resume
            event Fax
            event Ring
            event Leave
            activity charge(id: String, cents: u32) -> String

            initial state Open {
                defer Ask
                on Pay(sum) do set cents = sum -> Charging(1)
                on Wait do raise Ring after 1h -> Waiting
                on Work -> Working
                on Fax -> Faxing
            }
            state Charging(tries: u8) {
                invoke charge(id, cents)
                on done(r) do set remark = r -> Paid
                on error -> Open
                on Leave -> Open
            }
            state Waiting {
                on Ring do set remark = "rung"
                after 2h -> Paid
            }
            state Working {
                initial -> Packing
                state Packing { on Next do set rounds = rounds + 1 -> Wrapping(rounds) }
                state Wrapping(round: u8) { on Next -> Packing }
                on Pause -> Paused
            }
            state Paused { on Resume -> deep_history(Working)  on Leave -> Open }
            state Faxing { on Next -> Paid  on Ask(text) do set remark = text }
            state Paid { on Leave -> Closed  on Ask(text) do set remark = text }
            final state Closed
        }
    }
}

/// Everything is called otherwise and stands elsewhere, and there is more of it.
mod of_second {
    statewright::flow! {
        @allow(W0107, "it is enough that they are kept") @allow(W0201, "it is new")
        @allow(W0503, "it hangs as long as a test wants")
        durable machine Order version 2 {
            key id
            context {
                note_of: Option<String> = none
                id: String
                cents: u64 = 0
                @was("remark") note: String = ""
                rounds: u8 = 0
                late reviewer: String
                retries: u32 = 3
            }
            event Review(by: String)
            event Pay(cents: u64)
            event Wait
            event Work
            event Next
            event Pause
            event Resume
            event Ring
            event Leave
            @was("Ask") event Question(text: String)
            activity check(id: String)
            activity charge(id: String, cents: u64) -> String
            output Told(text: String)

            state Reviewing {
                invoke check(id)
                on done -> Open
                on error -> Open
                after 1d -> Open
            }
            @was("Paused") state Resting {
                on Resume -> deep_history(Busy)
                on Leave -> Open
                every 1d do set note = "still resting"
            }
            @was("Working") state Busy {
                initial -> Packing
                on Pause -> Resting
                state Wrapping(round: u16, paper: String = "brown") {
                    on Next -> Packing
                    on Leave do set note = paper
                }
                state Packing { on Next do set rounds = rounds + 1 -> Wrapping(1, "white") }
                state Labelling
            }
            state Waiting {
                after 30m do set note = "half an hour"
                on Ring do set note = "rung late"
                on Question(text) do set note = text
                after 2h -> Paid
            }
            @was("Charging") state Paying(tries: u8) {
                invoke charge(id, cents)
                on done(r) do set note = r -> Paid
                on error -> Open
                on Leave -> Open
            }
            initial state Open {
                defer Question
                on Pay(sum) do set cents = sum -> Paying(1)
                on Wait do raise Ring after 1h -> Waiting
                on Work -> Busy
                on Review(by) do set reviewer = by -> Reviewing
            }
            state Paid { on Leave -> Closed  on Question(text) do set note = text, emit Told(text) }
            final state Closed
        }
    }
}

/// The key, and no more than one field, is of another type; no state but two are left.
mod of_third {
    statewright::flow! {
        @allow(W0107, "it is enough that they are kept")
        durable machine Order version 3 {
            key id
            context { id: String  cents: String = ""  remark: String = ""  rounds: u8 = 0 }
            event Pay
            initial state Open { on Pay -> Paid }
            final state Paid
        }
    }
}

/// What does not go by itself is said in a block.
mod of_fourth {
    statewright::flow! {
        @allow(W0107, "it is enough that they are kept")
        @allow(W0503, "it hangs as long as a test wants")
        durable machine Order version 4 {
            key id
            context { id: String  total: String  late tries: u8 }
            event Next
            activity approve(id: String) -> bool
            fn in_words(cents: u32) -> String
            migrate from 1 {
                old(cents: u32)
                state Charging(tries: u8) -> Approving
                state Working::Wrapping(round: u8) -> Sent(round + 0, "van")
                state Working -> Open
                set total = in_words(old.cents)
                set tries = 1
            }
            initial state Open { on Next -> Paid }
            state Approving {
                invoke approve(id)
                on done(yes) { if yes -> Paid else -> Open }
                on error -> Open
            }
            state Sent(parcels: u8, by: String) { on Next -> Closed }
            state Paid { on Next -> Closed }
            final state Closed
        }
    }
}

/// Two versions later: what the first block sets and enters is what the second reads and leaves.
mod of_sixth {
    statewright::flow! {
        @allow(W0107, "it is enough that they are kept")
        durable machine Order version 6 {
            key id
            context { id: String  price: Option<String> }
            event Next
            fn in_words(cents: u32) -> String
            fn and(a: String, b: String) -> String
            migrate from 1 {
                old(cents: u32)
                state Charging -> Open
                state Working::Wrapping(round: u8) -> Sent(round, "van")
                state Working -> Open
                set total = in_words(old.cents)
            }
            migrate from 4 {
                old(total: String)
                state Sent(parcels: u8, by: String) -> Gone(parcels + 10, and(by, " and ship"))
                state Approving -> Open
                set price = some(and(old.total, " EUR"))
            }
            initial state Open { on Next -> Gone(0, "") }
            state Gone(parcels: u8, by: String) { on Next -> Closed }
            final state Closed
        }
    }
}
