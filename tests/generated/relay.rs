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
            fn has_data(core: &__p::Core<Chart>) -> bool {
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
                                let value_0_0_ = core.context.next;
                                let value_0_1_ = __p::Clone::clone(&core.context.name);
                                let value_0_2_ = __p::add(
                                    *lap_,
                                    1u32,
                                    &__p::Place {
                                        file: "generated.flow",
                                        line: 14,
                                        text: "lap + 1",
                                    },
                                )?;
                                core.send(Message::Judge {
                                    key: __p::ToString::to_string(&value_0_0_),
                                    event: JudgeMessage::Lap {
                                        runner: value_0_1_,
                                        lap: value_0_2_,
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
                >(core, scratch, host, cause, |calls, host| calls.play(host))
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
            fn has_data(core: &__p::Core<Chart>) -> bool {
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
                >(core, scratch, host, cause, |calls, host| calls.play(host))
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
