//! Holds three ways of running a chart together: the generated Rust, the reference interpreter, and
//! an oracle that was written from `docs/language.md` alone.
//!
//! [`author`] writes random machines and scripts; [`interpreted`] and [`oracle`] run them; the
//! generated machines are run by the tests, which compare what is [`Seen`].

pub mod author;
pub mod interpreted;
pub mod mutations;
pub mod oracle;

/// What one input did to a machine, as anyone outside can see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// `Handled` and so on, the number of timers that fired, or the kind of error.
    pub outcome: String,
    /// The actions that were called, in order.
    pub calls: Vec<String>,
    /// What was asked for and has not been taken back since, with its number and its arguments; also
    /// what stands in for an activity that has failed.
    pub asked: Vec<String>,
    /// What was sent to other machines, in order, as the generated machine writes it.
    pub sent: Vec<serde_json::Value>,
    /// The numbers of those asked for before that nobody waits for any more, in order.
    pub revoked: Vec<u64>,
    /// Configuration, context, histories, timers, deferred events and outputs.
    pub state: serde_json::Value,
}

impl Seen {
    /// The same without what only those know that make idempotency keys or drive a machine: which call is
    /// taken back, and when people were asked and until when.
    pub fn without_keys(mut self) -> Self {
        let running = self.state.get_mut("invocations").and_then(|running| running.as_array_mut());
        for running in running.into_iter().flatten().filter_map(|running| running.as_object_mut()) {
            running.remove("undoes");
            let asked = running.get_mut("asked").and_then(|asked| asked.as_object_mut());
            for asked in asked.into_iter() {
                for time in ["opened", "due"] {
                    asked.remove(time);
                }
            }
        }
        self
    }
}

/// A machine that can be driven by a script.
pub trait Driven {
    /// What is to be seen after the start.
    fn start(&mut self) -> Seen;
    /// What an input does.
    fn send(&mut self, input: author::Input) -> Seen;
}

/// What the guard `ok` says in all of them.
pub fn ok(n: u32) -> bool {
    n.wrapping_mul(0x9E37_79B1) >> 30 != 0
}

/// What the function `twist` gives in all of them.
pub fn twist(n: u32) -> u32 {
    n.wrapping_mul(7).wrapping_add(3) % 23
}

/// What the function `guess` gives in all of them.
pub fn guess(n: u32) -> u8 {
    (n.wrapping_mul(5).wrapping_add(1) % 6) as u8
}
