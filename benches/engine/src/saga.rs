//! The order whose last step is refused, so that all is taken back.

use purchase::{
    Activities, ChargeError, NotifyError, Purchase, RecallError, RefundError, ReleaseError,
    ReserveError, ShipError, Start,
};
use statewright::store::{Sqlite, Status};
use statewright::{Cx, Engine};
use statewright_load::{Activities as Calls, Result, SAGA, Step};
use std::path::Path;
use std::sync::Arc;

statewright::flow! {
    @allow(W0503, "its calls wait for nothing") @allow(W0606, "they do not fail")
    durable machine Purchase version 1 {
        key id
        context { id: String  number: u64  why: String = "" }
        error Refused(why: String)
        activity reserve(number: u64) -> String
        activity charge(number: u64) -> String
        activity ship(number: u64) -> String
        activity notify(number: u64) raises Refused
        activity recall(number: u64, shipped: String)
        activity refund(number: u64, charged: String)
        activity release(number: u64, reserved: String)

        initial saga state Ordering {
            step reserved: reserve(number) compensate release(number, reserved)
            step charged: charge(number) compensate refund(number, charged)
            step shipped: ship(number) compensate recall(number, shipped)
            @readonly step notified: notify(number)

            on done -> Done
            on compensated(cause) do set why = cause.message -> Undone
            on compensation_error(cause) do set why = cause.message -> Undone
        }
        final state Done
        final state Undone
    }
}

/// What is done for an order, and taken back.
struct Host(Arc<Calls>);

impl Host {
    fn undo(&self, step: Step, number: u64, given: &Option<String>) -> std::io::Result<()> {
        let given = given.as_deref().unwrap_or_default();
        self.0.undo(step, number, given).map_err(std::io::Error::other)
    }
}

impl Activities for Host {
    async fn reserve(&self, _: &Cx, number: u64) -> std::result::Result<String, ReserveError> {
        Ok(self.0.run(Step::Reserve, number))
    }

    async fn charge(&self, _: &Cx, number: u64) -> std::result::Result<String, ChargeError> {
        Ok(self.0.run(Step::Charge, number))
    }

    async fn ship(&self, _: &Cx, number: u64) -> std::result::Result<String, ShipError> {
        Ok(self.0.run(Step::Ship, number))
    }

    async fn notify(&self, _: &Cx, number: u64) -> std::result::Result<(), NotifyError> {
        Err(NotifyError::Refused { why: self.0.run(Step::Notify, number) })
    }

    async fn recall(
        &self,
        _: &Cx,
        number: u64,
        shipped: &Option<String>,
    ) -> std::result::Result<(), RecallError> {
        Ok(self.undo(Step::Recall, number, shipped)?)
    }

    async fn refund(
        &self,
        _: &Cx,
        number: u64,
        charged: &Option<String>,
    ) -> std::result::Result<(), RefundError> {
        Ok(self.undo(Step::Refund, number, charged)?)
    }

    async fn release(
        &self,
        _: &Cx,
        number: u64,
        reserved: &Option<String>,
    ) -> std::result::Result<(), ReleaseError> {
        Ok(self.undo(Step::Release, number, reserved)?)
    }
}

/// On a file, with a sync at each commit.
pub struct Saga(Engine);

impl statewright_load::Engine for Saga {
    const STEPS: &'static [Step] = &SAGA;

    async fn open(folder: &Path, calls: Arc<Calls>) -> Result<Self> {
        let builder = Engine::builder().store(Sqlite::open(folder.join("orders.db"))?);
        Ok(Self(builder.register::<Purchase>(Host(calls)).start().await?))
    }

    async fn run(&self, number: u64) -> Result<String> {
        let id = format!("order-{number:07}");
        self.0.start::<Purchase>(&id, Start { id: id.clone(), number }).await?;
        let finished = |view: &statewright::engine::View<Purchase>| view.status == Status::Finished;
        Ok(self.0.wait_for::<Purchase>(&id, finished).await?.context.why)
    }
}
