///Hierarchy: entry, exit, history, completion, a raised and a deferred event.
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
pub mod player {
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
        Play,
        Pause,
        Next,
        Insert,
        Warn,
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
    pub struct Context {}
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    #[derive(::statewright::__private::Default)]
    pub struct Start {}
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum State {
        Empty,
        Loaded(Loaded),
        Paused,
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
    pub enum Loaded {
        First,
        Second,
        Ended,
    }
    /// What the machine does.
    pub trait Actions {
        fn spin(&mut self, on: bool);
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
        Empty = 1u16,
        Loaded = 2u16,
        First = 3u16,
        Second = 4u16,
        Ended = 5u16,
        Paused = 6u16,
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
            name: "Player",
            version: 1u64,
            shape: 17516809898322765773u64,
            document: "",
            docs: "Hierarchy: entry, exit, history, completion, a raised and a deferred event.",
            states: &[
                __p::StateDefinition {
                    name: "Player",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Empty",
                    path: "Empty",
                    id: "Empty",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 11u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Loaded",
                    path: "Loaded",
                    id: "Loaded",
                    kind: __p::Kind::Composite,
                    parent: __p::Option::Some(0u16),
                    line: 15u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "First",
                    path: "Loaded.First",
                    id: "Loaded.First",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(2u16),
                    line: 20u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Second",
                    path: "Loaded.Second",
                    id: "Loaded.Second",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(2u16),
                    line: 21u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Ended",
                    path: "Loaded.Ended",
                    id: "Loaded.Ended",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(2u16),
                    line: 22u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Paused",
                    path: "Paused",
                    id: "Paused",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 24u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Play",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Pause",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Next",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Insert",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Warn",
                    docs: "",
                },
            ],
            timers: 0u16,
            packed_transitions: "1 12 Insert 3\n2 18 Pause 6\n2 19 done 1\n3 20 Next 4\n4 21 Next 5\n6 25 Play 2\n6 26 Warn 1\n",
        };
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Empty,
                1u16..=3u16 => State::Loaded(state_2(core)),
                _ => State::Paused,
            }
        }
        fn state_2(core: &__p::Core<Chart>) -> Loaded {
            match core.leaves[0usize] {
                1u16 => Loaded::First,
                2u16 => Loaded::Second,
                _ => Loaded::Ended,
            }
        }
        enum __Call {
            Call0(bool),
        }
        #[derive(__p::Default)]
        pub struct __Calls(__p::Vec<__Call>);
        impl Actions for __Calls {
            fn spin(&mut self, on: bool) {
                self.0.push(__Call::Call0(on));
            }
        }
        impl __Calls {
            fn play<__H: Actions>(&mut self, host: &mut __H) {
                for call in self.0.drain(..) {
                    match call {
                        __Call::Call0(a0) => __H::spin(host, a0),
                    }
                }
            }
        }
        #[inline]
        fn enter_2<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            __A::spin(actions, true);
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_2<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            __A::spin(actions, false);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_5<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.done(2u16, 5u32);
            __p::Result::Ok(())
        }
        fn restore_0_shallow<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            let __p::Option::Some(leaves) = __p::remembered(core, 0usize) else {
                return default_2::<__L, __A>(core, actions);
            };
            if __p::is_active_in::<Chart>(&leaves, 3u16) {
                again::<__L, __A>(core, actions, 3u16)?;
            }
            if __p::is_active_in::<Chart>(&leaves, 4u16) {
                again::<__L, __A>(core, actions, 4u16)?;
            }
            if __p::is_active_in::<Chart>(&leaves, 5u16) {
                again::<__L, __A>(core, actions, 5u16)?;
            }
            __p::Result::Ok(())
        }
        fn default_2<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.leaves[0usize] = 1u16;
            __p::Result::Ok(())
        }
        fn again<__L, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
            state: u16,
        ) -> __p::Done {
            match state {
                3u16 => {
                    core.leaves[0usize] = 1u16;
                }
                4u16 => {
                    core.leaves[0usize] = 2u16;
                }
                5u16 => {
                    core.leaves[0usize] = 3u16;
                    enter_5::<__L, __A>(core, actions)?;
                }
                _ => {}
            }
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
            type Histories = [[u16; 1usize]; 1usize];
            type Calls = __Calls;
            const NO_LEAVES: [u16; 1usize] = [__p::NONE; 1usize];
            const NO_HISTORIES: [[u16; 1usize]; 1usize] = [[__p::NONE; 1usize]; 1usize];
            const SHAPES: &'static [__p::Shape] = &[
                __p::Shape {
                    parent: 65535u16,
                    end: 7u16,
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
                    end: 6u16,
                    slot: 0u16,
                    first_leaf: 1u16,
                    end_leaf: 4u16,
                    kind: __p::Kind::Composite,
                },
                __p::Shape {
                    parent: 2u16,
                    end: 4u16,
                    slot: 0u16,
                    first_leaf: 1u16,
                    end_leaf: 2u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 2u16,
                    end: 5u16,
                    slot: 0u16,
                    first_leaf: 2u16,
                    end_leaf: 3u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 2u16,
                    end: 6u16,
                    slot: 0u16,
                    first_leaf: 3u16,
                    end_leaf: 4u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 7u16,
                    slot: 0u16,
                    first_leaf: 4u16,
                    end_leaf: 5u16,
                    kind: __p::Kind::Atomic,
                },
            ];
            const LEAVES: &'static [u16] = &[1u16, 3u16, 4u16, 5u16, 6u16];
            const REMEMBERED: &'static [u16] = &[2u16];
            const FIRST_TIMER: u32 = 0u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = true;
            const HAS_DEFER: bool = true;
            const ENDS_TIMERS: bool = false;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {})
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Play { .. } => 0u32,
                    Event::Pause { .. } => 1u32,
                    Event::Next { .. } => 2u32,
                    Event::Insert { .. } => 3u32,
                    Event::Warn { .. } => 4u32,
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
        impl<__L, __A: Actions> __p::Run<__L, __A> for Chart {
            fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                core.leaves[0usize] = 0u16;
                __p::Result::Ok(())
            }
            #[inline]
            fn react(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                trigger: u32,
                event: __p::Option<&Event>,
            ) -> __p::Reaction {
                match core.leaves[0] & 7u16 {
                    0u16 => {
                        match trigger {
                            0u32 => return __p::Result::Ok(__p::Dispatch::Deferred),
                            3u32 => {
                                enter_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 1u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    1u16 => {
                        match trigger {
                            1u32 => {
                                core.histories[0usize] = core.leaves;
                                exit_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 4u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                core.leaves[0] = 2u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            5u32 => {
                                core.histories[0usize] = core.leaves;
                                exit_2::<__L, __A>(core, actions)?;
                                core.raise(Event::Warn);
                                core.leaves[0usize] = 0u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    2u16 => {
                        match trigger {
                            1u32 => {
                                core.histories[0usize] = core.leaves;
                                exit_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 4u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                core.leaves[0usize] = 3u16;
                                enter_5::<__L, __A>(core, actions)?;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            5u32 => {
                                core.histories[0usize] = core.leaves;
                                exit_2::<__L, __A>(core, actions)?;
                                core.raise(Event::Warn);
                                core.leaves[0usize] = 0u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    3u16 => {
                        match trigger {
                            1u32 => {
                                core.histories[0usize] = core.leaves;
                                exit_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 4u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            5u32 => {
                                core.histories[0usize] = core.leaves;
                                exit_2::<__L, __A>(core, actions)?;
                                core.raise(Event::Warn);
                                core.leaves[0usize] = 0u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    _ => {
                        match trigger {
                            0u32 => {
                                enter_2::<__L, __A>(core, actions)?;
                                restore_0_shallow::<__L, __A>(core, actions)?;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            4u32 => {
                                core.leaves[0] = 0u16;
                                core.changed = true;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
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
                cause: __p::Cause<'_, Event, __p::Never>,
            ) -> __p::Reaction {
                __p::recorded::<
                    Chart,
                    __H,
                    __Calls,
                >(core, scratch, host, cause, |calls, host| __Calls::play(calls, host))
            }
        }
    };
}
