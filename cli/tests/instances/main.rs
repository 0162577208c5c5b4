//! The commands on stores, as a user meets them: real engines write the files, in this process, and
//! the program looks at them, while an engine runs and while none does.
#![cfg(test)]

mod answers;
mod document;
mod fan_outs;
mod letters;
mod looking;
mod messages;
mod odd;
mod refusals;
mod replaying;
mod shop;
mod tasks;
mod terminal;
mod versions;

use shop::{Delivery, Inquiry, Late, Leave, Order, Parcel, Quote, Shop, Trip};
use statewright::Engine;
use statewright::store::{Sqlite, Status};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tokio::runtime::Runtime;

/// A store in a folder of one test, with a runtime for engines on it.
struct Store {
    folder: PathBuf,
    runtime: Runtime,
    shop: Shop,
}

impl Store {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder, runtime: Runtime::new().unwrap(), shop: Shop::default() }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("orders.db")
    }

    fn engine(&self) -> Engine {
        self.engine_on("orders.db")
    }

    /// An engine on a file in the folder.
    fn engine_on(&self, name: &str) -> Engine {
        let store = Sqlite::open(self.folder.join(name)).unwrap();
        let builder = Engine::builder()
            .store(store)
            .register::<Order>(self.shop.clone())
            .register::<Parcel>(())
            .register::<Leave>(())
            .register::<Inquiry>(())
            .register::<Late>(self.shop.clone())
            .register::<Delivery>(self.shop.clone())
            .register::<Quote>(self.shop.clone())
            .register::<Trip>(self.shop.clone());
        self.runtime.block_on(builder.start()).unwrap()
    }

    /// Stops an engine and lets go of the file.
    fn stop(&self, engine: Engine) {
        self.runtime.block_on(engine.stop());
        drop(engine);
        // The file is let go of when the last task of the engine is dropped.
        while let Err(error) = Sqlite::open(self.file()).and_then(|store| {
            use statewright::store::Store;
            store.claim()
        }) {
            assert!(error.to_string().contains("another engine"), "{error}");
            std::thread::yield_now();
        }
    }

    fn start(&self, engine: &Engine, key: &str) {
        let start = shop::order_start(key);
        self.runtime.block_on(engine.start::<Order>(key, start)).unwrap();
    }

    fn leave(&self, engine: &Engine, key: &str, days: u32) {
        let start = shop::leave_start(key, days);
        self.runtime.block_on(engine.start::<Leave>(key, start)).unwrap();
    }

    /// Starts an order and submits it, and waits until it is what is wanted.
    fn submit(&self, engine: &Engine, key: &str, until: Status) {
        self.start(engine, key);
        self.runtime.block_on(engine.send::<Order>(key, shop::submit())).unwrap();
        self.wait(engine, key, until);
    }

    /// Waits until an order is what is wanted; one that never is fails the test.
    #[track_caller]
    fn wait(&self, engine: &Engine, key: &str, until: Status) {
        let waited = engine.wait_for::<Order>(key, move |order| order.status == until);
        let waited = async { tokio::time::timeout(Duration::from_secs(120), waited).await };
        let found = self.runtime.block_on(waited);
        found.unwrap_or_else(|_| panic!("`{key}` is never {until:?}")).unwrap();
    }

    /// Writes the machine of orders beside the store.
    fn flow(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    fn parcel(&self, engine: &Engine, key: &str) {
        self.runtime.block_on(engine.start::<Parcel>(key, shop::parcel_start(key))).unwrap();
    }

    /// Runs the program and compares the exit code; gives stdout and stderr, with times as `TIME`.
    #[track_caller]
    fn run(&self, args: &[&str], code: i32) -> (String, String) {
        let (out, err) = self.run_raw(args, code);
        (timeless(&out), timeless(&err))
    }

    #[track_caller]
    fn run_raw(&self, args: &[&str], code: i32) -> (String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_statewright"))
            .args(args)
            .current_dir(&self.folder)
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let (out, err) = (text(output.stdout), text(output.stderr));
        assert_eq!(output.status.code(), Some(code), "{args:?}\nstdout: {out}\nstderr: {err}");
        (out, err)
    }

    /// The lines of JSON that the program prints.
    #[track_caller]
    fn json(&self, args: &[&str], code: i32) -> Vec<serde_json::Value> {
        let (out, err) = self.run_raw(args, code);
        assert_eq!(err, "");
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Times are as wide as they were: `2026-05-01T12:00:00Z` becomes `TIME-to-the-second-Z`.
fn timeless(text: &str) -> String {
    let (mut rest, mut out) = (text, String::new());
    while let Some(at) = rest.find('T') {
        let date = at.checked_sub(10).and_then(|from| rest.get(from..at));
        let is_date = date.is_some_and(|date| {
            let shape: String =
                date.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
            shape == "0000-00-00"
        });
        let end = rest[at..].find('Z').map(|end| at + end);
        match end.filter(|_| is_date) {
            Some(end) => {
                out.push_str(&rest[..at - 10]);
                let long = end - at > 10;
                out.push_str(if long {
                    "TIME-to-the-milliseconds"
                } else {
                    "TIME-to-the-second-Z"
                });
                rest = &rest[end + 1..];
            }
            None => {
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

#[track_caller]
fn assert_has(text: &str, part: &str) {
    assert!(text.contains(part), "no {part:?} in\n{text}");
}

#[test]
fn times_are_masked() {
    let text = "The 2026-05-01T12:00:00Z  2026-05-01T12:00:00.123Z To";
    assert_eq!(timeless(text), "The TIME-to-the-second-Z  TIME-to-the-milliseconds To");
}
