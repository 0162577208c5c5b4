//! docs/instances.md shows what the program prints. Rewritten with `BLESS=1`.

use super::{Store, timeless};
use statewright::store::{Sqlite, Status};
use statewright::{Cx, Engine};
use std::io::Error;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

statewright::include_flow!("../examples/order/order.flow");

use order::{ChargeError, Order, Receipt, RefundError, ReleaseError, ReserveError, ShipError};

/// Charges no order `o-2`, finds no courier, and refunds no order as long as the bank is closed, and then
/// takes its time.
#[derive(Clone, Default)]
struct Shop {
    is_open: Arc<AtomicBool>,
    is_closed: Arc<AtomicBool>,
}

impl order::Activities for Shop {
    async fn reserve(&self, _: &Cx, order_id: &str) -> Result<String, ReserveError> {
        Ok(format!("shelf 7, for {order_id}"))
    }

    async fn charge(&self, _: &Cx, order_id: &str, cents: u64) -> Result<Receipt, ChargeError> {
        if order_id == "o-2" {
            std::future::pending::<()>().await;
        }
        Ok(Receipt { id: format!("receipt of {order_id}"), cents })
    }

    async fn ship(&self, _: &Cx, _: &str) -> Result<String, ShipError> {
        Err(ShipError::NoCourier { town: "nobody delivers to Atlantis".to_owned() })
    }

    async fn refund(&self, _: &Cx, _: &Option<Receipt>) -> Result<(), RefundError> {
        if self.is_open.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.is_closed.load(Ordering::SeqCst) {
            Err(Error::other("the bank is closed"))?;
        }
        Ok(())
    }

    async fn release(&self, _: &Cx, _: &str) -> Result<(), ReleaseError> {
        Ok(())
    }
}

/// The store of the session: one order was undone, one is being charged, one cannot be refunded.
fn orders(store: &Store) -> Engine {
    let shop = Shop::default();
    let sqlite = Sqlite::open(store.file()).unwrap();
    store.runtime.block_on(async {
        let engine = Engine::builder().store(sqlite).register::<Order>(shop.clone());
        let engine = engine.start().await.unwrap();
        for (key, cents) in [("o-1", 129_900), ("o-2", 4_500), ("o-3", 89_900)] {
            shop.is_closed.store(key == "o-3", Ordering::SeqCst);
            let start = order::Start { order_id: key.to_owned(), cents };
            engine.start::<Order>(key, start).await.unwrap();
            let is_there = move |order: &statewright::engine::View<Order>| match key {
                "o-1" => order.status == Status::Finished,
                "o-2" => order.is_in(order::In::Charging),
                _ => order.status == Status::Parked,
            };
            engine.wait_for::<Order>(key, is_there).await.unwrap();
        }
        shop.is_open.store(true, Ordering::SeqCst);
        engine
    })
}

/// What a shell prints on a command line.
fn printed(store: &Store, line: &str) -> String {
    let program = concat!("'", env!("CARGO_BIN_EXE_statewright"), "'");
    let line = line.replacen("statewright", program, 1);
    let output =
        Command::new("sh").args(["-c", &line]).current_dir(&store.folder).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// The document with what the commands in it print.
fn filled(store: &Store, text: &str) -> String {
    let (mut out, mut is_session) = (String::new(), false);
    for line in text.lines() {
        if line.starts_with("```") {
            is_session = line == "```console";
        }
        match line.strip_prefix("$ ") {
            Some(command) if is_session => {
                out.push_str(&format!("{line}\n{}", printed(store, command)));
            }
            _ if is_session && !line.starts_with("```") => {}
            _ => out.push_str(&format!("{line}\n")),
        }
    }
    // An empty line between an answer and the next command.
    out.replace("\n$ ", "\n\n$ ").replace("```console\n\n", "```console\n")
}

#[cfg(unix)]
#[test]
fn the_document_shows_what_is_printed() {
    let store = Store::new("document");
    let engine = orders(&store);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/instances.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let filled = filled(&store, &text);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, filled).unwrap();
    } else {
        assert_eq!(timeless(&text), timeless(&filled), "rewrite it with BLESS=1");
    }
    drop(engine);
    store.runtime.shutdown_timeout(Duration::ZERO);
}
