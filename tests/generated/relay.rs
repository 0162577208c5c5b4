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
pub mod runner {
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Event {
        Take { from: ::statewright::__private::String, lap: u32 },
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
        pub name: ::statewright::__private::String,
        pub next: u32,
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
        pub name: ::statewright::__private::String,
        pub next: u32,
    }
    /// What is sent to `Judge`.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum JudgeMessage {
        Lap { runner: ::statewright::__private::String, lap: u32 },
    }
    /// What is sent to `Runner`.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum RunnerMessage {
        Take { from: ::statewright::__private::String, lap: u32 },
    }
    /// What is sent to other machines.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Message {
        /// To a `Judge`.
        Judge {
            /// The key of the instance.
            key: ::statewright::__private::String,
            /// The event.
            event: JudgeMessage,
        },
        /// To a `Runner`.
        Runner {
            /// The key of the instance.
            key: ::statewright::__private::String,
            /// The event.
            event: RunnerMessage,
        },
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
        Waiting,
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
        ::statewright::__private::Never,
        ::statewright::__private::Never,
        ::statewright::__private::Never,
        Message,
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
        Waiting = 1u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
    /// The machine, for registering it at an engine.
    pub type Runner = Chart;
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
            name: "Runner",
            version: 1u64,
            shape: 13265133672849324785u64,
            document: "{\"machine\":\"Runner\",\"version\":1,\"key\":\"name\",\"states\":[{\"id\":\"\",\"kind\":\"root\",\"name\":\"Runner\",\"path\":\"\",\"initial\":[\"Waiting\"]},{\"id\":\"Waiting\",\"kind\":\"atomic\",\"parent\":\"\",\"name\":\"Waiting\",\"path\":\"Waiting\"}],\"context\":[{\"name\":\"name\",\"type\":\"String\"},{\"name\":\"next\",\"type\":\"u32\"}],\"events\":[{\"name\":\"Take\",\"fields\":[{\"name\":\"from\",\"type\":\"String\"},{\"name\":\"lap\",\"type\":\"u32\"}]}]}",
            docs: "",
            states: &[
                __p::StateDefinition {
                    name: "Runner",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Waiting",
                    path: "Waiting",
                    id: "Waiting",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 13u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Take",
                    docs: "",
                },
            ],
            timers: 0u16,
            packed_transitions: "1 14 Take\n",
        };
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                _ => State::Waiting,
            }
        }
        #[derive(__p::serde::Serialize, __p::serde::Deserialize)]
        #[serde(crate = "::statewright::__private::serde")]
        #[derive(__p::Default)]
        pub struct __Calls;
        impl __Calls {
            fn play<__H>(&mut self, _host: &mut __H) {}
        }
        impl __p::Chart for Chart {
            type Event = Event;
            type Output = Output;
            type Message = Message;
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
                    end: 2u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 1u16,
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
            ];
            const LEAVES: &'static [u16] = &[1u16];
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
                    name: start.name,
                    next: start.next,
                })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Take { .. } => 0u32,
                }
            }
            type Request = __p::Never;
            type Reply = __p::Never;
            type Given<'g> = __p::Option<&'g Event>;
            #[inline]
            fn nothing<'g>() -> __p::Option<&'g Event> {
                __p::Option::None
            }
            #[inline]
            fn given(event: &Event) -> __p::Option<&Event> {
                __p::Option::Some(event)
            }
            #[inline]
            fn given_reply(_: &mut __p::Option<__p::Never>) -> __p::Option<&Event> {
                __p::Option::None
            }
            fn answer(_: u16, _: u16, reply: &__p::Never) -> __p::Option<__p::Answer> {
                match *reply {}
            }
            fn is_error(reply: &__p::Never) -> bool {
                match *reply {}
            }
            fn failure(reply: &__p::Never) -> __p::Option<__p::Failure> {
                match *reply {}
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
        impl<__L, __A> __p::Run<__L, __A> for Chart {
            fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                core.leaves[0usize] = 0u16;
                __p::Result::Ok(())
            }
            #[inline(always)]
            fn react(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                trigger: u32,
                event: __p::Option<&Event>,
            ) -> __p::Reaction {
                match core.leaves[0] {
                    _ => {
                        match trigger {
                            0u32 => {
                                let __p::Option::Some(
                                    Event::Take { from: from_, lap: lap_, .. },
                                ) = event else {
                                    return __p::unhandled();
                                };
                                let value_0_0 = core.context.next;
                                let value_0_1 = __p::Clone::clone(&core.context.name);
                                let value_0_2 = __p::add(
                                    *lap_,
                                    1u32,
                                    &__p::Place {
                                        file: "generated.flow",
                                        line: 14,
                                        text: "lap + 1",
                                    },
                                )?;
                                core.send(Message::Judge {
                                    key: __p::ToString::to_string(&value_0_0),
                                    event: JudgeMessage::Lap {
                                        runner: value_0_1,
                                        lap: value_0_2,
                                    },
                                });
                                core.send(Message::Runner {
                                    key: __p::Clone::clone(&*from_),
                                    event: RunnerMessage::Take {
                                        from: __p::Clone::clone(&core.context.name),
                                        lap: *lap_,
                                    },
                                });
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
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
                cause: __p::Cause<'_, Event, __p::Never>,
            ) -> __p::Reaction {
                __p::recorded::<
                    Chart,
                    __H,
                    __Calls,
                >(core, scratch, host, cause, |calls, host| __Calls::play(calls, host))
            }
        }
        fn supply<__L, __A>(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
            match lack {
                _ => {}
            }
            __p::Result::Ok(())
        }
        impl<__H: __p::Send + __p::Sync + 'static> __p::Durable<__H> for Chart {
            fn decide(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                cause: __p::Cause<'_, Event, __p::Never>,
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
                __p::Option::Some(__p::ToString::to_string(&context.name))
            }
            fn defaults<__V: __p::Values>(values: &mut __V) -> __p::Done {
                __p::Result::Ok(())
            }
            fn supply(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                supply::<__H, __Calls>(core, lack)
            }
        }
    };
}
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
pub mod judge {
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Event {
        Lap { runner: ::statewright::__private::String, lap: u32 },
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
        pub number: u32,
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
        pub number: u32,
    }
    /// What is sent to `Runner`.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum RunnerMessage {
        Take { from: ::statewright::__private::String, lap: u32 },
    }
    /// What is sent to other machines.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Message {
        /// To a `Runner`.
        Runner {
            /// The key of the instance.
            key: ::statewright::__private::String,
            /// The event.
            event: RunnerMessage,
        },
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
        Watching,
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
        ::statewright::__private::Never,
        ::statewright::__private::Never,
        ::statewright::__private::Never,
        Message,
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
        Watching = 1u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
    /// The machine, for registering it at an engine.
    pub type Judge = Chart;
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
            name: "Judge",
            version: 1u64,
            shape: 9346253646414141067u64,
            document: "{\"machine\":\"Judge\",\"version\":1,\"key\":\"number\",\"states\":[{\"id\":\"\",\"kind\":\"root\",\"name\":\"Judge\",\"path\":\"\",\"initial\":[\"Watching\"]},{\"id\":\"Watching\",\"kind\":\"atomic\",\"parent\":\"\",\"name\":\"Watching\",\"path\":\"Watching\"}],\"context\":[{\"name\":\"number\",\"type\":\"u32\"}],\"events\":[{\"name\":\"Lap\",\"fields\":[{\"name\":\"runner\",\"type\":\"String\"},{\"name\":\"lap\",\"type\":\"u32\"}]}]}",
            docs: "",
            states: &[
                __p::StateDefinition {
                    name: "Judge",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 18u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Watching",
                    path: "Watching",
                    id: "Watching",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 25u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Lap",
                    docs: "",
                },
            ],
            timers: 0u16,
            packed_transitions: "1 26 Lap\n",
        };
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                _ => State::Watching,
            }
        }
        #[derive(__p::serde::Serialize, __p::serde::Deserialize)]
        #[serde(crate = "::statewright::__private::serde")]
        #[derive(__p::Default)]
        pub struct __Calls;
        impl __Calls {
            fn play<__H>(&mut self, _host: &mut __H) {}
        }
        impl __p::Chart for Chart {
            type Event = Event;
            type Output = Output;
            type Message = Message;
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
                    end: 2u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 1u16,
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
            ];
            const LEAVES: &'static [u16] = &[1u16];
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
                __p::Result::Ok(Context { number: start.number })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Lap { .. } => 0u32,
                }
            }
            type Request = __p::Never;
            type Reply = __p::Never;
            type Given<'g> = __p::Option<&'g Event>;
            #[inline]
            fn nothing<'g>() -> __p::Option<&'g Event> {
                __p::Option::None
            }
            #[inline]
            fn given(event: &Event) -> __p::Option<&Event> {
                __p::Option::Some(event)
            }
            #[inline]
            fn given_reply(_: &mut __p::Option<__p::Never>) -> __p::Option<&Event> {
                __p::Option::None
            }
            fn answer(_: u16, _: u16, reply: &__p::Never) -> __p::Option<__p::Answer> {
                match *reply {}
            }
            fn is_error(reply: &__p::Never) -> bool {
                match *reply {}
            }
            fn failure(reply: &__p::Never) -> __p::Option<__p::Failure> {
                match *reply {}
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
        impl<__L, __A> __p::Run<__L, __A> for Chart {
            fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                core.leaves[0usize] = 0u16;
                __p::Result::Ok(())
            }
            #[inline(always)]
            fn react(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                trigger: u32,
                event: __p::Option<&Event>,
            ) -> __p::Reaction {
                match core.leaves[0] {
                    _ => {
                        match trigger {
                            0u32 => {
                                let __p::Option::Some(
                                    Event::Lap { runner: runner_, lap: lap_, .. },
                                ) = event else {
                                    return __p::unhandled();
                                };
                                if ((*lap_) < 10u32) {
                                    core.send(Message::Runner {
                                        key: __p::Clone::clone(&*runner_),
                                        event: RunnerMessage::Take {
                                            from: __p::String::from("judge"),
                                            lap: *lap_,
                                        },
                                    });
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                            }
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
                cause: __p::Cause<'_, Event, __p::Never>,
            ) -> __p::Reaction {
                __p::recorded::<
                    Chart,
                    __H,
                    __Calls,
                >(core, scratch, host, cause, |calls, host| __Calls::play(calls, host))
            }
        }
        fn supply<__L, __A>(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
            match lack {
                _ => {}
            }
            __p::Result::Ok(())
        }
        impl<__H: __p::Send + __p::Sync + 'static> __p::Durable<__H> for Chart {
            fn decide(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                cause: __p::Cause<'_, Event, __p::Never>,
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
                __p::Option::Some(__p::ToString::to_string(&context.number))
            }
            fn defaults<__V: __p::Values>(values: &mut __V) -> __p::Done {
                __p::Result::Ok(())
            }
            fn supply(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                supply::<__H, __Calls>(core, lack)
            }
        }
    };
}
///Starts a judge, and waits for nothing else.
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
pub mod race {
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
        pub name: ::statewright::__private::String,
        pub judge: u32,
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
        pub name: ::statewright::__private::String,
        pub judge: u32,
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
        /// What no declared error says: an error of another kind, a panic.
        Unexpected(::statewright::__private::Failure),
    }
    impl ::statewright::__private::From<&Error> for ::statewright::__private::Failure {
        fn from(error: &Error) -> ::statewright::__private::Failure {
            match error {
                Error::Unexpected(failure) => {
                    ::statewright::__private::Clone::clone(failure)
                }
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
        Judge { number: u32 },
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
        Judge(::statewright::__private::Result<(), Error>),
    }
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum State {
        Running,
        Called { why: ::statewright::__private::String },
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
        Running = 1u16,
        Called = 2u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
    /// The machine, for registering it at an engine.
    pub type Race = Chart;
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
        pub struct __Data {
            #[serde(
                rename = "Called.why",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_2_0: __p::Option<::statewright::__private::String>,
        }
        static DEFINITION: __p::Definition = __p::Definition {
            name: "Race",
            version: 1u64,
            shape: 15143573368983790637u64,
            document: "{\"machine\":\"Race\",\"version\":1,\"key\":\"name\",\"states\":[{\"id\":\"\",\"kind\":\"root\",\"name\":\"Race\",\"path\":\"\",\"initial\":[\"Running\"]},{\"id\":\"Running\",\"kind\":\"atomic\",\"parent\":\"\",\"name\":\"Running\",\"path\":\"Running\",\"first_timer\":0,\"timers\":[{\"kind\":\"after\",\"delay\":\"1h\"}],\"invoke_number\":0,\"invoke\":\"machine Judge\"},{\"id\":\"Called\",\"kind\":\"final\",\"parent\":\"\",\"name\":\"Called\",\"path\":\"Called\",\"data\":[{\"name\":\"why\",\"type\":\"String\"}]}],\"context\":[{\"name\":\"judge\",\"type\":\"u32\"},{\"name\":\"name\",\"type\":\"String\"}],\"activities\":[{\"name\":\"machine Judge\",\"fields\":[{\"name\":\"number\",\"type\":\"u32\"}]}]}",
            docs: "Starts a judge, and waits for nothing else.",
            states: &[
                __p::StateDefinition {
                    name: "Race",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 31u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Running",
                    path: "Running",
                    id: "Running",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 39u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Called",
                    path: "Called",
                    id: "Called",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 46u32,
                    docs: "",
                },
            ],
            events: &[],
            timers: 1u16,
            packed_transitions: "1 41 error 2\n1 42 after 2\n",
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
                    Reply::Judge(result) => result.as_ref().err(),
                }
            }
        }
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Running,
                _ => {
                    State::Called {
                        why: __p::Clone::clone(__p::there(&core.data.data_2_0)),
                    }
                }
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
            core.surely_after(0u16, __p::Duration::from_millis(3600000u64));
            core.invoke(
                0u16,
                Request::Judge {
                    number: core.context.judge,
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_1<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.timers.cancel(0u16..1u16);
            core.revoke(0u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_2<__L, __A>(
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
            const ENDS_TIMERS: bool = true;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {
                    name: start.name,
                    judge: start.judge,
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
                    (0u16, 0u16, Reply::Judge(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(1u32))
                    }
                    (0u16, 0u16, Reply::Judge(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(2u32))
                    }
                    _ => __p::Option::None,
                }
            }
            fn is_error(reply: &Reply) -> bool {
                match reply {
                    Reply::Judge(result) => result.is_err(),
                }
            }
            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    Reply::Judge(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    _ => __p::Option::None,
                }
            }
            fn child(request: &Request) -> __p::Option<(&'static str, __p::String)> {
                __p::Option::Some(
                    match request {
                        Request::Judge { number, .. } => {
                            ("Judge", __p::ToString::to_string(number))
                        }
                        _ => return __p::Option::None,
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
                true && (!is_wanted(2u16) || core.data.data_2_0.is_some())
            }
            fn is_failure(state: u16) -> bool {
                match state {
                    2u16 => true,
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
                match core.leaves[0] {
                    0u16 => {
                        match trigger {
                            0u32 => {
                                exit_1::<__L, __A>(core, actions)?;
                                let data_2_0 = __p::String::from("too late");
                                core.data.data_2_0 = __p::Option::Some(data_2_0);
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
                                let data_2_0 = __p::Clone::clone(&(*e_).message);
                                core.data.data_2_0 = __p::Option::Some(data_2_0);
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
        impl<__H> __p::Perform<__H> for Chart {
            type Shared = ();
            fn share(host: &__H) -> () {}
            async fn perform(host: &(), cx: &__p::Cx, request: &Request) -> Reply {
                match request {
                    Request::Judge { .. } => {
                        Reply::Judge(
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
                    Request::Judge { .. } => {
                        Reply::Judge(__p::Result::Err(Error::Unexpected(failure)))
                    }
                }
            }
        }
        fn supply<__L, __A>(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
            match lack {
                __p::Lack::Timer(0u16) => {
                    core.surely_after(0u16, __p::Duration::from_millis(3600000u64));
                }
                __p::Lack::Invoke(0u16) => {
                    core.invoke(
                        0u16,
                        Request::Judge {
                            number: core.context.judge,
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
        impl<__H: __p::Send + __p::Sync + 'static> __p::Durable<__H> for Chart {
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
                __p::Option::Some(__p::ToString::to_string(&context.name))
            }
            fn defaults<__V: __p::Values>(values: &mut __V) -> __p::Done {
                __p::Result::Ok(())
            }
            fn supply(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                supply::<__H, __Calls>(core, lack)
            }
        }
    };
}
