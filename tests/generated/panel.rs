///Many calls at once: two by name, and one for each value of a list, with a weighted vote.
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
pub mod panel {
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
        Publish,
        Revise,
    }
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub struct Reviewer {
        pub name: ::statewright::__private::String,
        pub weight: u32,
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
        pub text: ::statewright::__private::String,
        pub reviewers: ::statewright::__private::Vec<Reviewer>,
        pub verdicts: ::statewright::__private::Vec<Verdict>,
        pub outcome: ::statewright::__private::Option<Verdict>,
        pub note: ::statewright::__private::String,
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
        pub text: ::statewright::__private::String,
        pub reviewers: ::statewright::__private::Vec<Reviewer>,
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
        Refused { why: ::statewright::__private::String },
        Busy,
        /// What no declared error says: an error of another kind, a panic.
        Unexpected(::statewright::__private::Failure),
    }
    impl ::statewright::__private::From<&Error> for ::statewright::__private::Failure {
        fn from(error: &Error) -> ::statewright::__private::Failure {
            match error {
                Error::Refused { why } => {
                    ::statewright::__private::Failure::new(
                        "Refused",
                        ::statewright::__private::Clone::clone(why),
                    )
                }
                Error::Busy => {
                    ::statewright::__private::Failure::new(
                        "Busy",
                        ::statewright::__private::String::from("Busy"),
                    )
                }
                Error::Unexpected(failure) => {
                    ::statewright::__private::Clone::clone(failure)
                }
            }
        }
    }
    ///How `count` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum CountError {
        Refused { why: ::statewright::__private::String },
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for CountError {
        fn from(error: __E) -> CountError {
            CountError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl CountError {
        fn __into(self) -> Error {
            match self {
                CountError::Refused { why } => Error::Refused { why },
                CountError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `review` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum ReviewError {
        Refused { why: ::statewright::__private::String },
        Busy,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for ReviewError {
        fn from(error: __E) -> ReviewError {
            ReviewError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl ReviewError {
        fn __into(self) -> Error {
            match self {
                ReviewError::Refused { why } => Error::Refused { why },
                ReviewError::Busy => Error::Busy,
                ReviewError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `review_cheaply` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum ReviewCheaplyError {
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for ReviewCheaplyError {
        fn from(error: __E) -> ReviewCheaplyError {
            ReviewCheaplyError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl ReviewCheaplyError {
        fn __into(self) -> Error {
            match self {
                ReviewCheaplyError::Unexpected(failure) => Error::Unexpected(failure),
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
        Count { text: ::statewright::__private::String },
        Review {
            name: ::statewright::__private::String,
            text: ::statewright::__private::String,
        },
        ReviewCheaply { text: ::statewright::__private::String },
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
        Count(::statewright::__private::Result<u64, Error>),
        Review(::statewright::__private::Result<Verdict, Error>),
        ReviewCheaply(::statewright::__private::Result<Verdict, Error>),
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
        Reading,
        Reviewing,
        Decided,
        Failed,
    }
    /// What happens outside of the machine. Called at least once under each key of `cx`.
    pub trait Activities {
        fn count(
            &self,
            cx: &::statewright::__private::Cx,
            text: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u64, CountError>,
        > + ::statewright::__private::Send;
        fn review(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
            text: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<Verdict, ReviewError>,
        > + ::statewright::__private::Send;
        fn review_cheaply(
            &self,
            cx: &::statewright::__private::Cx,
            text: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<Verdict, ReviewCheaplyError>,
        > + ::statewright::__private::Send;
    }
    impl<__T: Activities> Activities for ::statewright::__private::Arc<__T> {
        fn count(
            &self,
            cx: &::statewright::__private::Cx,
            text: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u64, CountError>,
        > + ::statewright::__private::Send {
            __T::count(&**self, cx, text)
        }
        fn review(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
            text: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<Verdict, ReviewError>,
        > + ::statewright::__private::Send {
            __T::review(&**self, cx, name, text)
        }
        fn review_cheaply(
            &self,
            cx: &::statewright::__private::Cx,
            text: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<Verdict, ReviewCheaplyError>,
        > + ::statewright::__private::Send {
            __T::review_cheaply(&**self, cx, text)
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
        <Chart as ::statewright::__private::Chart>::Item,
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
        Reading = 1u16,
        Reviewing = 2u16,
        Decided = 3u16,
        Failed = 4u16,
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
            name: "Panel",
            version: 1u64,
            shape: 6836057748187100789u64,
            document: "",
            docs: "Many calls at once: two by name, and one for each value of a list, with a weighted vote.",
            states: &[
                __p::StateDefinition {
                    name: "Panel",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 7u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Reading",
                    path: "Reading",
                    id: "Reading",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 23u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Reviewing",
                    path: "Reviewing",
                    id: "Reviewing",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 34u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Decided",
                    path: "Decided",
                    id: "Decided",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 42u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Failed",
                    path: "Failed",
                    id: "Failed",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 43u32,
                    docs: "",
                },
            ],
            events: &[],
            timers: 0u16,
            packed_transitions: "0 21 error 4\n1 29 done 4\n1 30 done 2\n1 32 error 4\n2 39 done 3\n2 40 error 4\n",
        };
        #[derive(
            ::statewright::__private::Debug,
            ::statewright::__private::Clone,
            ::statewright::__private::PartialEq,
            ::statewright::__private::serde::Serialize,
            ::statewright::__private::serde::Deserialize
        )]
        #[serde(crate = "::statewright::__private::serde")]
        pub enum __Item {
            F1(Reviewer),
        }
        pub enum __Joined {
            F0(
                ::statewright::__private::Option<u64>,
                ::statewright::__private::Option<u64>,
            ),
            F1(
                ::statewright::__private::Vec<Verdict>,
                ::statewright::__private::Option<Verdict>,
            ),
        }
        pub enum __Given<'g> {
            Nothing,
            Event(&'g Event),
            Reply(&'g mut __p::Option<Reply>),
            Joined(&'g mut __p::Option<__Joined>),
            Failed(&'g mut __p::Option<Reply>, &'g __p::Failure),
        }
        impl __Given<'_> {
            fn joined(&self) -> __p::Option<&__Joined> {
                match self {
                    __Given::Joined(joined) => joined.as_ref(),
                    _ => __p::Option::None,
                }
            }
            fn failure(&self) -> __p::Option<__p::Failure> {
                match self {
                    __Given::Failed(_, failure) => {
                        __p::Option::Some(__p::Clone::clone(*failure))
                    }
                    _ => self.error().map(__p::From::from),
                }
            }
            fn reply(&self) -> __p::Option<&Reply> {
                match self {
                    __Given::Reply(reply) | __Given::Failed(reply, _) => reply.as_ref(),
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
                    Reply::Count(result) => result.as_ref().err(),
                    Reply::Review(result) => result.as_ref().err(),
                    Reply::ReviewCheaply(result) => result.as_ref().err(),
                }
            }
        }
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Reading,
                1u16 => State::Reviewing,
                2u16 => State::Decided,
                _ => State::Failed,
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
            let __asked = __p::Vec::from([
                __p::Asked {
                    invoke: 0u16,
                    request: Request::Count {
                        text: __p::Clone::clone(&core.context.text),
                    },
                    fallbacks: __p::Vec::new(),
                },
                __p::Asked {
                    invoke: 1u16,
                    request: Request::Count {
                        text: __p::Clone::clone(&core.context.note),
                    },
                    fallbacks: __p::Vec::new(),
                },
            ]);
            core.fan_out(0u16, 2usize, __asked, __p::Vec::new());
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_1<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke_fan(0u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_2<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            let (mut __asked, mut __items) = (__p::Vec::new(), __p::Vec::new());
            let __values = {
                let __list = &(core.context.reviewers);
                if __list.len() <= 5usize {
                    for __item in __list.iter() {
                        __asked
                            .push(__p::Asked {
                                invoke: 2u16,
                                request: Request::Review {
                                    name: __p::Clone::clone(&(*__item).name),
                                    text: __p::Clone::clone(&core.context.text),
                                },
                                fallbacks: __p::Vec::from([
                                    Request::ReviewCheaply {
                                        text: __p::Clone::clone(&core.context.text),
                                    },
                                ]),
                            });
                        __items.push(__Item::F1(__p::Clone::clone(__item)));
                    }
                }
                __list.len()
            };
            core.fan_out(1u16, __values, __asked, __items);
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_2<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke_fan(1u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_3<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.finished = true;
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
                    end: 5u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 4u16,
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
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 5u16,
                    slot: 0u16,
                    first_leaf: 3u16,
                    end_leaf: 4u16,
                    kind: __p::Kind::Final,
                },
            ];
            const LEAVES: &'static [u16] = &[1u16, 2u16, 3u16, 4u16];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 0u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = true;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = false;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {
                    text: start.text,
                    reviewers: start.reviewers,
                    verdicts: __p::Vec::from([]),
                    outcome: __p::Option::None,
                    note: __p::String::from(""),
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
                    (0u16, 0u16, Reply::Count(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::Branch(0u32))
                    }
                    (
                        0u16,
                        0u16,
                        Reply::Count(__p::Result::Err(Error::Refused { .. })),
                    ) => __p::Option::Some(__p::Answer::Branch(1u32)),
                    (0u16, 0u16, Reply::Count(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::Branch(2u32))
                    }
                    (1u16, 0u16, Reply::Count(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::Branch(0u32))
                    }
                    (
                        1u16,
                        0u16,
                        Reply::Count(__p::Result::Err(Error::Refused { .. })),
                    ) => __p::Option::Some(__p::Answer::Branch(1u32)),
                    (1u16, 0u16, Reply::Count(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::Branch(2u32))
                    }
                    (2u16, 0u16, Reply::Review(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::Branch(3u32))
                    }
                    (
                        2u16,
                        0u16,
                        Reply::Review(__p::Result::Err(Error::Refused { .. })),
                    ) => __p::Option::Some(__p::Answer::Branch(4u32)),
                    (2u16, 0u16, Reply::Review(__p::Result::Err(Error::Busy { .. }))) => {
                        __p::Option::Some(__p::Answer::FallBack)
                    }
                    (2u16, 0u16, Reply::Review(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::FallBack)
                    }
                    (2u16, 1u16, Reply::ReviewCheaply(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::Branch(3u32))
                    }
                    (2u16, 1u16, Reply::ReviewCheaply(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::Branch(5u32))
                    }
                    _ => __p::Option::None,
                }
            }
            fn is_error(reply: &Reply) -> bool {
                match reply {
                    Reply::Count(result) => result.is_err(),
                    Reply::Review(result) => result.is_err(),
                    Reply::ReviewCheaply(result) => result.is_err(),
                }
            }
            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    Reply::Count(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Review(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::ReviewCheaply(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    _ => __p::Option::None,
                }
            }
            type Item = __Item;
            type Joined = __Joined;
            const FAN_OUTS: &'static [__p::FanOut] = &[
                __p::FanOut {
                    invokes: 0u16..2u16,
                    at_once: 16u32,
                    max: 2u32,
                    join: __p::Join {
                        kind: __p::JoinKind::Any,
                        tolerate: __p::Option::None,
                    },
                    result: 0u32,
                    unexpected: 2u32,
                },
                __p::FanOut {
                    invokes: 2u16..3u16,
                    at_once: 2u32,
                    max: 5u32,
                    join: __p::Join {
                        kind: __p::JoinKind::Quorum(__p::Share::Percent(60u8)),
                        tolerate: __p::Option::Some(__p::Share::Count(1u32)),
                    },
                    result: 3u32,
                    unexpected: 5u32,
                },
            ];
            fn given_joined<'g>(joined: &'g mut __p::Option<__Joined>) -> __Given<'g> {
                __Given::Joined(joined)
            }
            fn given_failed<'g>(
                reply: &'g mut __p::Option<Reply>,
                failure: &'g __p::Failure,
            ) -> __Given<'g> {
                __Given::Failed(reply, failure)
            }
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
            fn joined(
                core: &__p::Core<Chart>,
                fan: &__p::Fan<Request, Reply, __Item>,
            ) -> __p::Result<__Joined, __p::StepError> {
                match fan.fan_out {
                    0u16 => {
                        __p::Result::Ok(
                            __Joined::F0(
                                match fan.reply(0usize) {
                                    __p::Option::Some(Reply::Count(__p::Result::Ok(answer))) => {
                                        __p::Option::Some(__p::Clone::clone(answer))
                                    }
                                    _ => __p::Option::None,
                                },
                                match fan.reply(1usize) {
                                    __p::Option::Some(Reply::Count(__p::Result::Ok(answer))) => {
                                        __p::Option::Some(__p::Clone::clone(answer))
                                    }
                                    _ => __p::Option::None,
                                },
                            ),
                        )
                    }
                    1u16 => {
                        __p::Result::Ok(
                            __Joined::F1(
                                fan
                                    .ended
                                    .iter()
                                    .filter_map(|reply| match reply {
                                        __p::Option::Some(
                                            Reply::Review(__p::Result::Ok(answer))
                                            | Reply::ReviewCheaply(__p::Result::Ok(answer)),
                                        ) => __p::Option::Some(__p::Clone::clone(answer)),
                                        _ => __p::Option::None,
                                    })
                                    .collect::<__p::Vec<_>>(),
                                {
                                    let mut __votes = __p::Votes::default();
                                    for (__at, __reply) in fan.ended.iter().enumerate() {
                                        let __p::Option::Some(
                                            Reply::Review(__p::Result::Ok(__answer))
                                            | Reply::ReviewCheaply(__p::Result::Ok(__answer)),
                                        ) = __reply else {
                                            continue;
                                        };
                                        let __p::Option::Some(__Item::F1(__item)) = fan
                                            .items
                                            .get(__at) else {
                                            continue;
                                        };
                                        let __choice = *__answer;
                                        if __votes
                                            .add(__choice, ((*__item).weight as u64))
                                            .is_none()
                                        {
                                            return __p::Result::Err(
                                                __p::StepError::Overflow(
                                                    &__p::Place {
                                                        file: "generated.flow",
                                                        line: 38,
                                                        text: "reviewer.weight",
                                                    },
                                                ),
                                            );
                                        }
                                    }
                                    __votes.outcome(__p::VoteRule::Majority)
                                },
                            ),
                        )
                    }
                    _ => __p::Result::Err(__p::StepError::WrongReply),
                }
            }
            fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                core.leaves[0usize] = 0u16;
                enter_1::<__L, __A>(core, actions)?;
                __p::Result::Ok(())
            }
            #[inline]
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
                                let __p::Option::Some(__Joined::F0(words_of_, chars_)) = event
                                    .joined() else {
                                    return __p::unhandled();
                                };
                                if (((*words_of_) == __p::Option::None)
                                    && ((*chars_) == __p::Option::None))
                                {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 3u16;
                                    enter_4::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 1u16;
                                enter_2::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                let __p::Option::Some(Error::Refused { why: why_, .. }) = event
                                    .error() else {
                                    return __p::unhandled();
                                };
                                exit_1::<__L, __A>(core, actions)?;
                                core.context.note = __p::Clone::clone(&*why_);
                                core.leaves[0usize] = 3u16;
                                enter_4::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                let __p::Option::Some(e_) = &event.failure() else {
                                    return __p::unhandled();
                                };
                                exit_1::<__L, __A>(core, actions)?;
                                core.context.note = __p::Clone::clone(&(*e_).message);
                                core.leaves[0usize] = 3u16;
                                enter_4::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    1u16 => {
                        match trigger {
                            3u32 => {
                                let __p::Option::Some(__Joined::F1(answers_, voted_)) = event
                                    .joined() else {
                                    return __p::unhandled();
                                };
                                exit_2::<__L, __A>(core, actions)?;
                                core.context.verdicts = __p::Clone::clone(&*answers_);
                                core.context.outcome = __p::Clone::clone(&*voted_);
                                core.leaves[0usize] = 2u16;
                                enter_3::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            4u32 => {
                                let __p::Option::Some(Error::Refused { why: why_, .. }) = event
                                    .error() else {
                                    return __p::unhandled();
                                };
                                exit_2::<__L, __A>(core, actions)?;
                                core.context.note = __p::Clone::clone(&*why_);
                                core.leaves[0usize] = 3u16;
                                enter_4::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            5u32 => {
                                let __p::Option::Some(e_) = &event.failure() else {
                                    return __p::unhandled();
                                };
                                exit_2::<__L, __A>(core, actions)?;
                                core.context.note = __p::Clone::clone(&(*e_).message);
                                core.leaves[0usize] = 3u16;
                                enter_4::<__L, __A>(core, actions)?;
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
                    Request::Count { text: a0 } => {
                        Reply::Count(
                            <__H as Activities>::count(host, cx, a0)
                                .await
                                .map_err(CountError::__into),
                        )
                    }
                    Request::Review { name: a0, text: a1 } => {
                        Reply::Review(
                            <__H as Activities>::review(host, cx, a0, a1)
                                .await
                                .map_err(ReviewError::__into),
                        )
                    }
                    Request::ReviewCheaply { text: a0 } => {
                        Reply::ReviewCheaply(
                            <__H as Activities>::review_cheaply(host, cx, a0)
                                .await
                                .map_err(ReviewCheaplyError::__into),
                        )
                    }
                }
            }
            fn unexpected(request: &Request, failure: __p::Failure) -> Reply {
                match request {
                    Request::Count { .. } => {
                        Reply::Count(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Review { .. } => {
                        Reply::Review(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::ReviewCheaply { .. } => {
                        Reply::ReviewCheaply(
                            __p::Result::Err(Error::Unexpected(failure)),
                        )
                    }
                }
            }
        }
    };
}
