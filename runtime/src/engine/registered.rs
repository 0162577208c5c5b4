//! A machine with its host, under which its instances are made and loaded.

use super::error::{Cause, CauseKind, EngineError};
use super::exact;
use super::family::Parent;
use super::guard::{guarded, guarded_too};
use super::held::{self, Held, Keep, Owed, Storable};
use super::kind::{Kind, Live, Payload, Step, downcast};
use super::record::Writer;
use super::renewal::{Renewal, cannot_go_on};
use super::running::Running;
use crate::activity::Perform;
use crate::chart::Durable;
use crate::core::Core;
use crate::policy::Commons;
use crate::step;
use crate::store::{Instance, Millis, Shape, ShapeId};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;

/// A machine with its host.
pub(super) struct Registered<C, H> {
    host: Arc<H>,
    commons: Commons,
    shape: ShapeId,
    renewal: Renewal,
    chart: std::marker::PhantomData<fn() -> C>,
}

impl<C, H> Registered<C, H> {
    pub(super) fn new(host: Arc<H>, commons: Commons, shape: ShapeId, renewal: Renewal) -> Self {
        Self { host, commons, shape, renewal, chart: std::marker::PhantomData }
    }
}

impl<C, H> Kind for Registered<C, H>
where
    C: Storable + Durable<H> + Perform<Arc<H>>,
    H: Send + Sync + 'static,
{
    fn name(&self) -> &'static str {
        C::definition().name
    }

    fn shape(&self) -> ShapeId {
        self.shape
    }

    fn begin(
        &self,
        start: Payload,
        key: &str,
        now: Millis,
        parent: Option<Parent>,
    ) -> Result<(Box<dyn Live>, Step), EngineError> {
        guarded_too(|| self.begun(start, key, now, parent))
    }

    fn load(&self, stored: &Instance) -> Result<Box<dyn Live>, Cause> {
        guarded(|| self.loaded(stored)).unwrap_or_else(panicked)
    }

    fn renew(
        &self,
        stored: &Instance,
        old: Option<&Shape>,
        now: Millis,
    ) -> Result<Box<dyn Live>, Cause> {
        let renewed = guarded(|| self.renewal.renew::<C, H>(stored, old, now));
        let (core, owed) = renewed.unwrap_or_else(panicked)?;
        Ok(Box::new(Running::<C, H>::new(core, owed, &self.host, &self.commons)))
    }

    fn cannot_go_on(&self, old: Option<&Shape>, why: &str) -> Cause {
        cannot_go_on(C::definition(), old, why)
    }

    fn event(&self, json: &str) -> Result<Payload, EngineError> {
        decoded::<C::Event>(json, "event")
    }

    fn start(&self, json: &str) -> Result<Payload, EngineError> {
        decoded::<C::Start>(json, "start")
    }

    fn reply(&self, json: &str) -> Result<Payload, EngineError> {
        decoded::<C::Reply>(json, "reply")
    }

    fn end(&self, json: &str) -> Option<Payload> {
        let read = || -> Result<Option<Payload>, EngineError> {
            let undecodable =
                |error: serde_json::Error| EngineError::Undecodable(error.to_string());
            let reply: C::Reply = serde_json::from_str(json).map_err(undecodable)?;
            let given = exact::read(json).map_err(undecodable)?;
            let taken = exact::of(&reply).map_err(undecodable)?;
            let is_whole = carried(&given) == carried(&taken);
            Ok(is_whole.then(|| Box::new(reply) as Payload))
        };
        guarded_too(read).ok().flatten()
    }
}

impl<C, H> Registered<C, H>
where
    C: Storable + Durable<H> + Perform<Arc<H>>,
    H: Send + Sync + 'static,
{
    fn begun(
        &self,
        start: Payload,
        key: &str,
        now: Millis,
        parent: Option<Parent>,
    ) -> Result<(Box<dyn Live>, Step), EngineError> {
        let start = downcast::<C::Start>(start)?;
        let mut writer = Writer::new();
        writer.value("start", &start)?;
        if let Some(parent) = &parent {
            writer.value("parent", parent)?;
        }
        let core = Core::new(C::begin(start)?, Duration::from_millis(now));
        if let Some(field) = C::key(&core.context).filter(|field| field != key) {
            return Err(EngineError::KeyMismatch { key: key.to_owned(), field });
        }
        let owed = Owed { parent, ..Owed::default() };
        let mut live = Running::<C, H>::new(core, owed, &self.host, &self.commons);
        let dispatch = live.decide(step::Cause::Start)?;
        let step = live.written(writer, dispatch)?;
        Ok((Box::new(live), step))
    }

    fn loaded(&self, stored: &Instance) -> Result<Box<dyn Live>, Cause> {
        let undecodable = |message: String| Cause::new(CauseKind::Undecodable, message);
        let held = super::part::last_state(stored).map_err(undecodable)?;
        let held: Held<C> = serde_json::from_str(&held).map_err(|error| {
            undecodable(format!("the last state of the instance cannot be read: {error}"))
        })?;
        let (core, owed) = held::restore(held).map_err(|error| undecodable(error.to_string()))?;
        Ok(Box::new(Running::<C, H>::new(core, owed, &self.host, &self.commons)))
    }
}

/// What a type of the program has panicked with when the instance was read.
fn panicked<T>(text: String) -> Result<T, Cause> {
    let message = format!("the host has panicked when it was read: {text}");
    Err(Cause::new(CauseKind::Panicked, message))
}

/// How many values the error carries that a reply is.
fn carried(reply: &Value) -> Option<usize> {
    let (_, result) = reply.as_object()?.iter().next()?;
    let (_, error) = result.get("Err")?.as_object()?.iter().next()?;
    error.as_object().map(Map::len)
}

fn decoded<T: Keep>(json: &str, what: &str) -> Result<Payload, EngineError> {
    guarded_too(|| {
        let value: T = serde_json::from_str(json).map_err(|error| {
            EngineError::Undecodable(format!("no {what} of the machine: {error}"))
        })?;
        Ok(Box::new(value) as Payload)
    })
}
