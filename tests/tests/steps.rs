//! What a generated machine does, step by step: the order of exits, effects and entries, history,
//! timers, the queue, regions, and what is left of a step that fails.
//!
//! Every machine here logs what it does through one action, and a test compares the log.

#![allow(clippy::unwrap_used)]

#[allow(deprecated, reason = "these charts are to show steps, not good manners")]
mod steps {
    mod choice;
    mod conflicts;
    mod data;
    mod failing;
    mod hierarchy;
    mod histories;
    mod loops;
    mod queue;
    mod regions;
    mod saving;
    mod timers;
}

/// What a machine has logged since it was last asked.
#[derive(Clone, Debug, Default)]
struct Log(Vec<String>);

impl Log {
    fn take(&mut self) -> String {
        std::mem::take(&mut self.0).join(" ")
    }
}

/// Lets [`Log`] be the host of the machine in this module.
#[macro_export]
macro_rules! logs {
    ($($machine:ident)*) => {$(
        impl $machine::Actions for $crate::Log {
            fn log(&mut self, what: &str) {
                self.0.push(what.to_string());
            }
        }
    )*};
}

/// Sends events and compares what became of them and what was logged.
#[macro_export]
macro_rules! steps {
    ($machine:expr, $($event:expr => $dispatch:ident $log:literal)*) => {$(
        let event = format!("{:?}", $event);
        let became = $machine.dispatch($event);
        assert_eq!(became, Ok(statewright::Dispatch::$dispatch), "{event}");
        assert_eq!($machine.host_mut().take(), $log, "{event}");
    )*};
}
