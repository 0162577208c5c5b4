///A saga: what is generated for steps, for what takes them back, and for its ends.
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
pub mod trip {
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
        Cancel,
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
        pub why: ::statewright::__private::String,
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
        Full,
        Busy,
        /// What no declared error says: an error of another kind, a panic.
        Unexpected(::statewright::__private::Failure),
    }
    impl ::statewright::__private::From<&Error> for ::statewright::__private::Failure {
        fn from(error: &Error) -> ::statewright::__private::Failure {
            match error {
                Error::Full => {
                    ::statewright::__private::Failure::new(
                        "Full",
                        ::statewright::__private::String::from("Full"),
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
    ///How `car` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum CarError {
        Full,
        Busy,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for CarError {
        fn from(error: __E) -> CarError {
            CarError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl CarError {
        fn __into(self) -> Error {
            match self {
                CarError::Full => Error::Full,
                CarError::Busy => Error::Busy,
                CarError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `no_car` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum NoCarError {
        Busy,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for NoCarError {
        fn from(error: __E) -> NoCarError {
            NoCarError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl NoCarError {
        fn __into(self) -> Error {
            match self {
                NoCarError::Busy => Error::Busy,
                NoCarError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `room` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum RoomError {
        Full,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for RoomError {
        fn from(error: __E) -> RoomError {
            RoomError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl RoomError {
        fn __into(self) -> Error {
            match self {
                RoomError::Full => Error::Full,
                RoomError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `no_room` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum NoRoomError {
        Busy,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for NoRoomError {
        fn from(error: __E) -> NoRoomError {
            NoRoomError::Unexpected(
                ::statewright::__private::Failure::unexpected(&error),
            )
        }
    }
    impl NoRoomError {
        fn __into(self) -> Error {
            match self {
                NoRoomError::Busy => Error::Busy,
                NoRoomError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `pay` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum PayError {
        Full,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for PayError {
        fn from(error: __E) -> PayError {
            PayError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl PayError {
        fn __into(self) -> Error {
            match self {
                PayError::Full => Error::Full,
                PayError::Unexpected(failure) => Error::Unexpected(failure),
            }
        }
    }
    ///How `tell` can fail.
    #[derive(
        ::statewright::__private::Debug,
        ::statewright::__private::Clone,
        ::statewright::__private::PartialEq
    )]
    pub enum TellError {
        Busy,
        /// Any other error; `?` makes it.
        Unexpected(::statewright::__private::Failure),
    }
    impl<__E: ::statewright::__private::StdError> ::statewright::__private::From<__E>
    for TellError {
        fn from(error: __E) -> TellError {
            TellError::Unexpected(::statewright::__private::Failure::unexpected(&error))
        }
    }
    impl TellError {
        fn __into(self) -> Error {
            match self {
                TellError::Busy => Error::Busy,
                TellError::Unexpected(failure) => Error::Unexpected(failure),
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
        Car { name: ::statewright::__private::String },
        NoCar { booking: ::statewright::__private::Option<u64> },
        Room { name: ::statewright::__private::String, car: u64 },
        NoRoom { booking: ::statewright::__private::Option<u64> },
        Pay { name: ::statewright::__private::String },
        Tell { name: ::statewright::__private::String, car: u64, room: u64 },
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
        Car(::statewright::__private::Result<u64, Error>),
        NoCar(::statewright::__private::Result<(), Error>),
        Room(::statewright::__private::Result<u64, Error>),
        NoRoom(::statewright::__private::Result<(), Error>),
        Pay(::statewright::__private::Result<(), Error>),
        Tell(::statewright::__private::Result<(), Error>),
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
        Booking {
            ride: ::statewright::__private::Option<u64>,
            bed: ::statewright::__private::Option<u64>,
            state: Booking,
        },
        Booked,
        Left,
        Stuck,
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
    pub enum Booking {
        Ride,
        Bed,
        Money,
        Word,
        UndoBed,
        UndoRide,
        Done,
        Compensated,
        CompensationFailed,
    }
    /// What happens outside of the machine. Called at least once under each key of `cx`.
    pub trait Activities {
        fn car(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u64, CarError>,
        > + ::statewright::__private::Send;
        fn no_car(
            &self,
            cx: &::statewright::__private::Cx,
            booking: &::statewright::__private::Option<u64>,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), NoCarError>,
        > + ::statewright::__private::Send;
        fn room(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
            car: u64,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u64, RoomError>,
        > + ::statewright::__private::Send;
        fn no_room(
            &self,
            cx: &::statewright::__private::Cx,
            booking: &::statewright::__private::Option<u64>,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), NoRoomError>,
        > + ::statewright::__private::Send;
        fn pay(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), PayError>,
        > + ::statewright::__private::Send;
        fn tell(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
            car: u64,
            room: u64,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), TellError>,
        > + ::statewright::__private::Send;
    }
    impl<__T: Activities> Activities for ::statewright::__private::Arc<__T> {
        fn car(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u64, CarError>,
        > + ::statewright::__private::Send {
            __T::car(&**self, cx, name)
        }
        fn no_car(
            &self,
            cx: &::statewright::__private::Cx,
            booking: &::statewright::__private::Option<u64>,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), NoCarError>,
        > + ::statewright::__private::Send {
            __T::no_car(&**self, cx, booking)
        }
        fn room(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
            car: u64,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<u64, RoomError>,
        > + ::statewright::__private::Send {
            __T::room(&**self, cx, name, car)
        }
        fn no_room(
            &self,
            cx: &::statewright::__private::Cx,
            booking: &::statewright::__private::Option<u64>,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), NoRoomError>,
        > + ::statewright::__private::Send {
            __T::no_room(&**self, cx, booking)
        }
        fn pay(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), PayError>,
        > + ::statewright::__private::Send {
            __T::pay(&**self, cx, name)
        }
        fn tell(
            &self,
            cx: &::statewright::__private::Cx,
            name: &str,
            car: u64,
            room: u64,
        ) -> impl ::statewright::__private::Future<
            Output = ::statewright::__private::Result<(), TellError>,
        > + ::statewright::__private::Send {
            __T::tell(&**self, cx, name, car, room)
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
        Booking = 1u16,
        Ride = 2u16,
        Bed = 3u16,
        Money = 4u16,
        Word = 5u16,
        UndoBed = 6u16,
        UndoRide = 7u16,
        Done = 8u16,
        Compensated = 9u16,
        CompensationFailed = 10u16,
        Booked = 11u16,
        Left = 12u16,
        Stuck = 13u16,
    }
    impl ::statewright::__private::From<In> for u16 {
        fn from(state: In) -> u16 {
            state as u16
        }
    }
    /// The machine, for registering it at an engine.
    pub type Trip = Chart;
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
                rename = "Booking.ride",
                default = "__p::none",
                skip_serializing_if = "__p::is_none",
                deserialize_with = "__p::written"
            )]
            pub data_1_0: __p::Option<::statewright::__private::Option<u64>>,
            #[serde(
                rename = "Booking.bed",
                default = "__p::none",
                skip_serializing_if = "__p::is_none",
                deserialize_with = "__p::written"
            )]
            pub data_1_1: __p::Option<::statewright::__private::Option<u64>>,
            #[serde(
                rename = "Booking.{cause}",
                default = "__p::none",
                skip_serializing_if = "__p::is_none",
                deserialize_with = "__p::written"
            )]
            pub data_1_2: __p::Option<
                ::statewright::__private::Option<::statewright::__private::Failure>,
            >,
            #[serde(
                rename = "Booking.{failures}",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_1_3: __p::Option<
                ::statewright::__private::Vec<::statewright::__private::Failure>,
            >,
            #[serde(
                rename = "Booking.{incomplete}",
                default = "__p::none",
                skip_serializing_if = "__p::is_none"
            )]
            pub data_1_4: __p::Option<bool>,
        }
        static DEFINITION: __p::Definition = __p::Definition {
            name: "Trip",
            version: 1u64,
            shape: 17232996321045781893u64,
            document: "{\"machine\":\"Trip\",\"version\":1,\"key\":\"name\",\"states\":[{\"id\":\"\",\"kind\":\"root\",\"name\":\"Trip\",\"path\":\"\",\"initial\":[\"Booking.Ride\"]},{\"id\":\"Booking\",\"kind\":\"composite\",\"parent\":\"\",\"part\":\"saga\",\"name\":\"Booking\",\"path\":\"Booking\",\"initial\":[\"Booking.Ride\"],\"data\":[{\"name\":\"ride\",\"type\":\"Option<u64>\",\"default\":true},{\"name\":\"bed\",\"type\":\"Option<u64>\",\"default\":true},{\"name\":\"{cause}\",\"type\":\"Option<error>\",\"default\":true},{\"name\":\"{failures}\",\"type\":\"Vec<error>\",\"default\":true},{\"name\":\"{incomplete}\",\"type\":\"bool\",\"default\":true}]},{\"id\":\"Booking.Ride\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"step\",\"name\":\"Ride\",\"path\":\"Booking.Ride\",\"step\":\"ride\",\"invoke_number\":0,\"invoke\":\"car\"},{\"id\":\"Booking.Bed\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"step\",\"name\":\"Bed\",\"path\":\"Booking.Bed\",\"step\":\"bed\",\"invoke_number\":1,\"invoke\":\"room\"},{\"id\":\"Booking.Money\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"pivot\",\"name\":\"Money\",\"path\":\"Booking.Money\",\"step\":\"money\",\"invoke_number\":2,\"invoke\":\"pay\"},{\"id\":\"Booking.Word\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"later\",\"name\":\"Word\",\"path\":\"Booking.Word\",\"step\":\"word\",\"invoke_number\":3,\"invoke\":\"tell\"},{\"id\":\"Booking.UndoBed\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"undo\",\"name\":\"UndoBed\",\"path\":\"Booking.UndoBed\",\"step\":\"bed\",\"invoke_number\":4,\"invoke\":\"no_room\"},{\"id\":\"Booking.UndoRide\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"undo\",\"name\":\"UndoRide\",\"path\":\"Booking.UndoRide\",\"step\":\"ride\",\"invoke_number\":5,\"invoke\":\"no_car\"},{\"id\":\"Booking.Done\",\"kind\":\"final\",\"parent\":\"Booking\",\"part\":\"done\",\"name\":\"Done\",\"path\":\"Booking.Done\"},{\"id\":\"Booking.Compensated\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"compensated\",\"name\":\"Compensated\",\"path\":\"Booking.Compensated\"},{\"id\":\"Booking.CompensationFailed\",\"kind\":\"atomic\",\"parent\":\"Booking\",\"part\":\"failed\",\"name\":\"CompensationFailed\",\"path\":\"Booking.CompensationFailed\"},{\"id\":\"Booked\",\"kind\":\"final\",\"parent\":\"\",\"name\":\"Booked\",\"path\":\"Booked\"},{\"id\":\"Left\",\"kind\":\"final\",\"parent\":\"\",\"name\":\"Left\",\"path\":\"Left\"},{\"id\":\"Stuck\",\"kind\":\"final\",\"parent\":\"\",\"name\":\"Stuck\",\"path\":\"Stuck\"}],\"context\":[{\"name\":\"name\",\"type\":\"String\"},{\"name\":\"why\",\"type\":\"String\",\"default\":true}],\"events\":[{\"name\":\"Cancel\"}],\"activities\":[{\"name\":\"car\",\"fields\":[{\"name\":\"name\",\"type\":\"String\"}]},{\"name\":\"no_car\",\"fields\":[{\"name\":\"booking\",\"type\":\"Option<u64>\"}]},{\"name\":\"no_room\",\"fields\":[{\"name\":\"booking\",\"type\":\"Option<u64>\"}]},{\"name\":\"pay\",\"fields\":[{\"name\":\"name\",\"type\":\"String\"}]},{\"name\":\"room\",\"fields\":[{\"name\":\"name\",\"type\":\"String\"},{\"name\":\"car\",\"type\":\"u64\"}]},{\"name\":\"tell\",\"fields\":[{\"name\":\"name\",\"type\":\"String\"},{\"name\":\"car\",\"type\":\"u64\"},{\"name\":\"room\",\"type\":\"u64\"}]}]}",
            docs: "A saga: what is generated for steps, for what takes them back, and for its ends.",
            states: &[
                __p::StateDefinition {
                    name: "Trip",
                    path: "",
                    id: "",
                    kind: __p::Kind::Root,
                    parent: __p::Option::None,
                    line: 3u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Booking",
                    path: "Booking",
                    id: "Booking",
                    kind: __p::Kind::Composite,
                    parent: __p::Option::Some(0u16),
                    line: 17u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Ride",
                    path: "Booking.Ride",
                    id: "Booking.Ride",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 18u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Bed",
                    path: "Booking.Bed",
                    id: "Booking.Bed",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 20u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Money",
                    path: "Booking.Money",
                    id: "Booking.Money",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 22u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Word",
                    path: "Booking.Word",
                    id: "Booking.Word",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 23u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "UndoBed",
                    path: "Booking.UndoBed",
                    id: "Booking.UndoBed",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 21u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "UndoRide",
                    path: "Booking.UndoRide",
                    id: "Booking.UndoRide",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 19u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Done",
                    path: "Booking.Done",
                    id: "Booking.Done",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(1u16),
                    line: 17u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Compensated",
                    path: "Booking.Compensated",
                    id: "Booking.Compensated",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 27u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "CompensationFailed",
                    path: "Booking.CompensationFailed",
                    id: "Booking.CompensationFailed",
                    kind: __p::Kind::Atomic,
                    parent: __p::Option::Some(1u16),
                    line: 28u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Booked",
                    path: "Booked",
                    id: "Booked",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 30u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Left",
                    path: "Left",
                    id: "Left",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 32u32,
                    docs: "",
                },
                __p::StateDefinition {
                    name: "Stuck",
                    path: "Stuck",
                    id: "Stuck",
                    kind: __p::Kind::Final,
                    parent: __p::Option::Some(0u16),
                    line: 34u32,
                    docs: "",
                },
            ],
            events: &[
                __p::EventDefinition {
                    name: "Cancel",
                    docs: "",
                },
            ],
            timers: 0u16,
            packed_transitions: "2 18 done 3\n2 18 error 9\n2 18 error 7\n2 24 Cancel 7\n3 20 done 4\n3 20 error 7\n3 20 error 6\n3 24 Cancel 6\n4 22 done 5\n4 22 error 6\n4 22 error 10\n5 23 done 8\n6 21 done 7\n6 21 error 7\n7 19 done 10\n7 19 done 9\n7 19 error 10\n9 27 always 12\n10 28 always 13\n1 25 done 11\n1 26 error 13\n",
        };
        static POLICY_0: __p::policy::Policy = __p::policy::Policy {
            name: "Trip/patient",
            timeout: __p::Option::Some(__p::Duration::from_millis(30000u64)),
            deadline: __p::Option::None,
            retry: __p::Option::Some(__p::policy::Retry {
                max: 20u32,
                backoff: __p::policy::Backoff::Exponential {
                    from: __p::Duration::from_millis(1000u64),
                    to: __p::Duration::from_millis(300000u64),
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
                    Reply::Car(result) => result.as_ref().err(),
                    Reply::NoCar(result) => result.as_ref().err(),
                    Reply::Room(result) => result.as_ref().err(),
                    Reply::NoRoom(result) => result.as_ref().err(),
                    Reply::Pay(result) => result.as_ref().err(),
                    Reply::Tell(result) => result.as_ref().err(),
                }
            }
        }
        fn state_0(core: &__p::Core<Chart>) -> State {
            match core.leaves[0usize] {
                0u16..=8u16 => {
                    State::Booking {
                        ride: __p::Clone::clone(__p::there(&core.data.data_1_0)),
                        bed: __p::Clone::clone(__p::there(&core.data.data_1_1)),
                        state: state_1(core),
                    }
                }
                9u16 => State::Booked,
                10u16 => State::Left,
                _ => State::Stuck,
            }
        }
        fn state_1(core: &__p::Core<Chart>) -> Booking {
            match core.leaves[0usize] {
                0u16 => Booking::Ride,
                1u16 => Booking::Bed,
                2u16 => Booking::Money,
                3u16 => Booking::Word,
                4u16 => Booking::UndoBed,
                5u16 => Booking::UndoRide,
                6u16 => Booking::Done,
                7u16 => Booking::Compensated,
                _ => Booking::CompensationFailed,
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
        fn enter_2<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                0u16,
                Request::Car {
                    name: __p::Clone::clone(&core.context.name),
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_2<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(0u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_3<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                1u16,
                Request::Room {
                    name: __p::Clone::clone(&core.context.name),
                    car: *__p::sure(
                        &(*__p::there(&core.data.data_1_0)),
                        &__p::Place {
                            file: "generated.flow",
                            line: 20,
                            text: "ride",
                        },
                    )?,
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_3<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(1u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_4<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                2u16,
                Request::Pay {
                    name: __p::Clone::clone(&core.context.name),
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_4<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(2u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_5<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                3u16,
                Request::Tell {
                    name: __p::Clone::clone(&core.context.name),
                    car: *__p::sure(
                        &(*__p::there(&core.data.data_1_0)),
                        &__p::Place {
                            file: "generated.flow",
                            line: 23,
                            text: "ride",
                        },
                    )?,
                    room: *__p::sure(
                        &(*__p::there(&core.data.data_1_1)),
                        &__p::Place {
                            file: "generated.flow",
                            line: 23,
                            text: "bed",
                        },
                    )?,
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_5<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(3u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_6<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                4u16,
                Request::NoRoom {
                    booking: if true && (*__p::there(&core.data.data_1_1)).is_some() {
                        __p::Option::Some(
                            *__p::sure(
                                &(*__p::there(&core.data.data_1_1)),
                                &__p::Place {
                                    file: "generated.flow",
                                    line: 21,
                                    text: "bed",
                                },
                            )?,
                        )
                    } else {
                        __p::Option::None
                    },
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_6<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(4u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_7<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.invoke(
                5u16,
                Request::NoCar {
                    booking: if true && (*__p::there(&core.data.data_1_0)).is_some() {
                        __p::Option::Some(
                            *__p::sure(
                                &(*__p::there(&core.data.data_1_0)),
                                &__p::Place {
                                    file: "generated.flow",
                                    line: 19,
                                    text: "ride",
                                },
                            )?,
                        )
                    } else {
                        __p::Option::None
                    },
                },
            );
            __p::Result::Ok(())
        }
        #[inline]
        fn exit_7<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.revoke(5u16);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_8<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.done(1u16, 1u32);
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_11<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.finished = true;
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_12<__L, __A>(
            core: &mut __p::Core<Chart>,
            actions: &mut __A,
        ) -> __p::Done {
            core.finished = true;
            __p::Result::Ok(())
        }
        #[inline]
        fn enter_13<__L, __A>(
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
                    end: 14u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 12u16,
                    kind: __p::Kind::Root,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 11u16,
                    slot: 0u16,
                    first_leaf: 0u16,
                    end_leaf: 9u16,
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
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 5u16,
                    slot: 0u16,
                    first_leaf: 2u16,
                    end_leaf: 3u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 6u16,
                    slot: 0u16,
                    first_leaf: 3u16,
                    end_leaf: 4u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 7u16,
                    slot: 0u16,
                    first_leaf: 4u16,
                    end_leaf: 5u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 8u16,
                    slot: 0u16,
                    first_leaf: 5u16,
                    end_leaf: 6u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 9u16,
                    slot: 0u16,
                    first_leaf: 6u16,
                    end_leaf: 7u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 10u16,
                    slot: 0u16,
                    first_leaf: 7u16,
                    end_leaf: 8u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 1u16,
                    end: 11u16,
                    slot: 0u16,
                    first_leaf: 8u16,
                    end_leaf: 9u16,
                    kind: __p::Kind::Atomic,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 12u16,
                    slot: 0u16,
                    first_leaf: 9u16,
                    end_leaf: 10u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 13u16,
                    slot: 0u16,
                    first_leaf: 10u16,
                    end_leaf: 11u16,
                    kind: __p::Kind::Final,
                },
                __p::Shape {
                    parent: 0u16,
                    end: 14u16,
                    slot: 0u16,
                    first_leaf: 11u16,
                    end_leaf: 12u16,
                    kind: __p::Kind::Final,
                },
            ];
            const LEAVES: &'static [u16] = &[
                2u16, 3u16, 4u16, 5u16, 6u16, 7u16, 8u16, 9u16, 10u16, 11u16, 12u16,
                13u16,
            ];
            const REMEMBERED: &'static [u16] = &[];
            const FIRST_TIMER: u32 = 0u32;
            const ALWAYS: __p::Option<u32> = __p::Option::Some(21u32);
            const HAS_QUEUE: bool = true;
            const HAS_DEFER: bool = false;
            const ENDS_TIMERS: bool = false;
            const UNDOES: &'static [__p::Undoes] = &[
                __p::Undoes {
                    invoke: 4u16,
                    of: 1u16,
                    step: "bed",
                    state: "Booking.Bed",
                },
                __p::Undoes {
                    invoke: 5u16,
                    of: 0u16,
                    step: "ride",
                    state: "Booking.Ride",
                },
            ];
            const STEPS: &'static [u16] = &[0u16, 1u16, 2u16];
            const PARTS: &'static [__p::Part] = &[
                __p::Part {
                    invoke: 0u16,
                    saga: "Booking",
                    is_first: true,
                    role: __p::Role::Step(5u32),
                },
                __p::Part {
                    invoke: 1u16,
                    saga: "Booking",
                    is_first: false,
                    role: __p::Role::Step(8u32),
                },
                __p::Part {
                    invoke: 2u16,
                    saga: "Booking",
                    is_first: false,
                    role: __p::Role::Pivot(11u32),
                },
                __p::Part {
                    invoke: 3u16,
                    saga: "Booking",
                    is_first: false,
                    role: __p::Role::Later,
                },
                __p::Part {
                    invoke: 4u16,
                    saga: "Booking",
                    is_first: false,
                    role: __p::Role::Undo,
                },
                __p::Part {
                    invoke: 5u16,
                    saga: "Booking",
                    is_first: false,
                    role: __p::Role::Undo,
                },
            ];
            fn definition() -> &'static __p::Definition {
                &DEFINITION
            }
            fn begin(start: Start) -> __p::Result<Context, __p::StepError> {
                __p::Result::Ok(Context {
                    name: start.name,
                    why: __p::String::from(""),
                })
            }
            #[inline]
            fn trigger(event: &Event) -> u32 {
                match event {
                    Event::Cancel { .. } => 0u32,
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
                    (0u16, 0u16, Reply::Car(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(2u32))
                    }
                    (0u16, 0u16, Reply::Car(__p::Result::Err(Error::Full { .. }))) => {
                        __p::Option::Some(__p::Answer::End(3u32))
                    }
                    (0u16, 0u16, Reply::Car(__p::Result::Err(Error::Busy { .. }))) => {
                        __p::Option::Some(__p::Answer::End(4u32))
                    }
                    (0u16, 0u16, Reply::Car(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(5u32))
                    }
                    (1u16, 0u16, Reply::Room(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(6u32))
                    }
                    (1u16, 0u16, Reply::Room(__p::Result::Err(Error::Full { .. }))) => {
                        __p::Option::Some(__p::Answer::End(7u32))
                    }
                    (1u16, 0u16, Reply::Room(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(8u32))
                    }
                    (2u16, 0u16, Reply::Pay(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(9u32))
                    }
                    (2u16, 0u16, Reply::Pay(__p::Result::Err(Error::Full { .. }))) => {
                        __p::Option::Some(__p::Answer::End(10u32))
                    }
                    (2u16, 0u16, Reply::Pay(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(11u32))
                    }
                    (3u16, 0u16, Reply::Tell(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(12u32))
                    }
                    (3u16, 0u16, Reply::Tell(__p::Result::Err(Error::Busy { .. }))) => {
                        __p::Option::Some(__p::Answer::End(13u32))
                    }
                    (3u16, 0u16, Reply::Tell(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(14u32))
                    }
                    (4u16, 0u16, Reply::NoRoom(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(15u32))
                    }
                    (4u16, 0u16, Reply::NoRoom(__p::Result::Err(Error::Busy { .. }))) => {
                        __p::Option::Some(__p::Answer::End(16u32))
                    }
                    (4u16, 0u16, Reply::NoRoom(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(17u32))
                    }
                    (5u16, 0u16, Reply::NoCar(__p::Result::Ok(_))) => {
                        __p::Option::Some(__p::Answer::End(18u32))
                    }
                    (5u16, 0u16, Reply::NoCar(__p::Result::Err(Error::Busy { .. }))) => {
                        __p::Option::Some(__p::Answer::End(19u32))
                    }
                    (5u16, 0u16, Reply::NoCar(__p::Result::Err(_))) => {
                        __p::Option::Some(__p::Answer::End(20u32))
                    }
                    _ => __p::Option::None,
                }
            }
            fn is_error(reply: &Reply) -> bool {
                match reply {
                    Reply::Car(result) => result.is_err(),
                    Reply::NoCar(result) => result.is_err(),
                    Reply::Room(result) => result.is_err(),
                    Reply::NoRoom(result) => result.is_err(),
                    Reply::Pay(result) => result.is_err(),
                    Reply::Tell(result) => result.is_err(),
                }
            }
            fn failure(reply: &Reply) -> __p::Option<__p::Failure> {
                match reply {
                    Reply::Car(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::NoCar(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Room(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::NoRoom(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Pay(__p::Result::Err(error)) => {
                        __p::Option::Some(__p::From::from(error))
                    }
                    Reply::Tell(__p::Result::Err(error)) => {
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
                    (1u16, 0u16) => __p::Option::Some(&POLICY_0),
                    (2u16, 0u16) => __p::Option::Some(&POLICY_0),
                    (3u16, 0u16) => __p::Option::Some(&POLICY_0),
                    (4u16, 0u16) => __p::Option::Some(&POLICY_0),
                    (5u16, 0u16) => __p::Option::Some(&POLICY_0),
                    _ => __p::Option::None,
                }
            }
            fn fault(reply: &Reply) -> __p::Option<__p::policy::Fault> {
                let error = match reply {
                    Reply::Car(__p::Result::Err(error)) => error,
                    Reply::NoCar(__p::Result::Err(error)) => error,
                    Reply::Room(__p::Result::Err(error)) => error,
                    Reply::NoRoom(__p::Result::Err(error)) => error,
                    Reply::Pay(__p::Result::Err(error)) => error,
                    Reply::Tell(__p::Result::Err(error)) => error,
                    _ => return __p::Option::None,
                };
                __p::Option::Some(
                    match error {
                        Error::Full { .. } => {
                            __p::policy::Fault {
                                kind: __p::policy::FaultKind::Permanent,
                                retry_after: __p::Option::None,
                            }
                        }
                        Error::Busy { .. } => {
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
            fn is_failure(state: u16) -> bool {
                match state {
                    12u16 | 13u16 => true,
                    _ => false,
                }
            }
        }
        impl<__L, __A> __p::Run<__L, __A> for Chart {
            fn start(core: &mut __p::Core<Chart>, actions: &mut __A) -> __p::Done {
                {
                    let data_1_0 = __p::Option::None;
                    let data_1_1 = __p::Option::None;
                    let data_1_2 = __p::Option::None;
                    let data_1_3 = __p::Vec::from([]);
                    let data_1_4 = false;
                    core.data.data_1_0 = __p::Option::Some(data_1_0);
                    core.data.data_1_1 = __p::Option::Some(data_1_1);
                    core.data.data_1_2 = __p::Option::Some(data_1_2);
                    core.data.data_1_3 = __p::Option::Some(data_1_3);
                    core.data.data_1_4 = __p::Option::Some(data_1_4);
                }
                core.leaves[0usize] = 0u16;
                enter_2::<__L, __A>(core, actions)?;
                __p::Result::Ok(())
            }
            #[inline]
            fn react(
                core: &mut __p::Core<Chart>,
                actions: &mut __A,
                trigger: u32,
                event: __Given<'_>,
            ) -> __p::Reaction {
                match core.leaves[0] & 15u16 {
                    0u16 => {
                        match trigger {
                            0u32 => {
                                exit_2::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(
                                        __p::failure(
                                            __p::String::from("Aborted"),
                                            __p::String::from("aborted by `Cancel`"),
                                        ),
                                    ),
                                );
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                exit_2::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            2u32 => {
                                let __p::Option::Some(
                                    Reply::Car(__p::Result::Ok(result_)),
                                ) = event.into_reply() else {
                                    return __p::unhandled();
                                };
                                exit_2::<__L, __A>(core, actions)?;
                                core.data.data_1_0 = __p::Option::Some(
                                    __p::Option::Some(result_),
                                );
                                core.leaves[0usize] = 1u16;
                                enter_3::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            3u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                if ((*((*e_).name) == *"Full")
                                    || (*((*e_).name) == *"Busy"))
                                {
                                    exit_2::<__L, __A>(core, actions)?;
                                    core.data.data_1_2 = __p::Option::Some(
                                        __p::Option::Some(__p::Clone::clone(&*e_)),
                                    );
                                    core.leaves[0usize] = 7u16;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_2::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(__p::Clone::clone(&*e_)),
                                );
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            4u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                if ((*((*e_).name) == *"Full")
                                    || (*((*e_).name) == *"Busy"))
                                {
                                    exit_2::<__L, __A>(core, actions)?;
                                    core.data.data_1_2 = __p::Option::Some(
                                        __p::Option::Some(__p::Clone::clone(&*e_)),
                                    );
                                    core.leaves[0usize] = 7u16;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_2::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(__p::Clone::clone(&*e_)),
                                );
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            5u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                if ((*((*e_).name) == *"Full")
                                    || (*((*e_).name) == *"Busy"))
                                {
                                    exit_2::<__L, __A>(core, actions)?;
                                    core.data.data_1_2 = __p::Option::Some(
                                        __p::Option::Some(__p::Clone::clone(&*e_)),
                                    );
                                    core.leaves[0usize] = 7u16;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_2::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(__p::Clone::clone(&*e_)),
                                );
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    1u16 => {
                        match trigger {
                            0u32 => {
                                exit_3::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(
                                        __p::failure(
                                            __p::String::from("Aborted"),
                                            __p::String::from("aborted by `Cancel`"),
                                        ),
                                    ),
                                );
                                core.leaves[0usize] = 4u16;
                                enter_6::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                exit_3::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            6u32 => {
                                let __p::Option::Some(
                                    Reply::Room(__p::Result::Ok(result_)),
                                ) = event.into_reply() else {
                                    return __p::unhandled();
                                };
                                exit_3::<__L, __A>(core, actions)?;
                                core.data.data_1_1 = __p::Option::Some(
                                    __p::Option::Some(result_),
                                );
                                core.leaves[0usize] = 2u16;
                                enter_4::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            7u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                if (*((*e_).name) == *"Full") {
                                    exit_3::<__L, __A>(core, actions)?;
                                    core.data.data_1_2 = __p::Option::Some(
                                        __p::Option::Some(__p::Clone::clone(&*e_)),
                                    );
                                    core.leaves[0usize] = 5u16;
                                    enter_7::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_3::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(__p::Clone::clone(&*e_)),
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
                                if (*((*e_).name) == *"Full") {
                                    exit_3::<__L, __A>(core, actions)?;
                                    core.data.data_1_2 = __p::Option::Some(
                                        __p::Option::Some(__p::Clone::clone(&*e_)),
                                    );
                                    core.leaves[0usize] = 5u16;
                                    enter_7::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_3::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(__p::Clone::clone(&*e_)),
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
                            0u32 => return __p::Result::Ok(__p::Dispatch::Ignored),
                            1u32 => {
                                exit_4::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            9u32 => {
                                exit_4::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 3u16;
                                enter_5::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            10u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                if (*((*e_).name) == *"Full") {
                                    exit_4::<__L, __A>(core, actions)?;
                                    core.data.data_1_2 = __p::Option::Some(
                                        __p::Option::Some(__p::Clone::clone(&*e_)),
                                    );
                                    core.leaves[0usize] = 4u16;
                                    enter_6::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_4::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(
                                        __p::failure(
                                            __p::Clone::clone(&(*e_).name),
                                            __p::text(
                                                &[
                                                    &__p::String::from(
                                                        "it is not known whether `money` was done, so nothing was taken back and nothing finished: ",
                                                    ),
                                                    &((*e_).message),
                                                ],
                                            ),
                                        ),
                                    ),
                                );
                                core.leaves[0usize] = 8u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            11u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                if (*((*e_).name) == *"Full") {
                                    exit_4::<__L, __A>(core, actions)?;
                                    core.data.data_1_2 = __p::Option::Some(
                                        __p::Option::Some(__p::Clone::clone(&*e_)),
                                    );
                                    core.leaves[0usize] = 4u16;
                                    enter_6::<__L, __A>(core, actions)?;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_4::<__L, __A>(core, actions)?;
                                core.data.data_1_2 = __p::Option::Some(
                                    __p::Option::Some(
                                        __p::failure(
                                            __p::Clone::clone(&(*e_).name),
                                            __p::text(
                                                &[
                                                    &__p::String::from(
                                                        "it is not known whether `money` was done, so nothing was taken back and nothing finished: ",
                                                    ),
                                                    &((*e_).message),
                                                ],
                                            ),
                                        ),
                                    ),
                                );
                                core.leaves[0usize] = 8u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    3u16 => {
                        match trigger {
                            0u32 => return __p::Result::Ok(__p::Dispatch::Ignored),
                            1u32 => {
                                exit_5::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            12u32 => {
                                exit_5::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 6u16;
                                enter_8::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            13u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_5::<__L, __A>(core, actions)?;
                                core.context.why = __p::Clone::clone(&(*e_).message);
                                core.leaves[0usize] = 11u16;
                                enter_13::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            14u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                exit_5::<__L, __A>(core, actions)?;
                                core.context.why = __p::Clone::clone(&(*e_).message);
                                core.leaves[0usize] = 11u16;
                                enter_13::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    4u16 => {
                        match trigger {
                            0u32 => return __p::Result::Ok(__p::Dispatch::Ignored),
                            1u32 => {
                                exit_6::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            15u32 => {
                                exit_6::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            16u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                let value_0_0 = __p::append(
                                    __p::Clone::clone(&*__p::there(&core.data.data_1_3)),
                                    __p::failure(
                                        __p::String::from("bed"),
                                        __p::Clone::clone(&(*e_).message),
                                    ),
                                );
                                let value_1_0 = true;
                                let value_2_0 = __p::Option::Some(
                                    __p::failure(
                                        __p::Clone::clone(
                                            &(*__p::sure(
                                                &(*__p::there(&core.data.data_1_2)),
                                                &__p::Place {
                                                    file: "generated.flow",
                                                    line: 21,
                                                    text: "no_room(bed) with patient",
                                                },
                                            )?)
                                                .name,
                                        ),
                                        __p::text(
                                            &[
                                                &((*__p::sure(
                                                    &(*__p::there(&core.data.data_1_2)),
                                                    &__p::Place {
                                                        file: "generated.flow",
                                                        line: 21,
                                                        text: "no_room(bed) with patient",
                                                    },
                                                )?)
                                                    .message),
                                                &__p::String::from("; `bed` was not taken back: "),
                                                &((*e_).message),
                                            ],
                                        ),
                                    ),
                                );
                                exit_6::<__L, __A>(core, actions)?;
                                core.data.data_1_3 = __p::Option::Some(value_0_0);
                                core.data.data_1_4 = __p::Option::Some(value_1_0);
                                core.data.data_1_2 = __p::Option::Some(value_2_0);
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            17u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                let value_0_0 = __p::append(
                                    __p::Clone::clone(&*__p::there(&core.data.data_1_3)),
                                    __p::failure(
                                        __p::String::from("bed"),
                                        __p::Clone::clone(&(*e_).message),
                                    ),
                                );
                                let value_1_0 = true;
                                let value_2_0 = __p::Option::Some(
                                    __p::failure(
                                        __p::Clone::clone(
                                            &(*__p::sure(
                                                &(*__p::there(&core.data.data_1_2)),
                                                &__p::Place {
                                                    file: "generated.flow",
                                                    line: 21,
                                                    text: "no_room(bed) with patient",
                                                },
                                            )?)
                                                .name,
                                        ),
                                        __p::text(
                                            &[
                                                &((*__p::sure(
                                                    &(*__p::there(&core.data.data_1_2)),
                                                    &__p::Place {
                                                        file: "generated.flow",
                                                        line: 21,
                                                        text: "no_room(bed) with patient",
                                                    },
                                                )?)
                                                    .message),
                                                &__p::String::from("; `bed` was not taken back: "),
                                                &((*e_).message),
                                            ],
                                        ),
                                    ),
                                );
                                exit_6::<__L, __A>(core, actions)?;
                                core.data.data_1_3 = __p::Option::Some(value_0_0);
                                core.data.data_1_4 = __p::Option::Some(value_1_0);
                                core.data.data_1_2 = __p::Option::Some(value_2_0);
                                core.leaves[0usize] = 5u16;
                                enter_7::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    5u16 => {
                        match trigger {
                            0u32 => return __p::Result::Ok(__p::Dispatch::Ignored),
                            1u32 => {
                                exit_7::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            18u32 => {
                                if (*__p::there(&core.data.data_1_4)) {
                                    exit_7::<__L, __A>(core, actions)?;
                                    core.leaves[0usize] = 8u16;
                                    return __p::Result::Ok(__p::Dispatch::Handled);
                                }
                                exit_7::<__L, __A>(core, actions)?;
                                core.leaves[0usize] = 7u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            19u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                let value_0_0 = __p::append(
                                    __p::Clone::clone(&*__p::there(&core.data.data_1_3)),
                                    __p::failure(
                                        __p::String::from("ride"),
                                        __p::Clone::clone(&(*e_).message),
                                    ),
                                );
                                let value_1_0 = true;
                                let value_2_0 = __p::Option::Some(
                                    __p::failure(
                                        __p::Clone::clone(
                                            &(*__p::sure(
                                                &(*__p::there(&core.data.data_1_2)),
                                                &__p::Place {
                                                    file: "generated.flow",
                                                    line: 19,
                                                    text: "no_car(ride) with patient",
                                                },
                                            )?)
                                                .name,
                                        ),
                                        __p::text(
                                            &[
                                                &((*__p::sure(
                                                    &(*__p::there(&core.data.data_1_2)),
                                                    &__p::Place {
                                                        file: "generated.flow",
                                                        line: 19,
                                                        text: "no_car(ride) with patient",
                                                    },
                                                )?)
                                                    .message),
                                                &__p::String::from("; `ride` was not taken back: "),
                                                &((*e_).message),
                                            ],
                                        ),
                                    ),
                                );
                                exit_7::<__L, __A>(core, actions)?;
                                core.data.data_1_3 = __p::Option::Some(value_0_0);
                                core.data.data_1_4 = __p::Option::Some(value_1_0);
                                core.data.data_1_2 = __p::Option::Some(value_2_0);
                                core.leaves[0usize] = 8u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            20u32 => {
                                let __p::Option::Some(error) = event.error() else {
                                    return __p::unhandled();
                                };
                                let e_ = &__p::Failure::from(error);
                                let value_0_0 = __p::append(
                                    __p::Clone::clone(&*__p::there(&core.data.data_1_3)),
                                    __p::failure(
                                        __p::String::from("ride"),
                                        __p::Clone::clone(&(*e_).message),
                                    ),
                                );
                                let value_1_0 = true;
                                let value_2_0 = __p::Option::Some(
                                    __p::failure(
                                        __p::Clone::clone(
                                            &(*__p::sure(
                                                &(*__p::there(&core.data.data_1_2)),
                                                &__p::Place {
                                                    file: "generated.flow",
                                                    line: 19,
                                                    text: "no_car(ride) with patient",
                                                },
                                            )?)
                                                .name,
                                        ),
                                        __p::text(
                                            &[
                                                &((*__p::sure(
                                                    &(*__p::there(&core.data.data_1_2)),
                                                    &__p::Place {
                                                        file: "generated.flow",
                                                        line: 19,
                                                        text: "no_car(ride) with patient",
                                                    },
                                                )?)
                                                    .message),
                                                &__p::String::from("; `ride` was not taken back: "),
                                                &((*e_).message),
                                            ],
                                        ),
                                    ),
                                );
                                exit_7::<__L, __A>(core, actions)?;
                                core.data.data_1_3 = __p::Option::Some(value_0_0);
                                core.data.data_1_4 = __p::Option::Some(value_1_0);
                                core.data.data_1_2 = __p::Option::Some(value_2_0);
                                core.leaves[0usize] = 8u16;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    6u16 => {
                        match trigger {
                            1u32 => {
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    7u16 => {
                        match trigger {
                            21u32 => {
                                let value_0_0 = __p::Clone::clone(
                                    &(*__p::sure(
                                        &(*__p::there(&core.data.data_1_2)),
                                        &__p::Place {
                                            file: "generated.flow",
                                            line: 27,
                                            text: "cause",
                                        },
                                    )?)
                                        .message,
                                );
                                core.context.why = value_0_0;
                                core.leaves[0usize] = 10u16;
                                enter_12::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    8u16 => {
                        match trigger {
                            21u32 => {
                                let value_0_0 = __p::Clone::clone(
                                    &(*__p::sure(
                                        &(*__p::there(&core.data.data_1_2)),
                                        &__p::Place {
                                            file: "generated.flow",
                                            line: 28,
                                            text: "cause",
                                        },
                                    )?)
                                        .message,
                                );
                                core.context.why = value_0_0;
                                core.leaves[0usize] = 11u16;
                                enter_13::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            1u32 => {
                                core.leaves[0usize] = 9u16;
                                enter_11::<__L, __A>(core, actions)?;
                                return __p::Result::Ok(__p::Dispatch::Handled);
                            }
                            _ => {}
                        }
                    }
                    9u16 => {
                        match trigger {
                            _ => {}
                        }
                    }
                    10u16 => {
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
                    Request::Car { name: a0 } => {
                        Reply::Car(
                            <__H as Activities>::car(host, cx, a0)
                                .await
                                .map_err(CarError::__into),
                        )
                    }
                    Request::NoCar { booking: a0 } => {
                        Reply::NoCar(
                            <__H as Activities>::no_car(host, cx, a0)
                                .await
                                .map_err(NoCarError::__into),
                        )
                    }
                    Request::Room { name: a0, car: a1 } => {
                        Reply::Room(
                            <__H as Activities>::room(host, cx, a0, *a1)
                                .await
                                .map_err(RoomError::__into),
                        )
                    }
                    Request::NoRoom { booking: a0 } => {
                        Reply::NoRoom(
                            <__H as Activities>::no_room(host, cx, a0)
                                .await
                                .map_err(NoRoomError::__into),
                        )
                    }
                    Request::Pay { name: a0 } => {
                        Reply::Pay(
                            <__H as Activities>::pay(host, cx, a0)
                                .await
                                .map_err(PayError::__into),
                        )
                    }
                    Request::Tell { name: a0, car: a1, room: a2 } => {
                        Reply::Tell(
                            <__H as Activities>::tell(host, cx, a0, *a1, *a2)
                                .await
                                .map_err(TellError::__into),
                        )
                    }
                }
            }
            fn unexpected(request: &Request, failure: __p::Failure) -> Reply {
                match request {
                    Request::Car { .. } => {
                        Reply::Car(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::NoCar { .. } => {
                        Reply::NoCar(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Room { .. } => {
                        Reply::Room(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::NoRoom { .. } => {
                        Reply::NoRoom(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Pay { .. } => {
                        Reply::Pay(__p::Result::Err(Error::Unexpected(failure)))
                    }
                    Request::Tell { .. } => {
                        Reply::Tell(__p::Result::Err(Error::Unexpected(failure)))
                    }
                }
            }
        }
        fn supply<__L, __A>(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
            match lack {
                __p::Lack::Data(1u16) => {
                    if core.data.data_1_0.is_none() {
                        core.data.data_1_0 = __p::Option::Some(__p::Option::None);
                    }
                    if core.data.data_1_1.is_none() {
                        core.data.data_1_1 = __p::Option::Some(__p::Option::None);
                    }
                    if core.data.data_1_2.is_none() {
                        core.data.data_1_2 = __p::Option::Some(__p::Option::None);
                    }
                    if core.data.data_1_3.is_none() {
                        core.data.data_1_3 = __p::Option::Some(__p::Vec::from([]));
                    }
                    if core.data.data_1_4.is_none() {
                        core.data.data_1_4 = __p::Option::Some(false);
                    }
                }
                __p::Lack::Invoke(0u16) => {
                    core.invoke(
                        0u16,
                        Request::Car {
                            name: __p::Clone::clone(&core.context.name),
                        },
                    );
                }
                __p::Lack::Invoke(1u16) => {
                    core.invoke(
                        1u16,
                        Request::Room {
                            name: __p::Clone::clone(&core.context.name),
                            car: *__p::sure(
                                &(*__p::there(&core.data.data_1_0)),
                                &__p::Place {
                                    file: "generated.flow",
                                    line: 20,
                                    text: "ride",
                                },
                            )?,
                        },
                    );
                }
                __p::Lack::Invoke(2u16) => {
                    core.invoke(
                        2u16,
                        Request::Pay {
                            name: __p::Clone::clone(&core.context.name),
                        },
                    );
                }
                __p::Lack::Invoke(3u16) => {
                    core.invoke(
                        3u16,
                        Request::Tell {
                            name: __p::Clone::clone(&core.context.name),
                            car: *__p::sure(
                                &(*__p::there(&core.data.data_1_0)),
                                &__p::Place {
                                    file: "generated.flow",
                                    line: 23,
                                    text: "ride",
                                },
                            )?,
                            room: *__p::sure(
                                &(*__p::there(&core.data.data_1_1)),
                                &__p::Place {
                                    file: "generated.flow",
                                    line: 23,
                                    text: "bed",
                                },
                            )?,
                        },
                    );
                }
                __p::Lack::Invoke(4u16) => {
                    core.invoke(
                        4u16,
                        Request::NoRoom {
                            booking: if true
                                && (*__p::there(&core.data.data_1_1)).is_some()
                            {
                                __p::Option::Some(
                                    *__p::sure(
                                        &(*__p::there(&core.data.data_1_1)),
                                        &__p::Place {
                                            file: "generated.flow",
                                            line: 21,
                                            text: "bed",
                                        },
                                    )?,
                                )
                            } else {
                                __p::Option::None
                            },
                        },
                    );
                }
                __p::Lack::Invoke(5u16) => {
                    core.invoke(
                        5u16,
                        Request::NoCar {
                            booking: if true
                                && (*__p::there(&core.data.data_1_0)).is_some()
                            {
                                __p::Option::Some(
                                    *__p::sure(
                                        &(*__p::there(&core.data.data_1_0)),
                                        &__p::Place {
                                            file: "generated.flow",
                                            line: 19,
                                            text: "ride",
                                        },
                                    )?,
                                )
                            } else {
                                __p::Option::None
                            },
                        },
                    );
                }
                __p::Lack::Completion(8u16) => {
                    core.done(1u16, 1u32);
                }
                __p::Lack::Completion(11u16) => {
                    core.finished = true;
                }
                __p::Lack::Completion(12u16) => {
                    core.finished = true;
                }
                __p::Lack::Completion(13u16) => {
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
                __p::Option::Some(__p::ToString::to_string(&context.name))
            }
            fn defaults<__V: __p::Values>(values: &mut __V) -> __p::Done {
                {
                    let value: ::statewright::__private::String = __p::String::from("");
                    values.value("why", &value);
                }
                __p::Result::Ok(())
            }
            fn supply(core: &mut __p::Core<Chart>, lack: __p::Lack) -> __p::Done {
                supply::<__H, __Calls>(core, lack)
            }
        }
    };
}
