//! Orders that are fulfilled or taken back, whatever happens on the way: a card is declined and the
//! program killed while it goes back, a customer changes her mind while the card is charged, a carrier
//! does not say whether it has come.

use model::{Address, Item, Money};
use order_saga::{
    Activities, ChargeCardError, Event, Logic, OrderSaga, Receipt, RefundError, ReleaseStockError,
    ReserveStockError, SendMailError, ShipError, Start, State,
};
use statewright::store::{Sqlite, Status};
use statewright::{Cx, Engine};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

mod model;

statewright::include_flow!("order_saga/order_saga.flow");

/// The services that an order needs. What they do depends on who orders.
struct Shop {
    /// The program is killed while it puts things back, and the bank declines.
    is_bad_day: bool,
}

impl Shop {
    fn say(&self, what: &str, cx: &Cx) {
        println!("  [{}] {what} (key {})", std::process::id(), cx.idempotency_key());
    }
}

impl Activities for Shop {
    async fn reserve_stock(
        &self,
        cx: &Cx,
        order_id: &str,
        items: &[Item],
    ) -> Result<String, ReserveStockError> {
        self.say(&format!("reserve {} for {order_id}", items.len()), cx);
        Ok(format!("shelf of {order_id}"))
    }

    async fn release_stock(
        &self,
        cx: &Cx,
        reservation: &Option<String>,
    ) -> Result<(), ReleaseStockError> {
        let shelf = reservation.as_deref().unwrap_or("a shelf, if there is one");
        self.say(&format!("empty the {shelf}"), cx);
        if self.is_bad_day {
            kill_myself();
        }
        Ok(())
    }

    async fn charge_card(
        &self,
        cx: &Cx,
        order_id: &str,
        total: &Money,
    ) -> Result<Receipt, ChargeCardError> {
        self.say(&format!("charge {total}"), cx);
        if self.is_bad_day {
            return Err(ChargeCardError::Declined { reason: "the card is blocked".to_owned() });
        }
        if order_id == "o-3" {
            // The bank takes its time, and the customer does not wait.
            std::future::pending::<()>().await;
        }
        Ok(Receipt { id: format!("receipt of {order_id}"), amount: total.clone() })
    }

    async fn refund(&self, cx: &Cx, receipt: &Option<Receipt>) -> Result<(), RefundError> {
        match (receipt, cx.undoing()) {
            (Some(receipt), _) => self.say(&format!("give {} back", receipt.amount), cx),
            (None, Some(charge)) => {
                let key = &charge.idempotency_key;
                self.say(&format!("ask the bank for a charge under {key}, and void it"), cx);
            }
            (None, None) => {}
        }
        Ok(())
    }

    async fn ship(&self, cx: &Cx, order_id: &str, to: &Address) -> Result<String, ShipError> {
        self.say(&format!("ship to {}", to.town), cx);
        if order_id == "o-4" {
            return Err(std::io::Error::other("the carrier hung up").into());
        }
        Ok(format!("parcel of {order_id}"))
    }

    async fn send_mail(&self, cx: &Cx, customer: &str, text: &str) -> Result<(), SendMailError> {
        self.say(&format!("tell {customer}: {text}"), cx);
        Ok(())
    }
}

impl Logic for Shop {
    fn is_empty_cart(items: &[Item]) -> bool {
        items.is_empty()
    }

    fn is_large(total: &Money) -> bool {
        total.cents > 100_000
    }

    fn total_of(items: &[Item]) -> Money {
        Money { cents: items.iter().map(|item| item.cents).sum() }
    }
}

/// `kill -9`: nothing is flushed, nothing is told.
fn kill_myself() -> ! {
    let _ = Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    std::process::abort()
}

async fn engine(file: &Path, is_bad_day: bool) -> Result<Engine, Box<dyn Error>> {
    let store = Sqlite::open(file)?;
    let shop = Shop { is_bad_day };
    Ok(Engine::builder().store(store).register::<OrderSaga>(shop).start().await?)
}

