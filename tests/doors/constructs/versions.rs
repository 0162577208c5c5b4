#[statewright::machine(
    durable, version 3, key id,
    migrate from 1 {
        old(cents: u32)
        state Faxing -> Mailing("by fax")
        state Review::Legal(reviewer: String) -> Mailing(reviewer)
        set total = in_words(old.cents)
    },
    migrate from 2 { set total = "unknown" },
)]
#[strict]
pub mod order {
    //! A key, a version, what becomes of older instances, and names that stay.

    #[context]
    pub struct Context {
        #[id("key")]
        pub id: String,
        #[was("cents")]
        #[init("?")]
        pub total: String,
    }

    #[events]
    pub enum Event {
        #[was("Post")]
        Mail { to: String },
    }

    #[logic]
    pub trait Logic {
        fn in_words(cents: u32) -> String;
    }

    pub enum State {
        #[state(initial)]
        #[id("new")]
        #[on(Mail(to) if total != "" -> Mailing(to))]
        #[after(1d -> Mailing("nobody"))]
        Draft,
        #[was("Posting")]
        #[allow_flow(W0305, "it is on its way")]
        #[after(1h -> Sent)]
        Mailing { to: String },
        #[state(final)]
        Sent,
    }
}
