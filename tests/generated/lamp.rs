///Flat: a guard, a choice, an action, an output, a timer.
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
pub mod lamp {
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Event {
        Press,
        Dim { level: u8 },
    }
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Output {
        Lit { level: u8 },
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
        pub presses: u8,
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
        Off,
        On { level: u8 },
    }
    /// What the machine asks: pure functions.
    pub trait Logic {
        fn is_dark() -> bool;
    }
    /// What the machine does.
    pub trait Actions {
        fn switch(&mut self, on: bool);
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
        Off = 1u16,
        On = 2u16,
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
        pub struct __Data {
            #[serde(
                rename = "On.level",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_2_0: __p::Option<u8>,
        }
        static DEFINITION: __p::Definition = __p::Definition {
            name: "Lamp",
            version: 1u64,
            shape: 11055268290977174468u64,
            document: "",
            docs: "Flat: a guard, a choice, an action, an output, a timer.",
            states: &[
                __p::StateDefinition {
                    name: "Lamp",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Off",
                    path: "Off",
                    id: "Off",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 11u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "On",
                    path: "On",
                    id: "On",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 15u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Press",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Dim",
                    docs: "",
                },
            ],
            timers: 1u16,
            packed_transitions: "1 12 Press 2\n2 17 Dim 1\n2 18 Dim 2\n2 20 Press 1\n2 21 after 1\n",
        };
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Off,
                _ => {
                    State::On {
                        level: __p::Clone::clone(__p::there(&core.data.data_2_0)),
                    }
                }
            }
        }
        #[inline]
        fn enter_2<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.surely_after(0u16, __p::Duration::from_millis(3600000u64));
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_2<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.timers.cancel(0u16..1u16);
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
                    kind: __p::Kind::Atomic,
                },
            ];
            const LEAVES: &'static [u16] = &[1u16, 2u16];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 2u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = false;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = false;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context { presses: 0u8 })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Press { .. } => 0u32,
                    Event::Dim { .. } => 1u32,
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
                true && (!is_wanted(2u16) || core.data.data_2_0.is_some())
            }
        }
        impl<__L: Logic, __A: Actions> __p::Run<__L, __A> for Chart {
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
                    0u16 => {
                        match trigger {
                            0u32 => {
                                if __L::is_dark() {
                                    let value_0_0 = __p::add(
                                        core.context.presses,
                                        1u8,
                                        &__p::Place {
                                            file: "generated.flow",
                                            line: 12,
                                            text: "presses + 1",
                                        },
                                    )?;
                                    core.context.presses = value_0_0;
                                    __A::switch(actions, true);
                                    let data_2_0 = 10u8;
                                    core.data.data_2_0 = __p::Option::Some(data_2_0);
                                    core.leaves[0usize] = 1u16;
                                    enter_2::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                            }
                            1u32 => return __p::Result::Ok(__p::Dispatch::Ignored),
                            _ => {}
                        }
                    }
                    _ => {
                        match trigger {
                            0u32 => {
                                exit_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 0u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                let __p::Option::Some(Event::Dim { level: to_, .. }) = event
                                else {
                                    return __p::unhandled();
                                };
                                if ((*to_) == 0u8) {
                                    exit_2::<__L, __A>(core, actions)?;
                                    __A::switch(actions, false);
                                    core.leaves[0usize] = 0u16;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_2::<__L, __A>(core, actions)?;
                                core.outputs.push(Output::Lit { level: *to_ });
                                let data_2_0 = *to_;
                                core.data.data_2_0 = __p::Option::Some(data_2_0);
                                core.leaves[0usize] = 1u16;
                                enter_2::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                exit_2::<__L, __A>(core, actions)?;
                                __A::switch(actions, false);
                                core.leaves[0usize] = 0u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                }
                __p::Result::Ok(__p::Dispatch::Unhandled)
            }
        }
        impl<__H: Logic + Actions> __p::Step<__H> for Chart {
            #[inline(always)]
            fn step(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                host: &mut __H,
                cause: __p::Cause<'_, Event, __p::Never>,
            ) -> __p::Reaction {
                __p::direct::<Chart, __H>(core, host, cause)
            }
        }
    };
}