async fn submit(engine: &Engine, id: &str) -> Result<(), Box<dyn Error>> {
    let start = Start { order_id: id.to_owned(), customer: format!("customer of {id}") };
    engine.start::<OrderSaga>(id, start).await?;
    let items = vec![Item { sku: "tea".to_owned(), cents: 1250 }];
    let address = Address { town: "Lund".to_owned() };
    engine.send::<OrderSaga>(id, Event::Submit { items, address }).await?;
    Ok(())
}

/// The first process: its order is declined, and it does not live to take it back.
async fn begin(file: &Path) -> Result<(), Box<dyn Error>> {
    let engine = engine(file, true).await?;
    submit(&engine, "o-1").await?;
    engine.wait_for::<OrderSaga>("o-1", |order| order.status == Status::Finished).await?;
    Ok(())
}

/// Waits until an order has ended, or somebody has to look at it.
async fn end_of(engine: &Engine, id: &str) -> Result<State, Box<dyn Error>> {
    let is_over = |order: &statewright::engine::View<OrderSaga>| {
        order.status == Status::Finished || matches!(order.state, State::NeedsRepair)
    };
    let order = engine.wait_for::<OrderSaga>(id, is_over).await?;
    println!("  {id}: {:?}: {}\n", order.state, order.context.note.as_deref().unwrap_or("-"));
    Ok(order.state)
}

/// The second one: has the first killed, goes on where it was, and fulfils other orders.
async fn go_on(file: &Path) -> Result<(), Box<dyn Error>> {
    println!("{}", order_saga::DIAGRAM);
    println!("A first process; the card is declined:");
    let killed = Command::new(std::env::current_exe()?).arg(file).status()?;
    println!(
        "It has ended on its way back: {killed}. A second one goes on, and not forward again:"
    );
    let engine = engine(file, false).await?;
    assert!(matches!(end_of(&engine, "o-1").await?, State::Rejected));
    others(&engine).await?;
    engine.stop().await;
    Ok(())
}

/// Three more orders, each with an end of its own.
async fn others(engine: &Engine) -> Result<(), Box<dyn Error>> {
    println!("An order that goes well:");
    submit(engine, "o-2").await?;
    assert!(matches!(end_of(engine, "o-2").await?, State::Completed { .. }));

    println!("One that is cancelled while the card is being charged:");
    submit(engine, "o-3").await?;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let reason = "found it cheaper".to_owned();
    engine.send::<OrderSaga>("o-3", Event::Cancel { reason }).await?;
    assert!(matches!(end_of(engine, "o-3").await?, State::Rejected));

    println!("One of which nobody knows if it was shipped:");
    submit(engine, "o-4").await?;
    assert!(matches!(end_of(engine, "o-4").await?, State::NeedsRepair));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if let Some(file) = std::env::args_os().nth(1) {
        return begin(Path::new(&file)).await;
    }
    let name = format!("statewright-order-saga-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder)?;
    let done = go_on(&PathBuf::from(&folder).join("orders.db")).await;
    std::fs::remove_dir_all(&folder)?;
    done
}

#[cfg(test)]
mod tests {
    use super::{Engine, OrderSaga, Shop, others};
    use statewright::store::{Memory, TaskFilter};

    #[tokio::test]
    async fn orders_end_as_they_must() -> Result<(), Box<dyn std::error::Error>> {
        let shop = Shop { is_bad_day: false };
        let engine = Engine::builder().store(Memory::new()).register::<OrderSaga>(shop);
        let engine = engine.start().await?;
        others(&engine).await?;
        // Somebody is asked about the one of which nobody knows, and about no other.
        let asked = engine.tasks(TaskFilter::default()).await?;
        assert_eq!(asked.iter().map(|task| &task.key[..]).collect::<Vec<_>>(), ["o-4"]);
        Ok(())
    }

    #[test]
    fn the_readme_shows_the_diagram() {
        let diagram = format!("```mermaid\n{}```", super::order_saga::DIAGRAM);
        assert!(include_str!("README.md").contains(&diagram), "write this:\n{diagram}");
    }

    #[test]
    fn it_is_the_machine_of_the_language() {
        let language = include_str!("../../tests/flows/order_saga.flow");
        assert_eq!(include_str!("order_saga.flow"), language);
    }
}
