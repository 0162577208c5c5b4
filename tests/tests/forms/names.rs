//! Names that mean something to Rust, and programs without the prelude.

mod without_prelude {
    #![no_implicit_prelude]
    // The names are strange on purpose, and some parts are only there to be compiled.
    #![allow(deprecated, dead_code)]

    ::statewright::flow! {
        enum Kind { Some, None, Ok, Err }
        struct Box { r#type: String, list: Map<String, Kind> }

        machine Result {
            context { r#fn: u32 = 0  default: Option<Box> = none  list: Kind = Kind::Ok }
            event Option(r#match: u32)
            event Clone
            event Vec
            output String(value: u32)
            guard Default(r#mod: u32)
            action Copy(r#ref: String)
            initial state Ok {
                entry do Copy("x")
                on Option(r#match) if Default(r#match) do set r#fn = r#match, emit String(r#match) -> Err
                after 1s -> Err
            }
            state Err { on Clone -> Ok  on Vec -> Ok }
        }
    }

    #[::statewright::machine]
    mod r#loop {
        enum State {
            #[state(initial)]
            #[on(Result(x) -> Some(x))]
            None,
            Some {
                r#type: u32,
            },
        }
        #[events]
        enum Event {
            Result { x: u32 },
        }
    }

    #[::statewright::machine(events Events)]
    enum Debug {
        #[state(initial)]
        #[on(Drop -> Ok)]
        Err,
        #[on(Box(x) if x == 3 -> Err)]
        Ok,
    }

    enum Events {
        Drop,
        Box(u32),
    }

    pub(super) struct Host;

    impl result::Logic for Host {
        fn Default(r#mod: u32) -> bool {
            r#mod > 1
        }
    }

    impl result::Actions for Host {
        fn Copy(&mut self, _: &::core::primitive::str) {}
    }

    #[::core::prelude::v1::test]
    fn names_of_the_prelude_are_names_of_the_chart() {
        let start = <result::Start as ::core::default::Default>::default();
        let mut machine = result::Machine::new(Host, start).unwrap();
        machine.dispatch(result::Event::Option { r#match: 5 }).unwrap();
        ::std::assert!(machine.state() == result::State::Err);
        ::std::assert!(machine.context().r#fn == 5);
    }
}

mod single_letters {
    statewright::flow! {
        enum A { X, Y(n: u32) }
        enum L { X }
        struct H { a: A }

        machine C {
            context { a: A = A::X  l: L = L::X }
            event K(h: H)
            guard g(a: A)
            fn f(h: H) -> A
            action k(l: L)
            initial state S {
                on K(h) if g(A::Y(3)) && l == L::X do set a = f(h), k(L::X) -> T
            }
            final state T
        }
    }

    struct Host;

    impl c::Logic for Host {
        fn g(a: &c::A) -> bool {
            *a == c::A::Y { n: 3 }
        }
        fn f(h: &c::H) -> c::A {
            h.a.clone()
        }
    }

    impl c::Actions for Host {
        fn k(&mut self, _: c::L) {}
    }

    #[test]
    fn types_may_be_called_as_generic_parameters_are() {
        let mut machine = c::Machine::new(Host, c::Start {}).unwrap();
        machine.dispatch(c::Event::K { h: c::H { a: c::A::Y { n: 4 } } }).unwrap();
        assert_eq!(machine.context().a, c::A::Y { n: 4 });
    }
}
