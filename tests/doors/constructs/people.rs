#[statewright::machine(durable, key id)]
pub mod petition {
    //! People who are asked, with every clause.

    use crate::model::Money;

    pub enum Decision {
        Approved,
        Rejected,
    }

    pub struct Form {
        pub owner: String,
        pub total: Money,
    }

    #[context]
    pub struct Context {
        pub id: u64,
        pub form: Form,
        #[init("ann")]
        pub clerk: String,
        #[init("")]
        pub why: String,
    }

    #[events]
    pub enum Event {
        Withdraw,
    }

    pub enum State {
        #[state(initial)]
        #[human(read(id, form.owner, form) -> Decision {
            assign user(clerk)
            title "Petition {id} of {form.owner}, {{really}}"
            remind every 8h
            escalate after 1d to user("bob")
            escalate after 2d to role("cfo")
            timeout 3d
        })]
        #[on(done(decision) {
            if decision == Decision::Approved -> Granted
            else do set why = "no" -> Appealing
        })]
        #[on(timeout do set why = "late" -> Refused)]
        #[on(Withdraw -> Refused)]
        Reading,
        #[human(appeal(why) -> bool {
            assign role("judge")
            timeout never
        })]
        #[on(done(fine) {
            if fine -> Granted
            else -> Refused
        })]
        Appealing,
        #[state(final)]
        Granted,
        #[state(final)]
        #[outcome(failure)]
        Refused,
    }
}
