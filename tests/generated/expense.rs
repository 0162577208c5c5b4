///A person decides about an expense; the host pays, and somebody is told.
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
pub mod expense {
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
    pub enum Verdict {
        Pay,
        Refuse,
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
    pub enum Event {
        Withdraw,
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
        pub cents: u64,
        pub owner: ::statewright::__private::String,
        pub urgent: bool,
        pub receipt: ::statewright::__private::String,
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
        pub cents: u64,
        pub owner: ::statewright::__private::String,
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
        BankDown,
        /// What no declared error says: an error of another kind, a panic.
        Unexpected(::statewright::__private::Failure),
    }
    impl ::statewright::__private::From<&Error> for ::statewright::__private::Failure {
        fn from(error: &Error) -> ::statewright::__private::Failure {
            match error {
                Error::BankDown => {
                    ::statewright::__private::Failure::new(
                        "BankDown",
                        ::statewright::__private::String::from("BankDown"),
                    )
                }
                Error::Unexpected(failure) => {
                    ::statewright::__private::Clone::clone(failure)
                }
            }
        }
    }
    ///How `transfer` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum TransferError {
        BankDown,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for TransferError {
        fn from(error: __E) -> TransferError {
            TransferError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl TransferError {
        fn __into(self) -> Error {
            match self {
                TransferError::BankDown => Error::BankDown,
                TransferError::Unexpected(failure) => Error::Unexpected(failure),
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
        Transfer { id: ::statewright::__private::String, cents: u64 },
        Approve { id: ::statewright::__private::String, cents: u64, urgent: bool },
        Repair { id: ::statewright::__private::String },
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
        Transfer(
            ::statewright::__private::Result<::statewright::__private::String, Error>,
        ),
        Approve(::statewright::__private::Result<Verdict, Error>),
        Repair(::statewright::__private::Result<bool, Error>),
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
        Paying,
        Stuck,
        Paid,
        Refused,
    }
    /// What happens outside of the machine. Called at least once under each key of `cx`.
    pub trait Activities {
        fn transfer(
            &self,
            cx: &::statewright::__private::Cx,
            id: &str,
            cents: u64,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<
                ::statewright::__private::String,
                TransferError,
            >,
        > + ::statewright::__private::Send;
    }
    impl<__T: Activities> Activities for ::statewright::__private::Arc<__T> {
        fn transfer(
            &self,
            cx: &::statewright::__private::Cx,
            id: &str,
            cents: u64,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<
                ::statewright::__private::String,
                TransferError,
            >,
        > + ::statewright::__private::Send {
            __T::transfer(&**self, cx, id, cents)
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
        Paying = 2u16,
        Stuck = 3u16,
        Paid = 4u16,
        Refused = 5u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
    /// The machine, for registering it at an engine.
    pub type Expense = Chart;
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
            name: "Expense",
            version: 1u64,
            shape: 8471810458769859437u64,
            document: "{\"machine\":\"Expense\",\"version\":1,\"key\":\"id\",\"states\":[{\"id\":\"\",\"kind\":\"root\",\"name\":\"Expense\",\"path\":\"\",\"initial\":[\"Asking\"]},{\"id\":\"Asking\",\"kind\":\"atomic\",\"parent\":\"\",\"name\":\"Asking\",\"path\":\"Asking\",\"first_timer\":0,\"timers\":[{\"kind\":\"remind every\",\"delay\":\"8h\"},{\"kind\":\"escalate after\",\"delay\":\"1d\"},{\"kind\":\"timeout\",\"delay\":\"3d\"}],\"invoke_number\":0,\"invoke\":\"human approve\",\"gives\":\"Verdict\"},{\"id\":\"Paying\",\"kind\":\"atomic\",\"parent\":\"\",\"name\":\"Paying\",\"path\":\"Paying\",\"invoke_number\":1,\"invoke\":\"transfer\"},{\"id\":\"Stuck\",\"kind\":\"atomic\",\"parent\":\"\",\"name\":\"Stuck\",\"path\":\"Stuck\",\"invoke_number\":2,\"invoke\":\"human repair\",\"gives\":\"bool\"},{\"id\":\"Paid\",\"kind\":\"final\",\"parent\":\"\",\"name\":\"Paid\",\"path\":\"Paid\"},{\"id\":\"Refused\",\"kind\":\"final\",\"parent\":\"\",\"name\":\"Refused\",\"path\":\"Refused\"}],\"context\":[{\"name\":\"cents\",\"type\":\"u64\"},{\"name\":\"id\",\"type\":\"String\"},{\"name\":\"owner\",\"type\":\"String\"},{\"name\":\"receipt\",\"type\":\"String\",\"default\":true},{\"name\":\"urgent\",\"type\":\"bool\",\"default\":true}],\"events\":[{\"name\":\"Withdraw\"}],\"activities\":[{\"name\":\"human approve\",\"fields\":[{\"name\":\"id\",\"type\":\"String\"},{\"name\":\"cents\",\"type\":\"u64\"},{\"name\":\"urgent\",\"type\":\"bool\"}]},{\"name\":\"human repair\",\"fields\":[{\"name\":\"id\",\"type\":\"String\"}]},{\"name\":\"transfer\",\"fields\":[{\"name\":\"id\",\"type\":\"String\"},{\"name\":\"cents\",\"type\":\"u64\"}]}],\"types\":[{\"name\":\"Verdict\",\"variants\":[{\"name\":\"Pay\"},{\"name\":\"Refuse\"}]}]}",
            docs: "A person decides about an expense; the host pays, and somebody is told.",
            states: &[
                __p::StateDefinition {
                    name: "Expense",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 5u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Asking",
                    path: "Asking",
                    id: "Asking",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 24u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Paying",
                    path: "Paying",
                    id: "Paying",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 39u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Stuck",
                    path: "Stuck",
                    id: "Stuck",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 44u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Paid",
                    path: "Paid",
                    id: "Paid",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 51u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Refused",
                    path: "Refused",
                    id: "Refused",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 53u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Withdraw",
                    docs: "",
                },
            ],
            timers: 3u16,
            packed_transitions: "1 28 every\n1 29 after\n1 33 done 2\n1 34 done 5\n1 36 after 5\n1 37 Withdraw 5\n2 41 done 4\n2 42 error 3\n3 47 done 2\n3 48 done 5\n",
        };
        static POLICY_0: __p::policy::Policy = __p::policy::Policy {
            name: "Expense/bank",
            timeout: __p::Option::Some(__p::Duration::from_millis(10000u64)),
            deadline: __p::Option::None,
            retry: __p::Option::Some(__p::policy::Retry {
                max: 3u32,
                backoff: __p::policy::Backoff::Exponential {
                    from: __p::Duration::from_millis(200u64),
                    to: __p::Duration::from_millis(10000u64),
                    factor: 2f64,
                },
                jitter: __p::policy::Jitter::Full,
                transient: true,
                on: &[],
            }),
            budget: __p::Option::None,
            breaker: __p::Option::None,
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
                    Reply::Transfer(result) => result.as_ref().err(),
                    Reply::Approve(result) => result.as_ref().err(),
                    Reply::Repair(result) => result.as_ref().err(),
                }
            }
        }
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Asking,
                1u16 => State::Paying,
                2u16 => State::Stuck,
                3u16 => State::Paid,
                _ => State::Refused,
            }
        }
        #[derive(__p::serde::Serialize, __p::serde::Deserialize)]
        #[serde(crate = "::statewright::__private::serde")]
        #[derive(__p::Default)]
        pub struct __Calls;
        impl __Calls {
            fn play<__H>(&mut self, _host: &mut __H) {}
        }
        #[inline]
        fn enter_1<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.surely_every(0u16, __p::Duration::from_millis(28800000u64));
            core.surely_after(1u16, __p::Duration::from_millis(86400000u64));
            core.surely_after(2u16, __p::Duration::from_millis(259200000u64));
            core.ask_person(
                0u16,
                Request::Approve {
                    id: __p::Clone::clone(&core.context.id),
                    cents: core.context.cents,
                    urgent: core.context.urgent,
                },
                __p::format!(
                    "Pay {} for {}", & (core.context.cents), & (core.context.id)
                ),
                __p::Option::Some(__p::Assignee::Role(__p::String::from("finance"))),
                __p::Option::Some(2u16),
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_1<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.timers.cancel(0u16..3u16);
            core.revoke(0u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_2<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                1u16,
                Request::Transfer {
                    id: __p::Clone::clone(&core.context.id),
                    cents: core.context.cents,
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_2<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(1u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_3<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.ask_person(
                2u16,
                Request::Repair {
                    id: __p::Clone::clone(&core.context.id),
                },
                __p::String::from("repair"),
                __p::Option::None,
                __p::Option::None,
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_3<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(2u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_4<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.finished = true;
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_5<__L, __A>(
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
                    end: 6u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 5u16,
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
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 4u16,
                    slot: 0u16,
                    first_leaf: 2u16,
                    end_leaf: 3u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 5u16,
                    slot: 0u16,
                    first_leaf: 3u16,
                    end_leaf: 4u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 6u16,
                    slot: 0u16,
                    first_leaf: 4u16,
                    end_leaf: 5u16,
                    kind: __p::Kind::Final,
                },
            ];
            const LEAVES: &'static [u16] = &[1u16, 2u16, 3u16, 4u16, 5u16];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 1u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = false;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = true;
            const PERIODS: &'static [(u16, u64)] = &[(0u16, 28800000u64)];
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {
                    id: start.id,
                    cents: start.cents,
                    owner: start.owner,
                    urgent: false,
                    receipt: __p::String::from(""),
                })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Withdraw { .. } => 0u32,
                }
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
                    (0u16, 0u16, Reply::Approve(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(4u32))
                    }
                    (1u16, 0u16, Reply::Transfer(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(5u32))
                    }
                    (
                        1u16,
                        0u16,
                        Reply::Transfer(__p::Result::Err(Error::BankDown { .. })),
                    ) => __p::Option::Some(__p::Answer::End(6u32)),
                    (1u16, 0u16, Reply::Transfer(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(7u32))
                    }
                    (2u16, 0u16, Reply::Repair(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(8u32))
                    }
                    _ => __p::Option::None,
                }
            }
            fn is_error(reply: &Reply) -> bool {
                match reply {
                    Reply::Transfer(result) => result.is_err(),
                    Reply::Approve(result) => result.is_err(),
                    Reply::Repair(result) => result.is_err(),
                }
            }
            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    Reply::Transfer(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Approve(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Repair(__p::Result::Err(error)) => {
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
                    (1u16, 0u16) => __p::Option::Some(&POLICY_0),
                    _ => __p::Option::None,
                }
            }
            fn fault(reply: &Reply) -> __p::Option<__p::policy::Fault> {
                let error = match reply {
                    Reply::Transfer(__p::Result::Err(error)) => error,
                    Reply::Approve(__p::Result::Err(error)) => error,
                    Reply::Repair(__p::Result::Err(error)) => error,
                    _ => return __p::Option::None,
                };
                __p::Option::Some(
                    match error {
                        Error::BankDown { .. } => {
                            __p::policy::Fault {
                                kind: __p::policy::FaultKind::Transient,
                                retry_after: __p::Option::None,
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
            fn question(invoke: u16) -> __p::Option<&'static __p::Question> {
                __p::Option::Some(
                    match invoke {
                        0u16 => {
                            &__p::Question {
                                name: "approve",
                                answer: "Verdict",
                                choices: &["\"Pay\"", "\"Refuse\""],
                                timers: 0u16..3u16,
                            }
                        }
                        2u16 => {
                            &__p::Question {
                                name: "repair",
                                answer: "bool",
                                choices: &["true", "false"],
                                timers: 0u16..0u16,
                            }
                        }
                        _ => return __p::Option::None,
                    },
                )
            }
            fn answered(invoke: u16, answer: &mut dyn __p::Any) -> __p::Option<Reply> {
                match invoke {
                    0u16 => {
                        answer
                            .downcast_mut::<__p::Option<Verdict>>()?
                            .take()
                            .map(|answer| Reply::Approve(__p::Result::Ok(answer)))
                    }
                    2u16 => {
                        answer
                            .downcast_mut::<__p::Option<bool>>()?
                            .take()
                            .map(|answer| Reply::Repair(__p::Result::Ok(answer)))
                    }
                    _ => __p::Option::None,
                }
            }
            fn read_answer<'de, __D: __p::serde::Deserializer<'de>>(
                invoke: u16,
                answer: __D,
            ) -> __p::Result<__p::Option<Reply>, __D::Error> {
                match invoke {
                    0u16 => {
                        <Verdict as __p::serde::Deserialize>::deserialize(answer)
                            .map(|answer| __p::Option::Some(
                                Reply::Approve(__p::Result::Ok(answer)),
                            ))
                    }
                    2u16 => {
                        <bool as __p::serde::Deserialize>::deserialize(answer)
                            .map(|answer| __p::Option::Some(
                                Reply::Repair(__p::Result::Ok(answer)),
                            ))
                    }
                    _ => __p::Result::Ok(__p::Option::None),
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
            fn is_failure(state: u16) -> bool {
                match state {
                    5u16 => true,
                    _ => false,
                }
            }
        }
        impl<__L, __A> __p::Run<__L, __A> for Chart {
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
                match core.leaves[0] & 7u16 {
                    0u16 => {
                        match trigger {
                            0u32 => {
                                exit_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 4u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                core.remind(0u16);
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                core.escalate(
                                    0u16,
                                    __p::Assignee::User(__p::Clone::clone(&core.context.owner)),
                                );
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            3u32 => {
                                exit_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 4u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            4u32 => {
                                let __p::Option::Some(
                                    Reply::Approve(__p::Result::Ok(verdict_)),
                                ) = event.reply() else {
                                    return __p::unhandled();
                                };
                                if ((*verdict_) == Verdict::Pay) {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 1u16;
                                    enter_2::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 4u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    1u16 => {
                        match trigger {
                            5u32 => {
                                let __p::Option::Some(
                                    Reply::Transfer(__p::Result::Ok(receipt_id_)),
                                ) = event.into_reply() else {
                                    return __p::unhandled();
                                };
                                exit_2::<__L, __A>(core, actions)?;
                                core.context.receipt = receipt_id_;
                                core.leaves[0usize] = 3u16;
                                enter_4::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            6u32 => {
                                exit_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 2u16;
                                enter_3::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            7u32 => {
                                exit_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 2u16;
                                enter_3::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    2u16 => {
                        match trigger {
                            8u32 => {
                                let __p::Option::Some(
                                    Reply::Repair(__p::Result::Ok(again_)),
                                ) = event.reply() else {
                                    return __p::unhandled();
                                };
                                if (*again_) {
                                    exit_3::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 1u16;
                                    enter_2::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_3::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 4u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    3u16 => {
                        match trigger {
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
        impl<__H> __p::Step<__H> for Chart {
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
                    Request::Transfer { id: a0, cents: a1 } => {
                        Reply::Transfer(
                            <__H as Activities>::transfer(host, cx, a0, *a1)
                                .await
                                .map_err(TransferError::__into),
                        )
                    }
                    Request::Approve { .. } => {
                        Reply::Approve(
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
                    Request::Repair { .. } => {
                        Reply::Repair(
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
                    Request::Transfer { .. } => {
                        Reply::Transfer(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Approve { .. } => {
                        Reply::Approve(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Repair { .. } => {
                        Reply::Repair(__p::Result::Err(Error::Unexpected(failure)))
                    }
                }
            }
        }
        fn supply<__L, __A>(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
            match lack {
                __p::Lack::Timer(0u16) => {
                    core.surely_every(0u16, __p::Duration::from_millis(28800000u64));
                }
                __p::Lack::Timer(1u16) => {
                    core.surely_after(1u16, __p::Duration::from_millis(86400000u64));
                }
                __p::Lack::Timer(2u16) => {
                    core.surely_after(2u16, __p::Duration::from_millis(259200000u64));
                    core.wait_until(0u16, 2u16);
                }
                __p::Lack::Invoke(0u16) => {
                    core.ask_person(
                        0u16,
                        Request::Approve {
                            id: __p::Clone::clone(&core.context.id),
                            cents: core.context.cents,
                            urgent: core.context.urgent,
                        },
                        __p::format!(
                            "Pay {} for {}", & (core.context.cents), & (core.context.id)
                        ),
                        __p::Option::Some(
                            __p::Assignee::Role(__p::String::from("finance")),
                        ),
                        __p::Option::Some(2u16),
                    );
                }
                __p::Lack::Invoke(1u16) => {
                    core.invoke(
                        1u16,
                        Request::Transfer {
                            id: __p::Clone::clone(&core.context.id),
                            cents: core.context.cents,
                        },
                    );
                }
                __p::Lack::Invoke(2u16) => {
                    core.ask_person(
                        2u16,
                        Request::Repair {
                            id: __p::Clone::clone(&core.context.id),
                        },
                        __p::String::from("repair"),
                        __p::Option::None,
                        __p::Option::None,
                    );
                }
                __p::Lack::Completion(4u16) => {
                    core.finished = true;
                }
                __p::Lack::Completion(5u16) => {
                    core.finished = true;
                }
                _ => {}
            }
            __p::Result::Ok(())
        }
        impl<__H: Activities + __p::Send + __p::Sync + 'static> __p::Durable<__H>
        for Chart {
            fn decide(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                cause: __p::Cause<'_, Event, Reply>,
            ) -> __p::Reaction {
                __p::decided::<Chart, __H, __Calls>(core, scratch, cause)
            }
            fn has_calls(calls: &__Calls) -> bool {
                false
            }
            fn act(calls: &mut __Calls, host: &__H) {
                {}
            }
            fn key(context: &Context) -> __p::Option<__p::String> {
                __p::Option::Some(__p::ToString::to_string(&context.id))
            }
            fn defaults<__V: __p::Values>(values: &mut __V) -> __p::Done {
                {
                    let value: bool = false;
                    values.value("urgent", &value);
                }
                {
                    let value: ::statewright::__private::String = __p::String::from("");
                    values.value("receipt", &value);
                }
                __p::Result::Ok(())
            }
            fn supply(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                supply::<__H, __Calls>(core, lack)
            }
        }
    };
}
