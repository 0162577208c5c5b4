#[statewright::machine(durable, key id)]
pub mod journey {
    //! A saga with all that one can say of its steps.

    #[context]
    pub struct Context {
        pub id: String,
        #[init("")]
        pub note: String,
    }

    #[events]
    pub enum Event {
        Cancel { reason: String },
    }

    #[errors]
    pub enum Error {
        Full {
            place: String,
        },
        #[transient]
        Busy,
    }

    #[activities]
    pub trait Activities {
        #[raises(Full, Busy)]
        async fn rent(&self, cx: &Cx, id: &str) -> String;
        #[raises(Busy)]
        async fn give_back(&self, cx: &Cx, room: &str);
        #[raises(Full)]
        async fn fly(&self, cx: &Cx, id: &str) -> u32;
        async fn unfly(&self, cx: &Cx, seat: u32);
        #[readonly]
        async fn look(&self, cx: &Cx, id: &str);
        async fn pay(&self, cx: &Cx, id: &str, room: &str, seat: u32) -> String;
        async fn tell(&self, cx: &Cx, ticket: &str);
    }

    #[policy(timeout 30s  retry max 20 backoff exponential 1s..5m jitter full on transient)]
    pub struct Patient;

    pub enum State {
        #[state(initial, saga)]
        #[step(@readonly weather: look(id) with Patient)]
        #[concurrent(
            step room: rent(id) with Patient compensate give_back(room) with Patient
            step seat: fly(id) with Patient compensate unfly(seat) with Patient
        )]
        #[pivot(ticket: pay(id, room, seat) with Patient)]
        #[step(told: tell(ticket) with Patient)]
        #[on(Cancel(reason) do set note = reason abort)]
        #[after(2d {
            if note == "" do set note = "too late" abort
            else abort
        })]
        #[on(done -> Booked(ticket))]
        #[on(compensated(cause) do set note = cause.message -> TakenBack)]
        #[on(compensation_error(cause) do set note = cause.message -> Stuck)]
        Booking,
        #[state(final)]
        Booked { ticket: String },
        #[state(final)]
        #[outcome(failure)]
        TakenBack,
        #[state(final)]
        #[outcome(failure)]
        Stuck,
    }
}
