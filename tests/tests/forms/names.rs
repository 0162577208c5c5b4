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

/// What the generated code calls its own.
mod names_of_the_glue {
    #![allow(deprecated)]

    use statewright::Cx;
    use std::sync::{Arc, Mutex};

    statewright::flow! {
        durable machine Odd {
            key key
            context { key: String  core: u32 = 1  context: u32 = 2  data: u32 = 3  late old: u32 }
            error Failure_(error: String, failure: u32, name: u32)
            error Lost(error: String)
            event Go(event: u32, value_0_0: u32, data_1_0: u32, trigger: u32)
            event Again(core: u32, self_: u32, r#type: u32, now: u32)
            output Output_(output: u32, outputs: u32)
            guard is(actions: u32, this: String)
            fn host(core: u32, __p: u32) -> u32
            @allow(W0506, "twice is no harm")
            action play(calls: u32, host: String, actions: u32, call: u32)
            activity clone(cx: u32, cx_: String, request: u32) -> u32 raises Failure_, Lost
            activity share(host: u32, request: String, reply: Vec<u32>) -> u32
            activity perform(r#fn: u32, cx: Option<u32>, failure: u32, a0: u32, a1: u32) -> u32
                cache for 1m by (cx, a1)
            activity __(cx: u32, error: u32) -> u32

            initial state Start_(state: u32 = 4, machine: u32 = 5) {
                on Go(event, value_0_0, data_1_0, trigger) if is(event, key)
                    do set core = core + event, set context = value_0_0, set data = trigger,
                        set old = value_0_0, play(trigger, key, event, 1)
                    -> Next(data_1_0, host(event, trigger))
            }
            state Next(event: u32, input: u32) {
                invoke clone(event, key, input)
                on done(reply) do set core = reply -> Shared
                on error Failure_(error, failure, name) do set old = failure + name -> Shared
                on error Lost(error) -> Shared
                on error(error) -> Shared
            }
            state Shared {
                invoke share(core, key, [data])
                on done(request) do set core = request -> Performed
                on error(failure) -> Performed
            }
            state Performed {
                invoke perform(core, some(core), context, data, old)
                on done(host) do set core = host -> Last
                on error(event) -> Last
            }
            state Last {
                invoke __(core, context)
                on done(core) do set data = core -> End
                on error(cx) -> End
                on Again(core, self_, r#type, now) do emit Output_(core + self_, r#type + now) -> End
            }
            final state End
        }
    }

    struct Host(Mutex<Vec<String>>);

    impl Host {
        fn note(&self, call: String) {
            self.0.lock().expect("nobody panics").push(call);
        }
    }

    impl odd::Logic for Host {
        fn is(actions: u32, this: &str) -> bool {
            actions == 7 && this == "k"
        }
        fn host(core: u32, more: u32) -> u32 {
            core * 100 + more
        }
    }

    impl odd::Actions for Host {
        fn play(&self, calls: u32, host: &str, actions: u32, call: u32) {
            self.note(format!("play {calls} {host} {actions} {call}"));
        }
    }

    impl odd::Activities for Host {
        async fn clone(
            &self,
            _: &Cx,
            cx: u32,
            cx_: &str,
            request: u32,
        ) -> Result<u32, odd::CloneError> {
            self.note(format!("clone {cx} {cx_} {request}"));
            Err(odd::CloneError::Failure_ { error: String::new(), failure: 1, name: 2 })
        }
        async fn share(
            &self,
            _: &Cx,
            host: u32,
            key: &str,
            reply: &[u32],
        ) -> Result<u32, odd::ShareError> {
            self.note(format!("share {host} {key} {reply:?}"));
            Ok(20)
        }
        async fn perform(
            &self,
            cx: &Cx,
            r#fn: u32,
            this: &Option<u32>,
            failure: u32,
            a0: u32,
            a1: u32,
        ) -> Result<u32, odd::PerformError> {
            assert!(!cx.idempotency_key().is_empty());
            self.note(format!("perform {fn} {this:?} {failure} {a0} {a1}", fn = r#fn));
            Ok(21)
        }
        async fn __(&self, _: &Cx, cx: u32, error: u32) -> Result<u32, odd::AError> {
            self.note(format!("__ {cx} {error}"));
            Ok(22)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn they_are_free_for_what_the_machine_declares() {
        let start = odd::Start { key: "k".into() };
        let host = Arc::new(Host(Mutex::default()));
        let machine = odd::Machine::new(Arc::clone(&host), start).unwrap();
        let handle = machine.spawn();
        let go = odd::Event::Go { event: 7, value_0_0: 8, data_1_0: 9, trigger: 10 };
        handle.send(go).await.unwrap();
        handle.state().wait_for(|state| *state == odd::State::End).await.unwrap();
        assert_eq!(
            *host.0.lock().unwrap(),
            [
                "play 10 k 7 1",
                "clone 9 k 710",
                "share 8 k [10]",
                "perform 20 Some(20) 8 10 3",
                "__ 21 8",
            ]
        );
    }
}

/// The same where people are asked, lists fanned out and regions done.
mod names_of_more_glue {
    #![allow(deprecated, dead_code)]

    statewright::flow! {
        enum Kind { self_(value: u32), Other }
        struct Fan { core: u32  error: String  key: String }

        durable machine Crowd {
            key event
            context { event: String  list: Vec<Fan> = []  answer: u32 = 0  late reply: u32  outputs: Option<u32> = none }
            error Busy(reply: u32, fan: String, retry_after: Duration)
            activity collect(request: String, answer: Fan, reply: u32) -> u32 raises Busy
            activity branch(cx: u32) -> Kind
            fn stands_in(request: String, answer: Fan, reply: u32) -> u32
            fn fan_of(core: u32, key: String) -> Fan
            fn kind(of: Kind) -> u32
            policy policy { timeout 5s  retry max 2 on Busy }

            initial state Asking(fan: u32 = 1, values: u32 = 2) {
                fan_out reply in list max 9 concurrency 3 {
                    call answer: collect(event, reply, fan) with policy fallback stands_in(event, reply, values)
                } join all tolerate 9 into asked failures into failed vote answer majority into outcome
                on done do set outputs = outcome -> Deciding(values)
                on error Busy(reply, fan, retry_after) -> Deciding(reply)
                on error(fan) -> Deciding(1)
            }
            state Deciding(entered: u32) {
                human task(event, entered, answer) -> Kind {
                    assign user(event)
                    title "{event} {entered} {answer}"
                    timeout 3d
                }
                on done(title) do set reply = kind(title) -> Taking
                on timeout -> Over
            }
            saga state Taking {
                step core: branch(answer) compensate branch(kind(core))
                step branch: collect(event, fan_of(answer, event), answer) with policy compensate branch(branch)
                on done do send Crowd(event).Poke(answer, event) -> Over
                on compensated(core) -> Over
                on compensation_error(event) -> Over
            }
            event Poke(key: u32, machine: String)
            final state Over
        }
    }

    statewright::flow! {
        machine Door {
            context { cx: u32 = 0 }
            activity open(cx: u32, cx_: u32) -> u32
            initial parallel state P {
                region A {
                    initial state Going { invoke open(cx, 3) on done(event) do set cx = event -> End on error(core) -> End }
                    final state End
                }
                region B {
                    initial state Pull(data: u32 = 3) { on Pulled(events, value_0_0, core) if events > 0 do set cx = cx + events + data -> End(value_0_0, core)  on PulledAgain(core) -> End(core, core) }
                    final state End(plan: u32, trigger: u32)
                    on done(plan, trigger) do set cx = plan + trigger
                }
                on done -> Q
            }
            event Pulled(events: u32, value_0_0: u32, core: u32)
            event PulledAgain(core: u32)
            final state Q
        }
    }

    #[test]
    fn they_are_free_for_bindings_and_data() {
        let mut machine = door::Machine::new((), door::Start {}).unwrap();
        let pulled = door::Event::Pulled { events: 4, value_0_0: 5, core: 6 };
        machine.dispatch(pulled).unwrap();
        assert_eq!(machine.context().cx, 11, "what the final state had");
        let asked = machine.next_request().unwrap().clone();
        assert_eq!(asked.request, door::Request::Open { cx: 0, cx_: 3 });
        machine.resume(asked.id, door::Reply::Open(Ok(7))).unwrap();
        assert_eq!((machine.state(), machine.context().cx), (door::State::Q, 7));
    }
}
