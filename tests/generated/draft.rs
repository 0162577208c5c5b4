///Writes until it is good enough, no longer gets better, or has taken too long.
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
pub mod draft {
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Event {
        Written { words: u32, score: f64 },
        Restart,
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
        Round { round: u32 },
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
        pub score: f64,
        pub words: u32,
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
        Writing { least: f64, round: u32, state: Writing },
        Good,
        Poor,
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
    pub enum Writing {
        Waiting,
        Done,
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
        Writing = 1u16,
        Waiting = 2u16,
        Done = 3u16,
        Good = 4u16,
        Poor = 5u16,
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
                rename = "Writing.least",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_1_0: __p::Option<f64>,
            #[serde(
                rename = "Writing.round",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_1_1: __p::Option<u32>,
            #[serde(
                rename = "Writing.change(score)",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_1_2: __p::Option<f64>,
            #[serde(
                rename = "Writing.change(words)",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_1_3: __p::Option<u32>,
            #[serde(
                rename = "Writing.(change(score) < 0.05 && change(words) < 10)",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_1_4: __p::Option<u32>,
        }
        static DEFINITION: __p::Definition = __p::Definition {
            name: "Draft",
            version: 1u64,
            shape: 16291995657235923096u64,
            document: "",
            docs: "Writes until it is good enough, no longer gets better, or has taken too long.",
            states: &[
                __p::StateDefinition {
                    name: "Draft",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Writing",
                    path: "Writing",
                    id: "Writing",
                    kind: __p::Kind::Composite,
                    parent: __p::Option::Some(0u16),
                    line: 12u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Waiting",
                    path: "Writing.Waiting",
                    id: "Writing.Waiting",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 16u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Done",
                    path: "Writing.Done",
                    id: "Writing.Done",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(1u16),
                    line: 19u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Good",
                    path: "Good",
                    id: "Good",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 27u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Poor",
                    path: "Poor",
                    id: "Poor",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 28u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Written",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Restart",
                    docs: "",
                },
            ],
            timers: 1u16,
            packed_transitions: "2 17 Written 3\n1 20 Restart 2\n1 21 done 4\n1 23 done 4\n1 24 done 5\n1 12 done 2\n1 23 after 4\n1 24 after 5\n",
        };
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16..=1u16 => {
                    State::Writing {
                        least: __p::Clone::clone(__p::there(&core.data.data_1_0)),
                        round: __p::Clone::clone(__p::there(&core.data.data_1_1)),
                        state: state_1(core),
                    }
                }
                2u16 => State::Good,
                _ => State::Poor,
            }
        }
        fn state_1(core: &__p::Core<Chart>) -> Writing {
            match core.leaves[0usize] {
                0u16 => Writing::Waiting,
                _ => Writing::Done,
            }
        }
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
            core.outputs
                .push(Output::Round {
                    round: *__p::there(&core.data.data_1_1),
                });
            core.surely_after(0u16, __p::Duration::from_millis(1800000u64));
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_1<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.timers.cancel(0u16..1u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_3<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.done(1u16, 3u32);
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
                    end_leaf: 4u16,
                    kind: __p::Kind::Root,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 4u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 2u16,
                    kind: __p::Kind::Composite,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 3u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 1u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 4u16,
                    slot: 0u16,
                    first_leaf: 1u16,
                    end_leaf: 2u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 5u16,
                    slot: 0u16,
                    first_leaf: 2u16,
                    end_leaf: 3u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 6u16,
                    slot: 0u16,
                    first_leaf: 3u16,
                    end_leaf: 4u16,
                    kind: __p::Kind::Final,
                },
            ];
            const LEAVES: &'static [u16] = &[2u16, 3u16, 4u16, 5u16];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 2u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = true;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = true;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {
                    score: 0.0f64,
                    words: 0u32,
                })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Written { .. } => 0u32,
                    Event::Restart { .. } => 1u32,
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
                true && (!is_wanted(1u16) || core.data.data_1_0.is_some())
                    && (!is_wanted(1u16) || core.data.data_1_1.is_some())
                    && (!is_wanted(1u16) || core.data.data_1_2.is_some())
                    && (!is_wanted(1u16) || core.data.data_1_3.is_some())
                    && (!is_wanted(1u16) || core.data.data_1_4.is_some())
            }
        }
        impl<__L, __A> __p::Run<__L, __A> for Chart {
            fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                {
                    let data_1_0 = 0.9f64;
                    let data_1_1 = 1u32;
                    let data_1_2 = 0.0f64;
                    let data_1_3 = 0u32;
                    let data_1_4 = 0u32;
                    core.data.data_1_0 = __p::Option::Some(data_1_0);
                    core.data.data_1_1 = __p::Option::Some(data_1_1);
                    core.data.data_1_2 = __p::Option::Some(data_1_2);
                    core.data.data_1_3 = __p::Option::Some(data_1_3);
                    core.data.data_1_4 = __p::Option::Some(data_1_4);
                }
                enter_1::<__L, __A>(core, actions)?;
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
                match core.leaves[0] {
                    0u16 => {
                        match trigger {
                            0u32 => {
                                let __p::Option::Some(
                                    Event::Written { words: n_, score: s_, .. },
                                ) = event else {
                                    return __p::unhandled();
                                };
                                core.context.words = *n_;
                                core.context.score = *s_;
                                core.leaves[0usize] = 1u16;
                                enter_3::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                exit_1::<__L, __A>(core, actions)?;
                                let data_1_0 = 0.5f64;
                                let data_1_1 = 1u32;
                                let data_1_2 = 0.0f64;
                                let data_1_3 = 0u32;
                                let data_1_4 = 0u32;
                                core.data.data_1_0 = __p::Option::Some(data_1_0);
                                core.data.data_1_1 = __p::Option::Some(data_1_1);
                                core.data.data_1_2 = __p::Option::Some(data_1_2);
                                core.data.data_1_3 = __p::Option::Some(data_1_3);
                                core.data.data_1_4 = __p::Option::Some(data_1_4);
                                enter_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 0u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                if ((core.context.score) > 0.5f64) {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 2u16;
                                    enter_4::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 3u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            3u32 => {
                                core.data.data_1_4 = __p::Option::Some(
                                    __p::streak(
                                        (((*__p::there(&core.data.data_1_1)) > 1u32)
                                            && (((core.context.score - *__p::there(&core.data.data_1_2))
                                                .abs() < 0.05f64)
                                                && (__p::change(
                                                    core.context.words,
                                                    *__p::there(&core.data.data_1_3),
                                                    &__p::Place {
                                                        file: "generated.flow",
                                                        line: 14,
                                                        text: "change(words)",
                                                    },
                                                )? < 10u32))),
                                        (*__p::there(&core.data.data_1_4)),
                                    ),
                                );
                                if (((core.context.score)
                                    >= (*__p::there(&core.data.data_1_0)))
                                    || ((*__p::there(&core.data.data_1_4)) >= 2u32))
                                {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.outputs
                                        .push(Output::Round {
                                            round: *__p::there(&core.data.data_1_1),
                                        });
                                    core.leaves[0usize] = 2u16;
                                    enter_4::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                if (((*__p::there(&core.data.data_1_1)) >= 5u32)
                                    && ((core.context.score) > 0.5f64))
                                {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 2u16;
                                    enter_4::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                if ((*__p::there(&core.data.data_1_1)) >= 5u32) {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 3u16;
                                    enter_5::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                let value_0_0 = core.context.score;
                                let value_1_0 = core.context.words;
                                let value_2_0 = __p::add(
                                    *__p::there(&core.data.data_1_1),
                                    1u32,
                                    &__p::Place {
                                        file: "generated.flow",
                                        line: 12,
                                        text: "loop",
                                    },
                                )?;
                                core.data.data_1_2 = __p::Option::Some(value_0_0);
                                core.data.data_1_3 = __p::Option::Some(value_1_0);
                                core.data.data_1_1 = __p::Option::Some(value_2_0);
                                core.leaves[0usize] = 0u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    1u16 => {
                        match trigger {
                            1u32 => {
                                exit_1::<__L, __A>(core, actions)?;
                                let data_1_0 = 0.5f64;
                                let data_1_1 = 1u32;
                                let data_1_2 = 0.0f64;
                                let data_1_3 = 0u32;
                                let data_1_4 = 0u32;
                                core.data.data_1_0 = __p::Option::Some(data_1_0);
                                core.data.data_1_1 = __p::Option::Some(data_1_1);
                                core.data.data_1_2 = __p::Option::Some(data_1_2);
                                core.data.data_1_3 = __p::Option::Some(data_1_3);
                                core.data.data_1_4 = __p::Option::Some(data_1_4);
                                enter_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 0u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                if ((core.context.score) > 0.5f64) {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 2u16;
                                    enter_4::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 3u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            3u32 => {
                                core.data.data_1_4 = __p::Option::Some(
                                    __p::streak(
                                        (((*__p::there(&core.data.data_1_1)) > 1u32)
                                            && (((core.context.score - *__p::there(&core.data.data_1_2))
                                                .abs() < 0.05f64)
                                                && (__p::change(
                                                    core.context.words,
                                                    *__p::there(&core.data.data_1_3),
                                                    &__p::Place {
                                                        file: "generated.flow",
                                                        line: 14,
                                                        text: "change(words)",
                                                    },
                                                )? < 10u32))),
                                        (*__p::there(&core.data.data_1_4)),
                                    ),
                                );
                                if (((core.context.score)
                                    >= (*__p::there(&core.data.data_1_0)))
                                    || ((*__p::there(&core.data.data_1_4)) >= 2u32))
                                {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.outputs
                                        .push(Output::Round {
                                            round: *__p::there(&core.data.data_1_1),
                                        });
                                    core.leaves[0usize] = 2u16;
                                    enter_4::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                if (((*__p::there(&core.data.data_1_1)) >= 5u32)
                                    && ((core.context.score) > 0.5f64))
                                {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 2u16;
                                    enter_4::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                if ((*__p::there(&core.data.data_1_1)) >= 5u32) {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 3u16;
                                    enter_5::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                let value_0_0 = core.context.score;
                                let value_1_0 = core.context.words;
                                let value_2_0 = __p::add(
                                    *__p::there(&core.data.data_1_1),
                                    1u32,
                                    &__p::Place {
                                        file: "generated.flow",
                                        line: 12,
                                        text: "loop",
                                    },
                                )?;
                                core.data.data_1_2 = __p::Option::Some(value_0_0);
                                core.data.data_1_3 = __p::Option::Some(value_1_0);
                                core.data.data_1_1 = __p::Option::Some(value_2_0);
                                core.leaves[0usize] = 0u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    2u16 => {
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
