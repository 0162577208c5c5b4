///A chain under policies, what its calls share, and a function at its end.
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
pub mod inquiry {
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
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Output {
        Found { n: u32 },
    }
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub struct Context {
        pub town: ::statewright::__private::String,
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
        pub town: ::statewright::__private::String,
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
        Unknown { town: ::statewright::__private::String },
        Busy { retry_after: ::statewright::__private::Duration },
        /// What no declared error says: an error of another kind, a panic.
        Unexpected(::statewright::__private::Failure),
    }
    impl ::statewright::__private::From<&Error> for ::statewright::__private::Failure {
        fn from(error: &Error) -> ::statewright::__private::Failure {
            match error {
                Error::Unknown { town } => {
                    ::statewright::__private::Failure::new(
                        "Unknown",
                        ::statewright::__private::Clone::clone(town),
                    )
                }
                Error::Busy { retry_after } => {
                    ::statewright::__private::Failure::new(
                        "Busy",
                        ::statewright::__private::listed(
                            &[retry_after as &dyn ::statewright::__private::Debug],
                        ),
                    )
                }
                Error::Unexpected(failure) => {
                    ::statewright::__private::Clone::clone(failure)
                }
            }
        }
    }
    ///How `ask` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum AskError {
        Unknown { town: ::statewright::__private::String },
        Busy { retry_after: ::statewright::__private::Duration },
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for AskError {
        fn from(error: __E) -> AskError {
            AskError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl AskError {
        fn __into(self) -> Error {
            match self {
                AskError::Unknown { town } => Error::Unknown { town },
                AskError::Busy { retry_after } => Error::Busy { retry_after },
                AskError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `look_up` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum LookUpError {
        Busy { retry_after: ::statewright::__private::Duration },
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for LookUpError {
        fn from(error: __E) -> LookUpError {
            LookUpError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl LookUpError {
        fn __into(self) -> Error {
            match self {
                LookUpError::Busy { retry_after } => Error::Busy { retry_after },
                LookUpError::Unexpected(failure) => Error::Unexpected(failure),
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
        Ask { town: ::statewright::__private::String },
        LookUp { town: ::statewright::__private::String, year: u32 },
        Usual { town: ::statewright::__private::String },
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
        Ask(::statewright::__private::Result<u32, Error>),
        LookUp(::statewright::__private::Result<u32, Error>),
        Usual(::statewright::__private::Result<u32, Error>),
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
        Asking,
        Answered,
    }
    /// What the machine asks: pure functions.
    pub trait Logic {
        fn usual(town: &str) -> u32;
    }
    impl<__T: Logic> Logic for ::statewright::__private::Arc<__T> {
        fn usual(town: &str) -> u32 {
            __T::usual(town)
        }
    }
    /// What happens outside of the machine. Called at least once under each key of `cx`.
    pub trait Activities {
        fn ask(
            &self,
            cx: &::statewright::__private::Cx,
            town: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u32, AskError>,
        > + ::statewright::__private::Send;
        fn look_up(
            &self,
            cx: &::statewright::__private::Cx,
            town: &str,
            year: u32,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u32, LookUpError>,
        > + ::statewright::__private::Send;
    }
    impl<__T: Activities> Activities for ::statewright::__private::Arc<__T> {
        fn ask(
            &self,
            cx: &::statewright::__private::Cx,
            town: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u32, AskError>,
        > + ::statewright::__private::Send {
            __T::ask(&**self, cx, town)
        }
        fn look_up(
            &self,
            cx: &::statewright::__private::Cx,
            town: &str,
            year: u32,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u32, LookUpError>,
        > + ::statewright::__private::Send {
            __T::look_up(&**self, cx, town, year)
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
        Asking = 1u16,
        Answered = 2u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
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
            name: "Inquiry",
            version: 1u64,
            shape: 14718703706206912925u64,
            document: "",
            docs: "A chain under policies, what its calls share, and a function at its end.",
            states: &[
                __p::StateDefinition {
                    name: "Inquiry",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Asking",
                    path: "Asking",
                    id: "Asking",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 27u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Answered",
                    path: "Answered",
                    id: "Answered",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 33u32,
                    docs: "",
                },
            ],
            events: &[],
            timers: 0u16,
            packed_transitions: "1 31 done 2\n",
        };
        static POLICY_0: __p::policy::Policy = __p::policy::Policy {
            name: "Inquiry/net",
            timeout: __p::Option::Some(__p::Duration::from_millis(5000u64)),
            deadline: __p::Option::Some(__p::Duration::from_millis(60000u64)),
            retry: __p::Option::Some(__p::policy::Retry {
                max: 3u32,
                backoff: __p::policy::Backoff::Exponential {
                    from: __p::Duration::from_millis(250u64),
                    to: __p::Duration::from_millis(4000u64),
                    factor: 2f64,
                },
                jitter: __p::policy::Jitter::Equal,
                transient: true,
                on: &["Timeout"],
            }),
            budget: __p::Option::Some(20u8),
            breaker: __p::Option::Some(__p::policy::Breaker {
                trip: __p::policy::Trip::Rate {
                    percent: 50u8,
                    of: 20u32,
                },
                within: __p::Duration::from_millis(60000u64),
                open: __p::Duration::from_millis(120000u64),
                probes: 3u32,
            }),
            bulkhead: __p::Option::Some(__p::policy::Bulkhead {
                max: 8u32,
                queue: 100u32,
            }),
            rate_limit: __p::Option::Some(__p::policy::RateLimit {
                max: 30u32,
                per: __p::Duration::from_millis(60000u64),
            }),
        };
        static POLICY_1: __p::policy::Policy = __p::policy::Policy {
            name: "Inquiry/archive",
            timeout: __p::Option::Some(__p::Duration::from_millis(30000u64)),
            deadline: __p::Option::None,
            retry: __p::Option::Some(__p::policy::Retry {
                max: 1u32,
                backoff: __p::policy::Backoff::Fixed(
                    __p::Duration::from_millis(1000u64),
                ),
                jitter: __p::policy::Jitter::Full,
                transient: true,
                on: &[],
            }),
            budget: __p::Option::None,
            breaker: __p::Option::Some(__p::policy::Breaker {
                trip: __p::policy::Trip::Failures(5u32),
                within: __p::Duration::from_millis(30000u64),
                open: __p::Duration::from_millis(60000u64),
                probes: 1u32,
            }),
            bulkhead: __p::Option::None,
            rate_limit: __p::Option::None,
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
                    Reply::Ask(result) => result.as_ref().err(),
                    Reply::LookUp(result) => result.as_ref().err(),
                    Reply::Usual(result) => result.as_ref().err(),
                }
            }
        }
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Asking,
                _ => State::Answered,
            }
        }
        #[inline]
        fn enter_1<__L: Logic, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke_chain(
                0u16,
                Request::Ask {
                    town: __p::Clone::clone(&core.context.town),
                },
                [
                    Request::LookUp {
                        town: __p::Clone::clone(&core.context.town),
                        year: 2020u32,
                    },
                    Request::Usual {
                        town: __p::Clone::clone(&core.context.town),
                    },
                ],
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_1<__L: Logic, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(0u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_2<__L: Logic, __A>(
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
            type Calls = ();
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
                __p::Result::Ok(Context { town: start.town })
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
                    (0u16, 0u16, Reply::Ask(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(0u32))
                    }
                    (0u16, 0u16, Reply::Ask(__p::Result::Err(Error::Unknown { .. }))) => {
                        __p::Option::Some(__p::Answer::FallBack)
                    }
                    (0u16, 0u16, Reply::Ask(__p::Result::Err(Error::Busy { .. }))) => {
                        __p::Option::Some(__p::Answer::FallBack)
                    }
                    (0u16, 0u16, Reply::Ask(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::FallBack)
                    }
                    (0u16, 1u16, Reply::LookUp(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(0u32))
                    }
                    (0u16, 1u16, Reply::LookUp(__p::Result::Err(Error::Busy { .. }))) => {
                        __p::Option::Some(__p::Answer::FallBack)
                    }
                    (0u16, 1u16, Reply::LookUp(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::FallBack)
                    }
                    (0u16, 2u16, Reply::Usual(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(0u32))
                    }
                    _ => __p::Option::None,
                }
            }
            fn is_error(reply: &Reply) -> bool {
                match reply {
                    Reply::Ask(result) => result.is_err(),
                    Reply::LookUp(result) => result.is_err(),
                    Reply::Usual(result) => result.is_err(),
                }
            }
            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    Reply::Ask(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::LookUp(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Usual(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    _ => __p::Option::None,
                }
            }
            fn policy(
                invoke: u16,
                call: u16,
            ) -> __p::Option<&'static __p::policy::Policy> {
                match (invoke, call) {
                    (0u16, 0u16) => __p::Option::Some(&POLICY_0),
                    (0u16, 1u16) => __p::Option::Some(&POLICY_1),
                    _ => __p::Option::None,
                }
            }
            fn fault(reply: &Reply) -> __p::Option<__p::policy::Fault> {
                let error = match reply {
                    Reply::Ask(__p::Result::Err(error)) => error,
                    Reply::LookUp(__p::Result::Err(error)) => error,
                    _ => return __p::Option::None,
                };
                __p::Option::Some(
                    match error {
                        Error::Unknown { .. } => {
                            __p::policy::Fault {
                                kind: __p::policy::FaultKind::Permanent,
                                retry_after: __p::Option::None,
                            }
                        }
                        Error::Busy { retry_after, .. } => {
                            __p::policy::Fault {
                                kind: __p::policy::FaultKind::Transient,
                                retry_after: __p::Option::Some(*retry_after),
                            }
                        }
                        Error::Unexpected(_) => {
                            __p::policy::Fault {
                                kind: __p::policy::FaultKind::Unexpected,
                                retry_after: __p::Option::None,
                            }
                        }
                    },
                )
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
        impl<__L: Logic, __A> __p::Run<__L, __A> for Chart {
            fn calculate(request: &Request) -> __p::Option<Reply> {
                match request {
                    Request::Usual { town: a0 } => {
                        __p::Option::Some(Reply::Usual(__p::Result::Ok(__L::usual(a0))))
                    }
                    _ => __p::Option::None,
                }
            }
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
                                let __p::Option::Some(
                                    Reply::Ask(__p::Result::Ok(n_))
                                    | Reply::LookUp(__p::Result::Ok(n_))
                                    | Reply::Usual(__p::Result::Ok(n_)),
                                ) = event.into_reply() else {
                                    return __p::unhandled();
                                };
                                exit_1::<__L, __A>(core, actions)?;
                                core.outputs.push(Output::Found { n: n_ });
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
        impl<__H: Logic> __p::Step<__H> for Chart {
            #[inline(always)]
            fn step(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                host: &mut __H,
                cause: __p::Cause<'_, Event, Reply>,
            ) -> __p::Reaction {
                __p::direct::<Chart, __H>(core, host, cause)
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
                    Request::Ask { town: a0 } => {
                        Reply::Ask(
                            <__H as Activities>::ask(host, cx, a0)
                                .await
                                .map_err(AskError::__into),
                        )
                    }
                    Request::LookUp { town: a0, year: a1 } => {
                        Reply::LookUp(
                            <__H as Activities>::look_up(host, cx, a0, *a1)
                                .await
                                .map_err(LookUpError::__into),
                        )
                    }
                    Request::Usual { .. } => {
                        Reply::Usual(
                            __p::Result::Err(
                                Error::Unexpected(
                                    __p::Failure::new(
                                        __p::Failure::UNEXPECTED,
                                        "the host does not carry this out",
                                    ),
                                ),
                            ),
                        )
                    }
                }
            }
            fn unexpected(request: &Request, failure: __p::Failure) -> Reply {
                match request {
                    Request::Ask { .. } => {
                        Reply::Ask(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::LookUp { .. } => {
                        Reply::LookUp(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Usual { .. } => {
                        Reply::Usual(__p::Result::Err(Error::Unexpected(failure)))
                    }
                }
            }
            fn sharing(request: &Request) -> __p::policy::Sharing {
                match request {
                    Request::Ask { town: a0, .. } => {
                        __p::policy::Sharing {
                            cache: __p::Option::Some((
                                __p::format!("Inquiry/ask({:?})", a0),
                                __p::Duration::from_millis(300000u64),
                            )),
                            coalesce: __p::Option::Some(
                                __p::format!("Inquiry/ask({:?})", a0),
                            ),
                        }
                    }
                    _ => __p::Default::default(),
                }
            }
        }
    };
}
