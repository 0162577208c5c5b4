//! The program that is killed while it carries instances over to a new version of their machine.
//!
//! `shape-worker FOLDER VERSION INSTANCES`: version 1 starts them and leaves them where they wait; version
//! 2 ends when all have come to their end.

use statewright::store::{Filter, Sqlite, Status};
use statewright::{Cx, Engine, EngineError};
use statewright_durable_tests::arm::arm;
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

#[allow(missing_docs)]
mod of_first {
    statewright::flow! {
        durable machine Claim version 1 {
            key id
            context { id: String  cents: u32  remark: String = "" }
            event Remark(text: String)
            activity charge(id: String, cents: u32)
            policy patient { timeout 1h }
            initial state Charging {
                defer Remark
                invoke charge(id, cents) with patient
                after 1d -> Charged
                on done -> Charged
                on error -> Charged
            }
            state Charged { on Remark(text) do set remark = text -> Closed }
            final state Closed
        }
    }
}

#[allow(missing_docs)]
mod of_second {
    statewright::flow! {
        durable machine Claim version 2 {
            key id
            context { id: String  total: String  remark: String = "" }
            event Remark(text: String)
            activity approve(id: String, total: String)
            fn in_words(cents: u32) -> String
            policy patient { timeout 1h }
            migrate from 1 {
                old(cents: u32)
                state Charging -> Approving
                set total = in_words(old.cents)
            }
            initial state Approving {
                defer Remark
                invoke approve(id, total) with patient
                on done -> Approved
                on error(e) -> Refused(e.message)
            }
            state Approved { on Remark(text) do set remark = text -> Closed }
            final state Closed
            @outcome(failure)
            final state Refused(why: String)
        }
    }
}

use of_first::claim as first;
use of_second::claim as second;

/// Charges for ever, and approves at once.
struct Office;

impl first::Activities for Office {
    async fn charge(&self, _: &Cx, _: &str, _: u32) -> Result<(), first::ChargeError> {
        std::future::pending().await
    }
}

impl second::Logic for Office {
    fn in_words(cents: u32) -> String {
        format!("{cents} cents")
    }
}

impl second::Activities for Office {
    async fn approve(&self, _: &Cx, id: &str, total: &str) -> Result<(), second::ApproveError> {
        match total == format!("{} cents", id.trim_start_matches("c-")) {
            true => Ok(()),
            false => Err(std::io::Error::other(format!("{total} of {id}")))?,
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_default());
    let version = arguments.next().unwrap_or_default();
    let instances: u32 = arguments.next().and_then(|n| n.parse().ok()).ok_or("a number")?;
    arm();
    let store = Sqlite::open(folder.join("claims.db"))?;
    match version.as_str() {
        "1" => begin(store, instances).await,
        _ => go_on(store).await,
    }
}

async fn begin(store: Sqlite, instances: u32) -> Result<(), Box<dyn Error>> {
    let engine = Engine::builder().store(store).register::<first::Claim>(Office).start().await?;
    for cents in 0..instances {
        let id = format!("c-{cents}");
        engine.start::<first::Claim>(&id, first::Start { id: id.clone(), cents }).await?;
        let event = first::Event::Remark { text: format!("about {cents}") };
        engine.send::<first::Claim>(&id, event).await?;
    }
    engine.stop().await;
    Ok(())
}

async fn go_on(store: Sqlite) -> Result<(), Box<dyn Error>> {
    let engine = Engine::builder().store(store).register::<second::Claim>(Office).start().await?;
    let open = Filter { status: Some(Status::Running), ..Filter::default() };
    for one in engine.list(open).await? {
        let ended =
            |view: &statewright::engine::View<second::Claim>| view.status == Status::Finished;
        match engine.wait_for::<second::Claim>(&one.key, ended).await {
            Ok(_) | Err(EngineError::Finished(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    tokio::time::timeout(Duration::from_secs(30), engine.stop()).await?;
    Ok(())
}
