//! A service that does what a test says, and machines that call it once each, in memory and on an engine.

use statewright::engine::Builder;
use statewright::store::{Memory, Millis};
use statewright::{Commons, Cx, Engine};
use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// What becomes of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Does {
    /// It is answered.
    Answers,
    /// It is answered after so many seconds.
    Takes(u64),
    /// Nobody answers.
    Hangs,
    /// Not now.
    IsDown,
    /// Not for so many seconds.
    IsBusyFor(u64),
    /// Never.
    Refuses,
}

/// Why it gave no answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum No {
    Refused,
    Down,
    Busy { retry_after: Duration },
}

/// What becomes of the calls about each topic; of those about none of these under the empty one.
pub(crate) type Script<'a> = &'a [(&'static str, &'a [Does])];

/// Does as it is told, the last of it for ever, and notes who has called when.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    does: Arc<Mutex<BTreeMap<&'static str, VecDeque<Does>>>>,
    calls: Arc<Mutex<Vec<String>>>,
    start: Instant,
}

impl Service {
    pub(crate) fn new(does: &[Does]) -> Self {
        Self::of(&[("", does)])
    }

    pub(crate) fn of(script: Script<'_>) -> Self {
        let of = |(topic, does): &(_, &[Does])| (*topic, does.iter().copied().collect());
        let does = Arc::new(Mutex::new(script.iter().map(of).collect()));
        Self { does, calls: Arc::default(), start: Instant::now() }
    }

    /// From now on, about all that was not said otherwise.
    pub(crate) fn does(&self, does: &[Does]) {
        self.does.lock().unwrap().insert("", does.iter().copied().collect());
    }

    /// Who has called since this was last asked: seconds, what about, and attempt.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    /// Seconds since it was made.
    pub(crate) fn seconds(&self) -> u64 {
        self.start.elapsed().as_secs()
    }

    fn next(&self, topic: &str) -> Does {
        let mut does = self.does.lock().unwrap();
        let topic = if does.contains_key(topic) { topic } else { "" };
        let does = does.get_mut(topic).unwrap();
        if does.len() > 1 { does.pop_front().unwrap() } else { does[0] }
    }

    pub(crate) async fn answer(&self, cx: &Cx, topic: &str) -> Result<u64, No> {
        let call = format!("{} {topic} {}", self.seconds(), cx.attempt());
        self.calls.lock().unwrap().push(call);
        match self.next(topic) {
            Does::Answers => {}
            Does::Takes(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            Does::Hangs => std::future::pending().await,
            Does::IsDown => return Err(No::Down),
            Does::IsBusyFor(seconds) => {
                return Err(No::Busy { retry_after: Duration::from_secs(seconds) });
            }
            Does::Refuses => return Err(No::Refused),
        }
        Ok(topic.len() as u64)
    }
}

/// Where machines run.
#[derive(Clone)]
pub(crate) enum On {
    Memory(Service, Commons),
    Engine(Engine),
}

/// A machine that calls the service once, and has ended then.
pub(crate) trait Client: 'static {
    fn register(builder: Builder, service: &Service) -> Builder;

    /// Starts one on an engine.
    fn start(
        engine: &Engine,
        key: &'static str,
        topic: &'static str,
    ) -> impl Future<Output = ()> + Send;

