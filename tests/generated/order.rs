///An order.
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
pub mod order {
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub struct Receipt {
        pub id: ::statewright::__private::String,
        pub amount: u32,
    }
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq,
        ::statewright::__private::serde::Serialize,
        ::statewright::__private::serde::Deserialize
    )]
    #[serde(crate = "::statewright::__private::serde")]
    pub enum Event {
        Submit,
        Cancel { reason: ::statewright::__private::String },
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
        Shipped { tracking: ::statewright::__private::String },
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
        pub order_id: ::statewright::__private::String,
        pub total: u32,
        pub reservation: ::statewright::__private::String,
        pub receipt: ::statewright::__private::Option<Receipt>,
        pub note: ::statewright::__private::Option<::statewright::__private::String>,
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
        pub order_id: ::statewright::__private::String,
        pub total: u32,
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
        OutOfStock { sku: ::statewright::__private::String },
        Declined { reason: ::statewright::__private::String },
        GatewayDown,
        /// What no declared error says: an error of another kind, a panic.
        Unexpected(::statewright::__private::Failure),
    }
    impl ::statewright::__private::From<&Error> for ::statewright::__private::Failure {
        fn from(error: &Error) -> ::statewright::__private::Failure {
            match error {
                Error::OutOfStock { sku } => {
                    ::statewright::__private::Failure::new(
                        "OutOfStock",
                        ::statewright::__private::Clone::clone(sku),
                    )
                }
                Error::Declined { reason } => {
                    ::statewright::__private::Failure::new(
                        "Declined",
                        ::statewright::__private::Clone::clone(reason),
                    )
                }
                Error::GatewayDown => {
                    ::statewright::__private::Failure::new(
                        "GatewayDown",
                        ::statewright::__private::String::from("GatewayDown"),
                    )
                }
                Error::Unexpected(failure) => {
                    ::statewright::__private::Clone::clone(failure)
                }
            }
        }
    }
    ///How `reserve` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum ReserveError {
        OutOfStock { sku: ::statewright::__private::String },
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for ReserveError {
        fn from(error: __E) -> ReserveError {
            ReserveError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl ReserveError {
        fn __into(self) -> Error {
            match self {
                ReserveError::OutOfStock { sku } => Error::OutOfStock { sku },
                ReserveError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `charge` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum ChargeError {
        Declined { reason: ::statewright::__private::String },
        GatewayDown,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for ChargeError {
        fn from(error: __E) -> ChargeError {
            ChargeError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl ChargeError {
        fn __into(self) -> Error {
            match self {
                ChargeError::Declined { reason } => Error::Declined { reason },
                ChargeError::GatewayDown => Error::GatewayDown,
                ChargeError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `release` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum ReleaseError {
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for ReleaseError {
        fn from(error: __E) -> ReleaseError {
            ReleaseError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl ReleaseError {
        fn __into(self) -> Error {
            match self {
                ReleaseError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `ship` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum ShipError {
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for ShipError {
        fn from(error: __E) -> ShipError {
            ShipError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl ShipError {
        fn __into(self) -> Error {
            match self {
                ShipError::Unexpected(failure) => Error::Unexpected(failure),
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
        Reserve { order_id: ::statewright::__private::String },
        Charge { order_id: ::statewright::__private::String, total: u32 },
        Release { reservation: ::statewright::__private::String },
        Ship {
            order_id: ::statewright::__private::String,
            receipt: ::statewright::__private::Option<Receipt>,
        },
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
        Reserve(
            ::statewright::__private::Result<::statewright::__private::String, Error>,
        ),
        Charge(::statewright::__private::Result<Receipt, Error>),
        Release(::statewright::__private::Result<(), Error>),
        Ship(::statewright::__private::Result<::statewright::__private::String, Error>),
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
        Draft,
        Working(Working),
        Releasing,
        Completed { tracking: ::statewright::__private::String },
        Rejected,
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
    pub enum Working {
        Reserving,
        Charging,
        Shipping,
    }
    /// What the machine asks: pure functions.
    pub trait Logic {
        fn is_large(total: u32) -> bool;
    }
    impl<__T: Logic> Logic for ::statewright::__private::Arc<__T> {
        fn is_large(total: u32) -> bool {
            __T::is_large(total)
        }
    }
    /// What the machine does.
    pub trait Actions {
        fn log(&self, text: &str);
    }
    impl<__T: Actions> Actions for ::statewright::__private::Arc<__T> {
        fn log(&self, text: &str) {
            __T::log(&**self, text)
        }
    }
    /// What happens outside of the machine. Called at least once under each key of `cx`.
    pub trait Activities {
        fn reserve(
            &self,
            cx: &::statewright::__private::Cx,
            order_id: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<
                ::statewright::__private::String,
                ReserveError,
            >,
        > + ::statewright::__private::Send;
        fn charge(
            &self,
            cx: &::statewright::__private::Cx,
            order_id: &str,
            total: u32,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<Receipt, ChargeError>,
        > + ::statewright::__private::Send;
        fn release(
            &self,
            cx: &::statewright::__private::Cx,
            reservation: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), ReleaseError>,
        > + ::statewright::__private::Send;
        fn ship(
            &self,
            cx: &::statewright::__private::Cx,
            order_id: &str,
            receipt: &::statewright::__private::Option<Receipt>,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<
                ::statewright::__private::String,
                ShipError,
            >,
        > + ::statewright::__private::Send;
    }
    impl<__T: Activities> Activities for ::statewright::__private::Arc<__T> {
        fn reserve(
            &self,
            cx: &::statewright::__private::Cx,
            order_id: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<
                ::statewright::__private::String,
                ReserveError,
            >,
        > + ::statewright::__private::Send {
            __T::reserve(&**self, cx, order_id)
        }
        fn charge(
            &self,
            cx: &::statewright::__private::Cx,
            order_id: &str,
            total: u32,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<Receipt, ChargeError>,
        > + ::statewright::__private::Send {
            __T::charge(&**self, cx, order_id, total)
        }
        fn release(
            &self,
            cx: &::statewright::__private::Cx,
            reservation: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), ReleaseError>,
        > + ::statewright::__private::Send {
            __T::release(&**self, cx, reservation)
        }
        fn ship(
            &self,
            cx: &::statewright::__private::Cx,
            order_id: &str,
            receipt: &::statewright::__private::Option<Receipt>,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<
                ::statewright::__private::String,
                ShipError,
            >,
        > + ::statewright::__private::Send {
            __T::ship(&**self, cx, order_id, receipt)
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
        Draft = 1u16,
        Working = 2u16,
        Reserving = 3u16,
        Charging = 4u16,
        Shipping = 5u16,
        Releasing = 6u16,
        Completed = 7u16,
        Rejected = 8u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
    /// The machine, for registering it at an engine.
    pub type Order = Chart;
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
                rename = "Completed.tracking",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_7_0: __p::Option<::statewright::__private::String>,
        }
        static DEFINITION: __p::Definition = __p::Definition {
            name: "Order",
            version: 1u64,
            shape: 16678820395057342853u64,
            docs: "An order.",
            states: &[
                __p::StateDefinition {
                    name: "Order",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 5u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Draft",
                    path: "Draft",
                    id: "Draft",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 29u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Working",
                    path: "Working",
                    id: "Working",
                    kind: __p::Kind::Composite,
                    parent: __p::Option::Some(0u16),
                    line: 33u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Reserving",
                    path: "Working.Reserving",
                    id: "Working.Reserving",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(2u16),
                    line: 36u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Charging",
                    path: "Working.Charging",
                    id: "Working.Charging",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(2u16),
                    line: 41u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Shipping",
                    path: "Working.Shipping",
                    id: "Working.Shipping",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(2u16),
                    line: 45u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Releasing",
                    path: "Releasing",
                    id: "Releasing",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(0u16),
                    line: 50u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Completed",
                    path: "Completed",
                    id: "Completed",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 55u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Rejected",
                    path: "Rejected",
                    id: "Rejected",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 56u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Submit",
                    docs: "",
                },
                __p::EventDefinition {
                    name: "Cancel",
                    docs: "",
                },
            ],
            timers: 1u16,
            packed_transitions: "1 30 Submit 8\n1 30 Submit 3\n1 31 after 8\n2 34 Cancel 6\n2 35 error 6\n3 38 done 4\n3 39 error 8\n4 43 done 5\n5 47 done 7\n6 52 done 8\n6 53 error 8\n",
        };
        #[derive(__p::Clone, __p::Copy)]
        pub enum __Given<'g> {
            Nothing,
            Event(&'g Event),
            Reply(&'g Reply),
        }
        impl<'g> __Given<'g> {
            fn error(self) -> __p::Option<&'g Error> {
                match self {
                    __Given::Reply(Reply::Reserve(__p::Result::Err(error))) => {
                        __p::Option::Some(error)
                    }
                    __Given::Reply(Reply::Charge(__p::Result::Err(error))) => {
                        __p::Option::Some(error)
                    }
                    __Given::Reply(Reply::Release(__p::Result::Err(error))) => {
                        __p::Option::Some(error)
                    }
                    __Given::Reply(Reply::Ship(__p::Result::Err(error))) => {
                        __p::Option::Some(error)
                    }
                    _ => __p::Option::None,
                }
            }
        }
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16 => State::Draft,
                1u16..=3u16 => State::Working(state_2(core)),
                4u16 => State::Releasing,
                5u16 => {
                    State::Completed {
                        tracking: __p::Clone::clone(__p::there(&core.data.data_7_0)),
                    }
                }
                _ => State::Rejected,
            }
        }
        fn state_2(core: &__p::Core<Chart>) -> Working {
            match core.leaves[0usize] {
                1u16 => Working::Reserving,
                2u16 => Working::Charging,
                _ => Working::Shipping,
            }
        }
        #[derive(__p::serde::Serialize, __p::serde::Deserialize)]
        #[serde(crate = "::statewright::__private::serde")]
        enum __Call {
            #[serde(rename = "log")]
            Call0(::statewright::__private::String),
        }
        #[derive(__p::serde::Serialize, __p::serde::Deserialize)]
        #[serde(crate = "::statewright::__private::serde")]
        #[derive(__p::Default)]
        pub struct __Calls(__p::RefCell<__p::Vec<__Call>>);
        impl Actions for __Calls {
            fn log(&self, text: &str) {
                self.0.borrow_mut().push(__Call::Call0(__p::String::from(text)));
            }
        }
        impl __Calls {
            fn play<__H: Actions>(&mut self, host: &__H) {
                for call in self.0.get_mut().drain(..) {
                    match call {
                        __Call::Call0(a0) => __H::log(host, &a0),
                    }
                }
            }
        }
        #[inline]
        fn enter_1<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.surely_after(0u16, __p::Duration::from_millis(2592000000u64));
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_1<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.timers.cancel(0u16..1u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_3<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                0u16,
                Request::Reserve {
                    order_id: __p::Clone::clone(&core.context.order_id),
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_3<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(0u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_4<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                1u16,
                Request::Charge {
                    order_id: __p::Clone::clone(&core.context.order_id),
                    total: core.context.total,
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_4<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(1u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_5<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                2u16,
                Request::Ship {
                    order_id: __p::Clone::clone(&core.context.order_id),
                    receipt: __p::Clone::clone(&core.context.receipt),
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_5<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(2u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_6<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                3u16,
                Request::Release {
                    reservation: __p::Clone::clone(&core.context.reservation),
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_6<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(3u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_7<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.finished = true;
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_8<__L: Logic, __A: Actions>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.finished = true;
            __p::Result::Ok(())
        }
        impl __p::Chart for Chart {
            type Event = Event;
            type Output = Output;
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
                    end: 9u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 7u16,
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
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 7u16,
                    slot: 0u16,
                    first_leaf: 4u16,
                    end_leaf: 5u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 8u16,
                    slot: 0u16,
                    first_leaf: 5u16,
                    end_leaf: 6u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 9u16,
                    slot: 0u16,
                    first_leaf: 6u16,
                    end_leaf: 7u16,
                    kind: __p::Kind::Final,
                },
            ];
            const LEAVES: &'static [u16] = &[1u16, 3u16, 4u16, 5u16, 6u16, 7u16, 8u16];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 2u32;
            const ALWAYS: __p::Option<u32> = __p::Option::None;
            const HAS_QUEUE: bool = false;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = true;
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {
                    order_id: start.order_id,
                    total: start.total,
                    reservation: __p::String::from(""),
                    receipt: __p::Option::None,
                    note: __p::Option::None,
                })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Submit { .. } => 0u32,
                    Event::Cancel { .. } => 1u32,
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
            fn given_reply(reply: &Reply) -> __Given<'_> {
                __Given::Reply(reply)
            }
            fn answer(invoke: u16, reply: &Reply) -> __p::Option<u32> {
                match (invoke, reply) {
                    (0u16, Reply::Reserve(__p::Result::Ok(_))) => __p::Option::Some(3u32),
                    (
                        0u16,
                        Reply::Reserve(__p::Result::Err(Error::OutOfStock { .. })),
                    ) => __p::Option::Some(4u32),
                    (0u16, Reply::Reserve(__p::Result::Err(_))) => {
                        __p::Option::Some(5u32)
                    }
                    (1u16, Reply::Charge(__p::Result::Ok(_))) => __p::Option::Some(6u32),
                    (1u16, Reply::Charge(__p::Result::Err(Error::Declined { .. }))) => {
                        __p::Option::Some(7u32)
                    }
                    (
                        1u16,
                        Reply::Charge(__p::Result::Err(Error::GatewayDown { .. })),
                    ) => __p::Option::Some(8u32),
                    (1u16, Reply::Charge(__p::Result::Err(_))) => __p::Option::Some(9u32),
                    (2u16, Reply::Ship(__p::Result::Ok(_))) => __p::Option::Some(10u32),
                    (2u16, Reply::Ship(__p::Result::Err(_))) => __p::Option::Some(11u32),
                    (3u16, Reply::Release(__p::Result::Ok(_))) => {
                        __p::Option::Some(12u32)
                    }
                    (3u16, Reply::Release(__p::Result::Err(_))) => {
                        __p::Option::Some(13u32)
                    }
                    _ => __p::Option::None,
                }
            }
            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    Reply::Reserve(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Charge(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Release(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Ship(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    _ => __p::Option::None,
                }
            }
            fn state(core: &__p::Core<Chart>) -> State {
                state_0(core)
            }
            fn has_data(core: &__p::Core<Chart>) -> bool {
                true && (!core.is_active(7u16) || core.data.data_7_0.is_some())
            }
        }
        impl<__L: Logic, __A: Actions> __p::Run<__L, __A> for Chart {
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
                                if __L::is_large(core.context.total) {
                                    exit_1::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 6u16;
                                    enter_8::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_1::<__L, __A>(core, actions)?;
                                __A::log(actions, "go");
                                core.leaves[0usize] = 1u16;
                                enter_3::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                exit_1::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 6u16;
                                enter_8::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    1u16 => {
                        match trigger {
                            1u32 => {
                                let __Given::Event(Event::Cancel { reason: reason_, .. }) = event
                                else {
                                    return __p::unhandled();
                                };
                                exit_3::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&*reason_),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            3u32 => {
                                let __Given::Reply(Reply::Reserve(__p::Result::Ok(r_))) = event
                                else {
                                    return __p::unhandled();
                                };
                                exit_3::<__L, __A>(core, actions)?;
                                core.context.reservation = __p::Clone::clone(&*r_);
                                core.leaves[0usize] = 2u16;
                                enter_4::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            4u32 => {
                                let __p::Option::Some(
                                    Error::OutOfStock { sku: sku_, .. },
                                ) = event.error() else {
                                    return __p::unhandled();
                                };
                                exit_3::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&*sku_),
                                );
                                core.leaves[0usize] = 6u16;
                                enter_8::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            5u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_3::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&(*e_).message),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    2u16 => {
                        match trigger {
                            1u32 => {
                                let __Given::Event(Event::Cancel { reason: reason_, .. }) = event
                                else {
                                    return __p::unhandled();
                                };
                                exit_4::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&*reason_),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            6u32 => {
                                let __Given::Reply(Reply::Charge(__p::Result::Ok(r_))) = event
                                else {
                                    return __p::unhandled();
                                };
                                exit_4::<__L, __A>(core, actions)?;
                                core.context.receipt = __p::Option::Some(
                                    __p::Clone::clone(&*r_),
                                );
                                core.leaves[0usize] = 3u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            7u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_4::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&(*e_).message),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            8u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_4::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&(*e_).message),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            9u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_4::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&(*e_).message),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    3u16 => {
                        match trigger {
                            1u32 => {
                                let __Given::Event(Event::Cancel { reason: reason_, .. }) = event
                                else {
                                    return __p::unhandled();
                                };
                                exit_5::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&*reason_),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            10u32 => {
                                let __Given::Reply(Reply::Ship(__p::Result::Ok(t_))) = event
                                else {
                                    return __p::unhandled();
                                };
                                exit_5::<__L, __A>(core, actions)?;
                                core.outputs
                                    .push(Output::Shipped {
                                        tracking: __p::Clone::clone(&*t_),
                                    });
                                let data_7_0_ = __p::Clone::clone(&*t_);
                                core.data.data_7_0 = __p::Option::Some(data_7_0_);
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            11u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_5::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&(*e_).message),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    4u16 => {
                        match trigger {
                            12u32 => {
                                exit_6::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 6u16;
                                enter_8::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            13u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_6::<__L, __A>(core, actions)?;
                                core.context.note = __p::Option::Some(
                                    __p::Clone::clone(&(*e_).message),
                                );
                                core.leaves[0usize] = 6u16;
                                enter_8::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    5u16 => {
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
        impl<__H: Logic + Actions> __p::Step<__H> for Chart {
            #[inline(always)]
            fn step(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                host: &mut __H,
                cause: __p::Cause<Event, Reply>,
            ) -> __p::Reaction {
                __p::recorded::<
                    Chart,
                    __H,
                    __Calls,
                >(core, scratch, host, cause, |calls, host| calls.play(host))
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
                    Request::Reserve { order_id: a0 } => {
                        Reply::Reserve(
                            __H::reserve(host, cx, a0)
                                .await
                                .map_err(ReserveError::__into),
                        )
                    }
                    Request::Charge { order_id: a0, total: a1 } => {
                        Reply::Charge(
                            __H::charge(host, cx, a0, *a1)
                                .await
                                .map_err(ChargeError::__into),
                        )
                    }
                    Request::Release { reservation: a0 } => {
                        Reply::Release(
                            __H::release(host, cx, a0)
                                .await
                                .map_err(ReleaseError::__into),
                        )
                    }
                    Request::Ship { order_id: a0, receipt: a1 } => {
                        Reply::Ship(
                            __H::ship(host, cx, a0, a1).await.map_err(ShipError::__into),
                        )
                    }
                }
            }
            fn unexpected(request: &Request, failure: __p::Failure) -> Reply {
                match request {
                    Request::Reserve { .. } => {
                        Reply::Reserve(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Charge { .. } => {
                        Reply::Charge(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Release { .. } => {
                        Reply::Release(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Ship { .. } => {
                        Reply::Ship(__p::Result::Err(Error::Unexpected(failure)))
                    }
                }
            }
        }
        impl<
            __H: Activities + Logic + Actions + __p::Send + __p::Sync + 'static,
        > __p::Durable<__H> for Chart {
            fn decide(
                core: &mut __p::Core<Chart>,
                scratch: &mut __p::Scratch<Chart>,
                cause: __p::Cause<Event, Reply>,
            ) -> __p::Reaction {
                __p::decided::<Chart, __H, __Calls>(core, scratch, cause)
            }
            fn has_calls(calls: &__Calls) -> bool {
                !calls.0.borrow().is_empty()
            }
            fn act(mut calls: __Calls, host: &__H) {
                calls.play(host)
            }
            fn key(context: &Context) -> __p::Option<__p::String> {
                __p::Option::Some(__p::ToString::to_string(&context.order_id))
            }
        }
    };
}
