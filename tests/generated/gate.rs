///Regions: two that react to one event, one that asks for the other.
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
pub mod gate {
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
        Car,
        Ring,
        Close,
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
        pub cars: u32,
    }
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
        Working { bar: Bar, bell: Bell },
        Closed,
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
    pub enum Bar {
        Down,
        Open,
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
    pub enum Bell {
        Silent,
        Ringing,
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
        Working = 1u16,
        Bar = 2u16,
        Down = 3u16,
        Open = 4u16,
        Bell = 5u16,
        Silent = 6u16,
        Ringing = 7u16,
        Closed = 8u16,
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
            name: "Gate",
            version: 1u64,
            shape: 18035173781204550554u64,
            document: "",
            docs: "Regions: two that react to one event, one that asks for the other.",
            states: &[
                __p::StateDefinition {
                    name: "Gate",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Working",
                    path: "Working",
                    id: "Working",
                    kind: __p::Kind::Parallel,
                    parent: __p::Option::Some(0u16),
                    line: 10u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Bar",
                    path: "Working.Bar",
                    id: "Working.Bar",
                    kind: __p::Kind::Region,
                    parent: __p::Option::Some(1u16),
                    line: 12u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Down",
                    path: "Working.Bar.Down",
                    id: "Working.Bar.Down",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(2u16),
                    line: 13u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Open",
                    path: "Working.Bar.Open",
                    id: "Working.Bar.Open",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(2u16),
                    line: 14u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Bell",
                    path: "Working.Bell",
                    id: "Working.Bell",
                    kind: __p::Kind::Region,
                    parent: __p::Option::Some(1u16),
                    line: 16u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Silent",
                    path: "Working.Bell.Silent",
                    id: "Working.Bell.Silent",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(5u16),
                    line: 17u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Ringing",
                    path: "Working.Bell.Ringing",
                    id: "Working.Bell.Ringing",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(5u16),
                    line: 18u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Closed",
                    path: "Closed",
                    id: "Closed",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 21u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Car",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Ring",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Close",
                    docs: "",
                },
            ],
            timers: 2u16,
            packed_transitions: "1 11 Close 8\n3 13 Car 4\n4 14 after 3\n6 17 Ring 7\n7 18 Car 6\n7 18 after 6\n",
        };
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16..=4u16 => {
                    State::Working {
                        bar: state_2(core),
                        bell: state_5(core),
                    }
                }
                _ => State::Closed,
            }
        }
        fn state_2(core: &__p::Core<Chart>) -> Bar {
            match core.leaves[1usize] {
                1u16 => Bar::Down,
                _ => Bar::Open,
            }
        }
        fn state_5(core: &__p::Core<Chart>) -> Bell {
            match core.leaves[2usize] {
                3u16 => Bell::Silent,
                _ => Bell::Ringing,
            }
        }
        #[derive(__p::Default)]
        pub struct __Calls;
        impl __Calls {
            fn play<__H>(&mut self, _host: &mut __H) {}
        }
        #[inline]
        fn enter_4<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.surely_after(0u16, __p::Duration::from_millis(10000u64));
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_4<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.timers.cancel(0u16..1u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_7<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.surely_after(1u16, __p::Duration::from_millis(5000u64));
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_7<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.timers.cancel(1u16..2u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_8<__L, __A>(
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
            type Leaves = [u16; 3usize];
            type Histories = [[u16; 3usize]; 0usize];
            type Calls = __Calls;
            const NO_LEAVES: [u16; 3usize] = [__p::NONE; 3usize];
            const NO_HISTORIES: [[u16; 3usize]; 0usize] = [[__p::NONE; 3usize]; 0usize];
            const SHAPES: &'static [__p::Shape] = &[
                __p::Shape {
                    parent: 65535u16,
                    end: 9u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 6u16,
                    kind: __p::Kind::Root,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 8u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 5u16,
                    kind: __p::Kind::Parallel,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 5u16,
                    slot: 1u16,
                    first_leaf: 1u16,
                    end_leaf: 3u16,
                    kind: __p::Kind::Region,
                },
                __p::Shape {
                    parent: 2u16,
                    end: 4u16,
                    slot: 1u16,
                    first_leaf: 1u16,
                    end_leaf: 2u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 2u16,
                    end: 5u16,
                    slot: 1u16,
                    first_leaf: 2u16,
                    end_leaf: 3u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 8u16,
                    slot: 2u16,
                    first_leaf: 3u16,
                    end_leaf: 5u16,
                    kind: __p::Kind::Region,
                },
                __p::Shape {
                    parent: 5u16,
                    end: 7u16,
                    slot: 2u16,
                    first_leaf: 3u16,
                    end_leaf: 4u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 5u16,
                    end: 8u16,
                    slot: 2u16,
                    first_leaf: 4u16,
                    end_leaf: 5u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 9u16,
                    slot: 0u16,
                    first_leaf: 5u16,
                    end_leaf: 6u16,
                    kind: __p::Kind::Final,
                },
            ];
            const LEAVES: &'static [u16] = &[1u16, 3u16, 4u16, 6u16, 7u16, 8u16];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 3u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = false;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = true;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context { cars: 0u32 })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Car { .. } => 0u32,
                    Event::Ring { .. } => 1u32,
                    Event::Close { .. } => 2u32,
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
                core.leaves[1usize] = 1u16;
                core.leaves[2usize] = 3u16;
                __p::Result::Ok(())
            }
            #[inline]
            fn react(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                trigger: u32,
                event: __p::Option<&Event>,
            ) -> __p::Reaction {
                __p::react_regions::<Chart, __L, __A>(core, actions, trigger, event)
            }
            fn invariants(core: &__p::Core<Chart>) -> __p::Done {
                #[cfg(debug_assertions)]
                {
                    if !(!((core.leaves[1usize] == 2u16)
                        && (core.leaves[2usize] == 4u16)))
                    {
                        return __p::Result::Err(
                            __p::StepError::Invariant(
                                &__p::Place {
                                    file: "generated.flow",
                                    line: 8u32,
                                    text: "!(in(Bar::Open) && in(Bell::Ringing))",
                                },
                            ),
                        );
                    }
                }
                __p::Result::Ok(())
            }
        }
        impl __p::Table for Chart {
            #[inline]
            fn code(leaf: u16, trigger: u32) -> u32 {
                static TABLE: [u8; 18usize] = *b"\x06\x06\x06\t\x06\n\x06\x06\n\x06\x0B\n\x0C\x06\n\x06\x06\x06";
                let column = match trigger {
                    trigger if trigger < 3u32 => trigger as usize,
                    _ => {
                        return match (trigger, leaf) {
                            (3u32, 2u16..=2u16) => 13u32,
                            (4u32, 4u16..=4u16) => 14u32,
                            _ => 6u32,
                        };
                    }
                };
                match TABLE.get(leaf as usize * 3usize + column) {
                    __p::Option::Some(code) => *code as u32,
                    __p::Option::None => 6u32,
                }
            }
        }
        impl<__L, __A> __p::Regions<__L, __A> for Chart {
            const PLANS: &'static [__p::PlanShape] = &[
                __p::PlanShape {
                    source: 1u16,
                    exit: &[(1u16, 8u16)],
                    parts: &[8u16],
                },
                __p::PlanShape {
                    source: 3u16,
                    exit: &[(3u16, 4u16)],
                    parts: &[4u16],
                },
                __p::PlanShape {
                    source: 4u16,
                    exit: &[(4u16, 5u16)],
                    parts: &[3u16],
                },
                __p::PlanShape {
                    source: 6u16,
                    exit: &[(6u16, 7u16)],
                    parts: &[7u16],
                },
                __p::PlanShape {
                    source: 7u16,
                    exit: &[(7u16, 8u16)],
                    parts: &[6u16],
                },
                __p::PlanShape {
                    source: 7u16,
                    exit: &[(7u16, 8u16)],
                    parts: &[6u16],
                },
            ];
            const CHOICES: u32 = 6u32;
            fn select(
                core: &__p::Core<Chart>,
                row: u32,
                event: &__p::Option<&Event>,
            ) -> __p::Selection {
                match row {
                    0u32 => {
                        if (core.leaves[2usize] == 3u16) {
                            return __p::Result::Ok(__p::Selected::Take(1u32));
                        }
                    }
                    1u32 => {
                        return __p::Result::Ok(__p::Selected::Take(0u32));
                    }
                    2u32 => {
                        if (!(core.leaves[1usize] == 2u16)) {
                            return __p::Result::Ok(__p::Selected::Take(3u32));
                        }
                    }
                    3u32 => {
                        return __p::Result::Ok(__p::Selected::Take(4u32));
                    }
                    4u32 => {
                        return __p::Result::Ok(__p::Selected::Take(2u32));
                    }
                    5u32 => {
                        return __p::Result::Ok(__p::Selected::Take(5u32));
                    }
                    _ => {}
                }
                __p::unhandled()
            }
            fn choose(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                choice: u32,
                event: &__p::Option<&Event>,
            ) -> __p::Result<u32, __p::StepError> {
                match choice {
                    _ => {}
                }
                __p::unhandled()
            }
            fn exit(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                state: u16,
            ) -> __p::Done {
                match state {
                    4u16 => {
                        exit_4::<__L, __A>(core, actions)?;
                    }
                    7u16 => {
                        exit_7::<__L, __A>(core, actions)?;
                    }
                    _ => {}
                }
                __p::Result::Ok(())
            }
            fn effects(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                plan: u32,
                event: &__p::Option<&Event>,
            ) -> __p::Done {
                match plan {
                    1u32 => {
                        core.context.cars = __p::add(
                            core.context.cars,
                            1u32,
                            &__p::Place {
                                file: "generated.flow",
                                line: 13,
                                text: "cars + 1",
                            },
                        )?;
                    }
                    _ => {}
                }
                __p::Result::Ok(())
            }
            fn entry(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                plan: u32,
                part: u16,
            ) -> __p::Done {
                match (plan, part) {
                    (0u32, 0u16) => {
                        core.leaves[0usize] = 5u16;
                        enter_8::<__L, __A>(core, actions)?;
                    }
                    (1u32, 0u16) => {
                        core.leaves[1usize] = 2u16;
                        enter_4::<__L, __A>(core, actions)?;
                    }
                    (2u32, 0u16) => {
                        core.leaves[1usize] = 1u16;
                    }
                    (3u32, 0u16) => {
                        core.leaves[2usize] = 4u16;
                        enter_7::<__L, __A>(core, actions)?;
                    }
                    (4u32, 0u16) => {
                        core.leaves[2usize] = 3u16;
                    }
                    (5u32, 0u16) => {
                        core.leaves[2usize] = 3u16;
                    }
                    _ => {}
                }
                __p::Result::Ok(())
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
    };
}
