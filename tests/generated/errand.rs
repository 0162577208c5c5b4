///An activity with a result and an error, in a durable machine with an action.
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    dead_code,
    irrefutable_let_patterns,
    missing_docs,
    nonstandard_style,
    private_interfaces,
    unexpected_cfgs,
    unreachable_code,
    unreachable_patterns,
    unreachable_pub,
    unused_braces,
    unused_comparisons,
    unused_imports,
    unused_mut,
    unused_parens,
    unused_variables
)]
pub mod errand {
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::Copy,
        ::statewright::__private::Eq,
        ::statewright::__private::Hash,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Event {}
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::Copy,
        ::statewright::__private::Eq,
        ::statewright::__private::Hash,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Output {}
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub struct Context {
        pub id: ::statewright::__private::String,
        pub found: u32,
    }
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub struct Start {
        pub id: ::statewright::__private::String,
    }
    /// What can go wrong with an activity.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Error {
        Lost { why: ::statewright::__private::String },
        /// What no declared error says: an error of another kind, a panic.
        Unexpected(::statewright::__private::Failure),
    }
    impl ::statewright::__private::From<&Error> for ::statewright::__private::Failure {
        fn from(error: &Error) -> ::statewright::__private::Failure {
            match error {
                Error::Lost { why } => {
                    ::statewright::__private::Failure::new(
                        "Lost",
                        ::statewright::__private::Clone::clone(why),
                    )
                }
                Error::Unexpected(failure) => {
                    ::statewright::__private::Clone::clone(failure)
                }
            }
        }
    }
    ///How `fetch` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum FetchError {
        Lost { why: ::statewright::__private::String },
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for FetchError {
        fn from(error: __E) -> FetchError {
            FetchError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl FetchError {
        fn __into(self) -> Error {
            match self {
                FetchError::Lost { why } => Error::Lost { why },
                FetchError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    /// What the machine asks of the outside: an activity with its arguments.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Request {
        Fetch { id: ::statewright::__private::String },
    }
    /// How an activity has ended.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Reply {
        Fetch(::statewright::__private::Result<u32, Error>),
    }
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::Copy,
        ::statewright::__private::Eq,
        ::statewright::__private::Hash,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum State {
        Going,
        Back,
    }
    /// What the machine does.
    pub trait Actions {
        fn tell(&self, text: &str);
    }
    impl<__T: Actions> Actions for ::statewright::__private::Arc<__T> {
        fn tell(&self, text: &str) {
            __T::tell(&**self, text)
        }
    }
    /// What happens outside of the machine. Called at least once under each key of `cx`.
    pub trait Activities {
        fn fetch(
            &self,
            cx: &::statewright::__private::Cx,
            id: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u32, FetchError>,
        > + ::statewright::__private::Send;
    }
    impl<__T: Activities> Activities for ::statewright::__private::Arc<__T> {
        fn fetch(
            &self,
            cx: &::statewright::__private::Cx,
            id: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u32, FetchError>,
        > + ::statewright::__private::Send {
            __T::fetch(&**self, cx, id)
        }
    }
    /// The machine's tables and code.
    #[derive(
        ::statewright::__private::Clone,
        ::statewright::__private::Copy,
        ::statewright::__private::Debug
    )]
    pub struct Chart;
    /// A running machine with its host.
    #[allow(dead_code)]
    pub type Machine<H = ()> = ::statewright::__private::Machine<Chart, H>;
    /// The machine as data.
    #[allow(dead_code)]
    pub type Snapshot = ::statewright::__private::Snapshot<
        Context,
        <Chart as ::statewright::__private::Chart>::Data,
        Event,
        Output,
        Request,
        Reply,
    >;
    /// Names the states, for asking which are active.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::Copy,
        ::statewright::__private::PartialEq,
        ::statewright::__private::Eq,
        ::statewright::__private::Hash
    )]
    #[repr(u16)]
    #[allow(dead_code)]
    pub enum In {
        Going = 1u16,
        Back = 2u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
    /// The machine, for registering it at an engine.
    pub type Errand = Chart;
    const _: () = {
        use ::statewright::__private as __p;
        #[derive(
            ::statewright::__private::Debug,
            ::statewright::__private::Clone,
            ::statewright::__private::PartialEq,
            ::statewright::__private::serde::Serialize,
            ::statewright::__private::serde::Deserialize
        )]
        #[serde(crate = "::statewright::__private::serde")]
        #[derive(__p::Default)]
        pub struct __Data {}
        static DEFINITION: __p::Definition = __p::Definition {
            name: "Errand",
            version: 1u64,
            shape: 2556954133092332892u64,
            document: "{\"machine\":\"Errand\",\"version\":1,\"key\":\"id\",\"states\":[{\"id\":\"\",\"kind\":\"root\",\"name\":\"Errand\",\"path\":\"\",\"initial\":[\"Going\"]},{\"id\":\"Going\",\"kind\":\"atomic\",\"parent\":\"\",\"name\":\"Going\",\"path\":\"Going\",\"invoke_number\":0,\"invoke\":\"fetch\"},{\"id\":\"Back\",\"kind\":\"final\",\"parent\":\"\",\"name\":\"Back\",\"path\":\"Back\"}],\"context\":[{\"name\":\"found\",\"type\":\"u32\",\"default\":true},{\"name\":\"id\",\"type\":\"String\"}],\"activities\":[{\"name\":\"fetch\",\"fields\":[{\"name\":\"id\",\"type\":\"String\"}]}],\"actions\":[{\"name\":\"tell\",\"fields\":[{\"name\":\"text\",\"type\":\"String\"}]}]}",
            docs: "An activity with a result and an error, in a durable machine with an action.",
            states: &[
                __p::StateDefinition {
                    name: "Errand",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Going",
                    path: "Going",
                    id: "Going",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 12u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Back",
                    path: "Back",
                    id: "Back",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 18u32,
                    docs: "",
                },
            ],
            events: &[],
            timers: 0u16,
            packed_transitions: "1 14 done 2\n1 15 error 2\n1 16 error 2\n",
        };
        pub enum __Given<'g> {
            Nothing,
            Event(&'g Event),
            Reply(&'g mut __p::Option<Reply>),
        }
        impl __Given<'_> {
            fn reply(&self) -> __p::Option<&Reply> {
                match self {
                    __Given::Reply(reply) => reply.as_ref(),
                    _ => __p::Option::None,
                }
            }
            fn into_reply(self) -> __p::Option<Reply> {
                match self {
                    __Given::Reply(reply) => reply.take(),
                    _ => __p::Option::None,
                }
            }
            fn error(&self) -> __p::Option<&Error> {
                match self.reply()? {
                    Reply::Fetch(result) => result.as_ref().err(),
                }
            }
        }
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Going,
                _ => State::Back,
            }
        }
        #[derive(__p::serde::Serialize, __p::serde::Deserialize)]
        #[serde(crate = "::statewright::__private::serde")]
        enum __Call {
            #[serde(rename = "tell")]
            Call0(::statewright::__private::String),
        }
        #[derive(__p::serde::Serialize, __p::serde::Deserialize)]
        #[serde(crate = "::statewright::__private::serde")]
        #[derive(__p::Default)]
        pub struct __Calls(__p::RefCell<__p::Vec<__Call>>);
        impl Actions for __Calls {
            fn tell(&self, text: &str) {
                self.0.borrow_mut().push(__Call::Call0(__p::String::from(text)));
            }
        }
        impl __Calls {
            fn play<__H: Actions>(&mut self, host: &__H) {
                for call in self.0.get_mut().drain(..) {
                    match call {
                        __Call::Call0(a0) => __H::tell(host, &a0),
                    }
                }
            }
        }
        #[inline]
        fn enter_1<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                0u16,
                Request::Fetch {
                    id: __p::Clone::clone(&core.context.id),
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_1<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(0u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_2<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.finished = true;
            __p::Result::Ok(())
        }
        impl __p::Chart for Chart {
            type Event = Event;
            type Output = Output;
            type Message = __p::Never;
            type Context = Context;
            type Start = Start;
            type State = State;
            type In = In;
            type Data = __Data;
            type Leaves = [u16; 1usize];
            type Histories = [[u16; 1usize]; 0usize];
            type Calls = __Calls;
            const NO_LEAVES: [u16; 1usize] = [__p::NONE; 1usize];
            const NO_HISTORIES: [[u16; 1usize]; 0usize] = [[__p::NONE; 1usize]; 0usize];
            const SHAPES: &'static [__p::Shape] = &[
                __p::Shape {
                    parent: 65535u16,
                    end: 3u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 2u16,
                    kind: __p::Kind::Root,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 2u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 1u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 3u16,
                    slot: 0u16,
                    first_leaf: 1u16,
                    end_leaf: 2u16,
                    kind: __p::Kind::Final,
                },
            ];
            const LEAVES: &'static [u16] = &[1u16, 2u16];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 0u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = false;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = false;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {
                    id: start.id,
                    found: 0u32,
                })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match *event {}
            }
            type Request = Request;
            type Reply = Reply;
            type Given<'g> = __Given<'g>;
            #[inline]
            fn nothing<'g>() -> __Given<'g> {
                __Given::Nothing
            }
            #[inline]
            fn given(event: &Event) -> __Given<'_> {
                __Given::Event(event)
            }
            #[inline]
            fn given_reply(reply: &mut __p::Option<Reply>) -> __Given<'_> {
                __Given::Reply(reply)
            }
            fn answer(
                invoke: u16,
                call: u16,
                reply: &Reply,
            ) -> __p::Option<__p::Answer> {
                match (invoke, call, reply) {
                    (0u16, 0u16, Reply::Fetch(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(0u32))
                    }
                    (0u16, 0u16, Reply::Fetch(__p::Result::Err(Error::Lost { .. }))) => {
                        __p::Option::Some(__p::Answer::End(1u32))
                    }
                    (0u16, 0u16, Reply::Fetch(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(2u32))
                    }
                    _ => __p::Option::None,
                }
            }
            fn is_error(reply: &Reply) -> bool {
                match reply {
                    Reply::Fetch(result) => result.is_err(),
                }
            }
            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    Reply::Fetch(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    _ => __p::Option::None,
                }
            }
            type Item = __p::Never;
            type Joined = __p::Never;
            fn state(core: &__p::Core<Chart>) -> State {
                state_0(core)
            }
            fn has_data(
                core: &__p::Core<Chart>,
                is_wanted: impl __p::Fn(u16) -> bool,
            ) -> bool {
                true
            }
        }
        impl<__L, __A: Actions> __p::Run<__L, __A> for Chart {
            fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                core.leaves[0usize] = 0u16;
                enter_1::<__L, __A>(core, actions)?;
                __p::Result::Ok(())
            }
            #[inline(always)]
            fn react(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                trigger: u32,
                event: __Given<'_>,
            ) -> __p::Reaction {
                match core.leaves[0] {
                    0u16 => {
                        match trigger {
                            0u32 => {
                                let __p::Option::Some(Reply::Fetch(__p::Result::Ok(n_))) = event
                                    .into_reply() else {
                                    return __p::unhandled();
                                };
                                exit_1::<__L, __A>(core, actions)?;
                                core.context.found = n_;
                                core.leaves[0usize] = 1u16;
                                enter_2::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                let __p::Option::Some(Error::Lost { why: why_, .. }) = event
                                    .error() else {
                                    return __p::unhandled();
                                };
                                exit_1::<__L, __A>(core, actions)?;
                                __A::tell(actions, &*why_);
                                core.leaves[0usize] = 1u16;
                                enter_2::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_1::<__L, __A>(core, actions)?;
                                __A::tell(actions, &(*e_).message);
                                core.leaves[0usize] = 1u16;
                                enter_2::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    _ => {
                        match trigger {
                            _ => {}
                        }
                    }
                }
                __p::Result::Ok(__p::Dispatch::Unhandled)
            }
        }
        impl<__H: Actions> __p::Step<__H> for Chart {
            #[inline(always)]
            fn step(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                host: &mut __H,
                cause: __p::Cause<'_, Event, Reply>,
            ) -> __p::Reaction {
                __p::recorded::<
                    Chart,
                    __H,
                    __Calls,
                >(core, scratch, host, cause, |calls, host| __Calls::play(calls, host))
            }
        }
        impl<
            __H: Activities + __p::Clone + __p::Send + __p::Sync + 'static,
        > __p::Perform<__H> for Chart {
            type Shared = __H;
            fn share(host: &__H) -> __H {
                __p::Clone::clone(host)
            }
            async fn perform(host: &__H, cx: &__p::Cx, request: &Request) -> Reply {
                match request {
                    Request::Fetch { id: a0 } => {
                        Reply::Fetch(
                            <__H as Activities>::fetch(host, cx, a0)
                                .await
                                .map_err(FetchError::__into),
                        )
                    }
                }
            }
            fn unexpected(request: &Request, failure: __p::Failure) -> Reply {
                match request {
                    Request::Fetch { .. } => {
                        Reply::Fetch(__p::Result::Err(Error::Unexpected(failure)))
                    }
                }
            }
        }
        fn supply<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            lack: __p::Lack,
        ) -> __p::Done {
            match lack {
                __p::Lack::Invoke(0u16) => {
                    core.invoke(
                        0u16,
                        Request::Fetch {
                            id: __p::Clone::clone(&core.context.id),
                        },
                    );
                }
                __p::Lack::Completion(2u16) => {
                    core.finished = true;
                }
                _ => {}
            }
            __p::Result::Ok(())
        }
        impl<
            __H: Activities + Actions + __p::Send + __p::Sync + 'static,
        > __p::Durable<__H> for Chart {
            fn decide(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                cause: __p::Cause<'_, Event, Reply>,
            ) -> __p::Reaction {
                __p::decided::<Chart, __H, __Calls>(core, scratch, cause)
            }
            fn has_calls(calls: &__Calls) -> bool {
                !calls.0.borrow().is_empty()
            }
            fn act(calls: &mut __Calls, host: &__H) {
                let list = calls.0.get_mut();
                if !list.is_empty() {
                    let first = list.drain(..1).collect();
                    __Calls::play(&mut __Calls(__p::RefCell::new(first)), host);
                }
            }
            fn key(context: &Context) -> __p::Option<__p::String> {
                __p::Option::Some(__p::ToString::to_string(&context.id))
            }
            fn defaults<__V: __p::Values>(values: &mut __V) -> __p::Done {
                {
                    let value: u32 = 0u32;
                    values.value("found", &value);
                }
                __p::Result::Ok(())
            }
            fn supply(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                supply::<__H, __Calls>(core, lack)
            }
        }
    };
}
