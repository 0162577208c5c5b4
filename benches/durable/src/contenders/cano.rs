//! `cano` on redb. Its plain tasks leave no output in the store: only one that can be compensated
//! does, so the steps are such tasks.

use ::cano::prelude::*;
use ::cano::{RedbCheckpointStore, saga};
use statewright_load::{Activities, Engine, Result, SAGA, STEPS, Step, refusal};
use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// With `REFUSED` the last step is refused, and all is taken back.
pub struct Cano<const REFUSED: bool> {
    activities: Arc<Activities>,
    store: Arc<RedbCheckpointStore>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum State {
    At(Step),
    Done,
}

impl<const REFUSED: bool> Engine for Cano<REFUSED> {
    const STEPS: &'static [Step] = if REFUSED { &SAGA } else { &STEPS };

    async fn open(folder: &Path, activities: Arc<Activities>) -> Result<Self> {
        let store = Arc::new(RedbCheckpointStore::new(folder.join("cano.redb"))?);
        Ok(Self { activities, store })
    }

    /// A workflow is made for every order, as its example for requests does.
    async fn run(&self, order: u64) -> Result<String> {
        let outputs = Arc::new(Mutex::new(Vec::with_capacity(STEPS.len())));
        let mut workflow = Workflow::bare();
        for step in STEPS {
            let (activities, outputs) = (self.activities.clone(), outputs.clone());
            let task = Task { step, order, activities, outputs, refused: REFUSED };
            workflow = workflow.register_with_compensation(State::At(step), task);
        }
        let ended = workflow
            .add_exit_state(State::Done)
            .with_checkpoint_store(self.store.clone())
            .with_workflow_id(format!("order-{order:07}"))
            .orchestrate(State::At(Step::Reserve), CancellationToken::disabled())
            .await;
        match ended {
            Err(error) if REFUSED && error.to_string().contains(&refusal(order)) => {
                return Ok(refusal(order));
            }
            ended => {
                ended?;
            }
        }
        let outputs = outputs.lock().map_err(|e| e.to_string())?;
        Ok(outputs.join(" "))
    }
}

struct Task {
    step: Step,
    order: u64,
    activities: Arc<Activities>,
    outputs: Arc<Mutex<Vec<String>>>,
    refused: bool,
}

#[saga::task(state = State)]
impl Task {
    type Output = String;

    /// Nothing is tried again: it is refused for good.
    fn config(&self) -> TaskConfig {
        TaskConfig::minimal()
    }

    fn name(&self) -> Cow<'static, str> {
        self.step.name().into()
    }

    async fn run(
        &self,
        _: &Resources,
    ) -> std::result::Result<(TaskResult<State>, String), CanoError> {
        let output = self.activities.run(self.step, self.order);
        if self.refused && self.step == Step::Notify {
            return Err(CanoError::task_execution(output));
        }
        let mut outputs =
            self.outputs.lock().map_err(|e| CanoError::task_execution(e.to_string()))?;
        outputs.push(output.clone());
        let next = STEPS.get(self.step as usize + 1).map_or(State::Done, |next| State::At(*next));
        Ok((TaskResult::Single(next), output))
    }

    async fn compensate(&self, _: &Resources, given: String) -> std::result::Result<(), CanoError> {
        let step = match self.step {
            Step::Ship => Step::Recall,
            Step::Charge => Step::Refund,
            _ => Step::Release,
        };
        self.activities.undo(step, self.order, &given).map_err(CanoError::task_execution)
    }
}
