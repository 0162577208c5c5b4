//! A durable order: it is killed in the middle, resumed by another process, cannot be shipped, and
//! is undone in reverse. Everything stands in one SQLite file.

use order::{
    Activities, ChargeError, Order, Receipt, RefundError, ReleaseError, ReserveError, ShipError,
    Start,
};
use statewright::store::{Sqlite, Status};
use statewright::{Cx, Engine};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

statewright::include_flow!("order/order.flow");

/// The services that an order needs. A real one calls them over the network and hands them the
/// idempotency key, so that a repeated call is known to be one.
struct Shop {
    /// The program is killed while it charges the card.
    dies: bool,
}

impl Shop {
    fn say(&self, what: &str, cx: &Cx) {
        println!("  [{}] {what} (key {})", std::process::id(), cx.idempotency_key());
    }
}

impl Activities for Shop {
    async fn reserve(&self, cx: &Cx, order_id: &str) -> Result<String, ReserveError> {
        self.say("reserve one piano", cx);
        Ok(format!("shelf 7, for {order_id}"))
    }

    async fn charge(&self, cx: &Cx, order_id: &str, cents: u64) -> Result<Receipt, ChargeError> {
        self.say("charge the card", cx);
        if self.dies {
            kill_myself();
        }
        Ok(Receipt { id: format!("receipt of {order_id}"), cents })
    }

    async fn ship(&self, cx: &Cx, _: &str) -> Result<String, ShipError> {
        self.say("call a courier: none goes to Atlantis", cx);
        Err(ShipError::NoCourier { why: "nobody delivers to Atlantis".to_owned() })
    }

    // `None` if nobody knows how the charge has ended: the bank is asked by the key of that call.
    async fn refund(&self, cx: &Cx, receipt: &Option<Receipt>) -> Result<(), RefundError> {
        let cents = receipt.as_ref().map_or(0, |receipt| receipt.cents);
        self.say(&format!("give {cents} cents back"), cx);
        Ok(())
    }

    async fn release(&self, cx: &Cx, shelf: &Option<String>) -> Result<(), ReleaseError> {
        self.say(&format!("put the piano back: {}", shelf.as_deref().unwrap_or("-")), cx);
        Ok(())
    }
}

/// `kill -9`: nothing is flushed, nothing is told.
fn kill_myself() -> ! {
    let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    std::process::abort()
}

async fn engine(file: &Path, dies: bool) -> Result<Engine, Box<dyn Error>> {
    let store = Sqlite::open(file)?;
    Ok(Engine::builder().store(store).register::<Order>(Shop { dies }).start().await?)
}

/// The first process: starts the order, and does not live to see the end.
async fn begin(file: &Path) -> Result<(), Box<dyn Error>> {
    let engine = engine(file, true).await?;
    let order = Start { order_id: "o-1".to_owned(), cents: 129_900 };
    engine.start::<Order>("o-1", order).await?;
    engine.wait_for::<Order>("o-1", |order| order.status == Status::Finished).await?;
    Ok(())
}

/// The second one: has the first killed, and goes on where it was.
async fn go_on(file: &Path) -> Result<(), Box<dyn Error>> {
    println!("{}", order::DIAGRAM);
    println!("A first process starts the order:");
    let killed = Command::new(std::env::current_exe()?).arg(file).status()?;
    println!("It has ended: {killed}. A second one goes on:");
    let engine = engine(file, false).await?;
    let end = engine.wait_for::<Order>("o-1", |order| order.status == Status::Finished).await?;
    println!("\nThe order is {:?}: {}", end.state, end.context.why);
    println!("\nIts history, from the file:");
    for step in engine.history::<Order>("o-1", 1, 100).await? {
        println!("{:>3}  {step}", step.seq);
    }
    engine.stop().await;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if let Some(file) = std::env::args_os().nth(1) {
        return begin(Path::new(&file)).await;
    }
    let folder = std::env::temp_dir().join(format!("statewright-order-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = go_on(&PathBuf::from(&folder).join("orders.db")).await;
    std::fs::remove_dir_all(&folder)?;
    done
}

#[cfg(test)]
mod tests {
    use super::order::State;
    use super::{Engine, Error, Order, Shop, Start, Status};
    use statewright::store::Memory;

    #[tokio::test]
    async fn what_cannot_be_shipped_is_taken_back() -> Result<(), Box<dyn Error>> {
        let engine = Engine::builder().store(Memory::new()).register::<Order>(Shop { dies: false });
        let engine = engine.start().await?;
        let order = Start { order_id: "o-1".to_owned(), cents: 129_900 };
        engine.start::<Order>("o-1", order).await?;
        let end = engine.wait_for::<Order>("o-1", |order| order.status == Status::Finished).await?;
        assert_eq!(end.state, State::Rejected);
        assert_eq!(end.context.why, "nobody delivers to Atlantis");
        let steps = engine.history::<Order>("o-1", 1, 100).await?;
        let steps: Vec<String> = steps.iter().map(ToString::to_string).collect();
        let at = |what: &str| steps.iter().position(|step| step.contains(what));
        assert!(at("asks Refund") < at("asks Release") && at("asks Refund").is_some(), "{steps:?}");
        Ok(())
    }

    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::order::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }
}