    /// How one on an engine ends: with the answer or the name of the error.
    fn end(engine: &Engine, key: &'static str) -> impl Future<Output = String> + Send;

    /// How one in memory ends.
    fn ask_in_memory(
        on: (Service, Commons),
        key: &'static str,
        topic: &'static str,
    ) -> impl Future<Output = String> + Send;

    /// Calls, and gives the answer or the name of the error.
    fn ask(on: On, key: &'static str, topic: &'static str) -> impl Future<Output = String> + Send {
        async move {
            match on {
                On::Memory(service, commons) => {
                    Self::ask_in_memory((service, commons), key, topic).await
                }
                On::Engine(engine) => {
                    Self::start(&engine, key, topic).await;
                    Self::end(&engine, key).await
                }
            }
        }
    }

    /// The same beside what else is done.
    fn begin(on: &On, key: &'static str, topic: &'static str) -> tokio::task::JoinHandle<String> {
        tokio::spawn(Self::ask(on.clone(), key, topic))
    }
}

thread_local! {
    /// When the test began: the wall clock of the engines in it goes on from there.
    static BEGUN: Cell<Option<Instant>> = const { Cell::new(None) };
}

fn wall() -> Millis {
    let begun = BEGUN.get().map_or(0, |begun| begun.elapsed().as_millis());
    1_000_000 + Millis::try_from(begun).unwrap()
}

/// An engine with machines of this kind.
pub(crate) async fn engine<C: Client>(
    service: &Service,
    store: &Memory,
    commons: &Commons,
) -> Engine {
    BEGUN.set(BEGUN.get().or_else(|| Some(Instant::now())));
    let builder = Engine::builder().store(store.clone()).wall_clock(wall).commons(commons);
    C::register(builder, service).start().await.unwrap()
}

pub(crate) async fn on_engine<C: Client>(service: &Service, commons: &Commons) -> On {
    On::Engine(engine::<C>(service, &Memory::new(), commons).await)
}

/// Does the same in memory and on an engine, with a new service for each, and sees that the same comes of
/// it.
pub(crate) async fn both<C: Client, T: PartialEq + Debug>(
    does: &[Does],
    test: impl AsyncFn(&On, &Service) -> T,
) -> T {
    both_of::<C, T>(&[("", does)], test).await
}

/// The same where not all topics are alike.
pub(crate) async fn both_of<C: Client, T: PartialEq + Debug>(
    script: Script<'_>,
    test: impl AsyncFn(&On, &Service) -> T,
) -> T {
    let service = Service::of(script);
    let in_memory = test(&On::Memory(service.clone(), Commons::new()), &service).await;
    let service = Service::of(script);
    let durable = test(&on_engine::<C>(&service, &Commons::new()).await, &service).await;
    assert_eq!(in_memory, durable, "in memory, and on an engine");
    in_memory
}

/// A module with a client whose call has this policy around it, and what stands in the brackets in front of
/// the policy: how the activity shares, or what is not to be doubted.
macro_rules! client {
    ($module:ident: $machine:ident, [$($before:tt)*], $($policy:tt)*) => {
        mod $module {
            statewright::flow! {
                durable machine $machine {
                    key id
                    context { id: String  topic: String  got: Option<u64> = none  why: String = "" }
                    error Refused
                    transient error Down
                    transient error Busy(retry_after: Duration)
                    activity ask(topic: String) -> u64 raises Refused, Down, Busy
                    $($before)*
                    policy around { $($policy)* }
                    initial state Asking {
                        invoke ask(topic) with around
                        on done(x) do set got = some(x) -> Done
                        on error(e) do set why = e.name -> Failed
                    }
                    final state Done
                    @outcome(failure)
                    final state Failed
                }
            }
            use self::$module::{Activities, AskError, Context};
            use crate::client::{No, Service};

            impl Activities for Service {
                async fn ask(&self, cx: &statewright::Cx, topic: &str) -> Result<u64, AskError> {
                    self.answer(cx, topic).await.map_err(|no| match no {
                        No::Refused => AskError::Refused,
                        No::Down => AskError::Down,
                        No::Busy { retry_after } => AskError::Busy { retry_after },
                    })
                }
            }

            fn said(context: &Context) -> String {
                context.got.map_or_else(|| context.why.clone(), |got| got.to_string())
            }

            run!($module: $machine);
        }
    };
}

/// `Client`, for the machine of a module that has an initial state `Asking` and a function `said`.
macro_rules! run {
    ($module:ident: $machine:ident) => {
        use self::$module::{Machine, Start, State};
        use statewright::engine::{Builder, View};
        use statewright::store::Status;
        use statewright::{Commons, Engine};

        #[derive(Debug)]
        pub(crate) enum Client {}

        impl crate::client::Client for Client {
            fn register(builder: Builder, service: &Service) -> Builder {
                builder.register::<self::$module::$machine>(service.clone())
            }

            async fn start(engine: &Engine, key: &'static str, topic: &'static str) {
                let start = Start { id: key.to_owned(), topic: topic.to_owned() };
                engine.start::<self::$module::$machine>(key, start).await.unwrap();
            }

            async fn end(engine: &Engine, key: &'static str) -> String {
                let is_over = |view: &View<_>| view.status == Status::Finished;
                let ended = engine.wait_for::<self::$module::$machine>(key, is_over);
                said(&ended.await.unwrap().context)
            }

            async fn ask_in_memory(
                (service, commons): (Service, Commons),
                key: &'static str,
                topic: &'static str,
            ) -> String {
                let start = Start { id: key.to_owned(), topic: topic.to_owned() };
                let handle = Machine::new(service, start).unwrap().spawn_with(&commons);
                let mut state = handle.state();
                state.wait_for(|state| *state != State::Asking).await.unwrap();
                said(handle.stop().await.unwrap().context())
            }
        }
    };
}
