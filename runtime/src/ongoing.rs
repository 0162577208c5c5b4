//! Activities that run in tasks of their own.

use crate::activity::Cx;
use tokio::task::JoinHandle;

/// An activity that runs. Dropped, it is told that nobody waits for it any more, and is dropped where it
/// waits next.
pub(crate) struct Ongoing {
    pub(crate) cx: Cx,
    pub(crate) task: JoinHandle<()>,
}

impl Ongoing {
    fn give_up(&self) {
        self.cx.cancel();
        self.task.abort();
    }
}

impl Drop for Ongoing {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// Activities that were given up, until they are gone. One that computes, or blocks its thread, goes on until
/// it waits: what takes it back must not be done before, or there would be nothing yet to take back.
#[derive(Default)]
pub(crate) struct GivenUp(Vec<(u64, Ongoing)>);

impl GivenUp {
    /// Gives activities up, with the numbers of their invocations.
    pub(crate) fn add(&mut self, all: impl Iterator<Item = (u64, Ongoing)>) {
        self.0.retain(|(_, ongoing)| !ongoing.task.is_finished());
        self.0.extend(all.inspect(|(_, ongoing)| ongoing.give_up()));
    }

    /// What waits until such an activity is gone, if it may not be.
    pub(crate) fn end_of(&mut self, id: u64) -> Option<impl Future<Output = ()> + Send + use<>> {
        let at = self.0.iter().position(|(other, _)| *other == id)?;
        let (_, mut ongoing) = self.0.swap_remove(at);
        Some(async move {
            // How it has ended counts no more, also if it has panicked.
            let _ = (&mut ongoing.task).await;
        })
    }
}
