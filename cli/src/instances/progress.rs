//! A bar for what takes long: on stderr where that is a terminal, and nowhere else.

use crate::outcome::Failure;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// So many take long: the bar is there from the beginning.
const MANY: u64 = 500;

/// What has taken so long takes long, however few there are.
const LONG: Duration = Duration::from_secs(1);

/// How far something is.
pub(crate) struct Bar {
    bar: ProgressBar,
    begin: Instant,
    is_shown: bool,
}

impl Bar {
    /// For so many.
    pub(crate) fn new(count: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(count), ProgressDrawTarget::hidden());
        let style = "{wide_bar} {human_pos} of {human_len}, {eta} left";
        let bar = match ProgressStyle::with_template(style) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        let mut new = Self { bar, begin: Instant::now(), is_shown: false };
        if count >= MANY {
            new.show();
        }
        new
    }

    fn show(&mut self) {
        self.is_shown = true;
        // It hides itself where stderr is no terminal.
        self.bar.set_draw_target(ProgressDrawTarget::stderr());
        self.bar.tick();
    }

    /// So many more are done.
    pub(crate) fn inc(&mut self, more: u64) {
        if !self.is_shown && self.begin.elapsed() > LONG {
            self.show();
        }
        self.bar.inc(more);
    }

    /// Prints lines: on the terminal of the bar above it.
    pub(crate) fn above(&self, print: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
        let is_beside = self.is_shown && !self.bar.is_hidden() && std::io::stdout().is_terminal();
        if is_beside { self.bar.suspend(print) } else { print() }
    }

    /// It is over, and the bar gone.
    pub(crate) fn end(self) {
        self.bar.finish_and_clear();
    }
}
