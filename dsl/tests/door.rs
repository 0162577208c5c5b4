//! Annotated Rust as `.flow` text.

use statewright_dsl::door::annotated;

/// The text of an annotated item, or what was refused.
fn text(arguments: &str, item: &str) -> String {
    let tokens = |source: &str| source.parse().expect("the case is made of Rust tokens");
    annotated::read(tokens(arguments), tokens(item)).text_or_refusals()
}

/// Runs of white space mean nothing to the language.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn check(arguments: &str, item: &str, expected: &str) {
    assert_eq!(words(&text(arguments, item)), words(expected));
}

#[test]
fn an_enum_is_a_flat_machine() {
    check(
        "events shop::Event  context Coins  guard enough(value: u32), action beep(times: u8)
         version 2, on Reset -> Locked",
        r#"
        /// Lets one person through for a coin.
        #[strict] #[allow_flow(W0305, "a sketch")]
        enum Turnstile {
            /// Nobody passes.
            #[state(initial)]
            #[on(Coin(value) if enough(value) do set coins = coins + value, beep(1) -> Unlocked)]
            #[id("locked")]
            Locked,
            #[after(10s -> Locked)] #[on(Push -> Locked)] #[serde(rename = "open")]
            Unlocked,
            #[state(final)] Broken { #[init("worn out")] why: String, since: std::time::Duration },
        }"#,
        r#"
        /// Lets one person through for a coin.
        @strict @allow ( W0305 , "a sketch" )
        machine Turnstile version 2 {
            events shop :: Event context Coins guard enough ( value : u32 ) action beep ( times : u8 )
            on Reset -> Locked
            /// Nobody passes.
            @id ( "locked" )
            initial state Locked {
                on Coin ( value ) if enough ( value ) do set coins = coins + value , beep ( 1 ) -> Unlocked
            }
            state Unlocked { after 10s -> Locked on Push -> Locked }
            final state Broken ( why : String = "worn out" , since : Duration )
        }"#,
    );
}

#[test]
fn enums_held_by_variants_are_hierarchy_and_regions() {
    check(
        "durable key id",
        r#"
        mod crossing {
            //! A crossing.
            enum State {
                #[state(initial)]
                #[on(PowerOff -> Dark)]
                Operating { cars: Cars, walkers: OperatingWalkers, since: u32 },
                /// Out of order.
                #[initial(do log() -> Hot)]
                Broken(Broken),
                Order { id: u32, state: Order },
                #[state(final)] Dark,
            }
            #[entry(do log())]
            enum Cars { #[state(initial)] Stop, Go }
            enum OperatingWalkers { #[state(initial)] Wait, Walk }
            enum Broken { Hot, #[on(Tick -> Hot)] Cold }
            enum Order { #[state(initial)] New }
        }"#,
        r#"
        //! A crossing.
        durable machine Crossing {
            key id
            initial parallel state Operating ( since : u32 ) {
                on PowerOff -> Dark
                region Cars { entry do log ( ) initial state Stop state Go }
                region Walkers { initial state Wait state Walk }
            }
            /// Out of order.
            state Broken {
                initial do log ( ) -> Hot
                state Hot
                state Cold { on Tick -> Hot }
            }
            state Order ( id : u32 ) { initial state New }
            final state Dark
        }"#,
    );
}

#[test]
fn the_parts_of_a_mod_are_declarations() {
    check(
        "name Shop",
        r#"
        mod shop {
            use crate::model::{Item, Money as Cash, Unused};
            use std::time::Duration;
            pub enum Lamp { Red, Flashing { period: Duration } }
            /// One answer.
            pub struct Answer { text: String, /** Where from.*/ source: Option<String> }
            pub struct Grid([u8; 4]);
            type Job = Box<dyn Fn()>;
            fn ours(x: u8) -> bool { x > 1 }
            #[context]
            struct Context { order_id: String, #[late] total: Cash, #[init(none)] note: Option<String>, grid: Grid }
            #[events]
            enum Event { /// Pay.
                Submit { items: Vec<Item> }, #[was("Stop")] Cancel }
            #[outputs]
            enum Output { Answered { answer: Answer } }
            #[errors]
            enum Error { Declined { reason: String }, #[transient] GatewayDown }
            #[logic]
            trait Logic { fn is_large(total: &Cash) -> bool; fn total_of(items: &[Item]) -> Cash; }
            #[actions]
            trait Actions { fn show(&self, lamp: &Lamp, name: &str, n: u8) { let _ = n; } }
            #[activities]
            trait Activities {
                #[raises(Declined, GatewayDown)]
                async fn charge(&self, cx: &Cx, order_id: &str, total: &Cash) -> Result<Receipt, ChargeError>;
                async fn refund(&self, cx: &statewright::Cx) -> Result<(), RefundError>;
                async fn tell(&self, cx: &Cx, n: u8);
            }
            #[policy(timeout 10s retry max 4 backoff exponential 200ms..10s)]
            struct PatientGateway;
            enum State {
                #[state(initial)] #[invoke(charge(order_id) with PatientGateway)] Paying,
                #[state(loop, max 6, deadline 30m)] #[until(score > 1)] Again,
                #[state(saga)] #[step(a: f() with PatientGateway compensate g())] #[pivot(b: h())] Saga,
                #[fan_out(
                    item in items max 9 { call one: f(item) with PatientGateway fallback g() }
                    join quorum 60% into all vote one.ok majority into ok
                )]
                Asking,
            }
        }"#,
        r#"
        use crate :: model :: Item ;
        use crate :: model :: Money as Cash ;
        enum Lamp { Red Flashing ( period : Duration ) }
        /// One answer.
        struct Answer { text : String /// Where from.
            source : Option < String > }
        use self :: Grid ;
        machine Shop {
            context { order_id : String late total : Cash note : Option < String > = none grid : Grid }
            /// Pay.
            event Submit ( items : Vec < Item > )
            @was ( "Stop" ) event Cancel
            output Answered ( answer : Answer )
            error Declined ( reason : String )
            transient error GatewayDown
            guard is_large ( total : Cash )
            fn total_of ( items : Vec < Item > ) -> Cash
            action show ( lamp : Lamp , name : String , n : u8 )
            activity charge ( order_id : String , total : Cash ) -> Receipt raises Declined , GatewayDown
            activity refund ( )
            activity tell ( n : u8 )
            policy patient_gateway { timeout 10s retry max 4 backoff exponential 200ms .. 10s }
            initial state Paying { invoke charge ( order_id ) with patient_gateway }
            loop state Again max 6 deadline 30m { until score > 1 }
            saga state Saga { step a : f ( ) with patient_gateway compensate g ( ) pivot step b : h ( ) }
            state Asking {
                fan_out item in items max 9 { call one : f ( item ) with patient_gateway fallback g ( ) }
                join quorum 60 % into all vote one . ok majority into ok
            }
        }"#,
    );
}

#[test]
fn what_the_language_cannot_say_is_refused_with_the_way_out() {
    let state = "enum State { #[state(initial)] A }";
    let cases = [
        ("fn f() {}", "`#[machine]` stands on an enum or on a module with a body"),
        ("mod m;", "`#[machine]` stands on an enum or on a module with a body"),
        ("enum M<T> { #[state(initial)] A }", "a machine cannot be generic"),
        ("enum M { #[state(initial)] A(u32) }", "the data of a state needs names"),
        ("enum M { #[state(initial)] A { x: [u8; 2] } }", "the language has no arrays"),
        ("enum M { #[cfg(test)] A }", "a part of a machine cannot depend on `cfg`"),
        ("mod m { enum Event { A } }", "is a part of the machine and is not marked as one"),
        (
            "mod m { #[events] enum Ev { A } STATE }",
            "the enum behind `#[events]` is called `Event`",
        ),
        ("mod m { #[events] struct Event; STATE }", "`#[events]` stands in front of an `enum`"),
        ("mod m { #[events] enum Event { A(u8) } STATE }", "a payload needs names"),
        ("mod m { #[context] struct Context(u8); STATE }", "the context has named fields"),
        ("mod m { fn f() {} }", "a machine needs an `enum State`"),
        ("mod m { STATE enum B { #[state(initial)] C } }", "no state holds `B`"),
        (
            "mod m { enum State { #[state(initial)] A(B), C(B) } enum B { #[state(initial)] D } }",
            "`B` holds the states of both `A` and `C`",
        ),
        (
            "mod m { STATE #[actions] trait Actions { fn a(&mut self, x: String); } }",
            "what is not a number is passed by reference; help: write `&str`",
        ),
        (
            "mod m { STATE #[actions] trait Actions { fn a(&mut self, x: &u8); } }",
            "numbers and enums without data are passed by value; help: write `u8`",
        ),
        ("mod m { STATE #[actions] trait Actions { fn a(); } }", "actions take `&mut self`"),
        (
            "mod m { STATE #[actions] trait Actions { fn a(&mut self) -> u8; } }",
            "an action gives nothing",
        ),
        ("mod m { STATE #[logic] trait Logic { fn a(&self) -> u8; } }", "have no `self`"),
        (
            "mod m { STATE #[activities] trait Activities { fn a(&self, cx: &Cx); } }",
            "activities are asynchronous; help: write `async fn a`",
        ),
        (
            "mod m { STATE #[activities] trait Activities { async fn a(&mut self, cx: &Cx); } }",
            "activities take `&self`",
        ),
        (
            "mod m { STATE #[activities] trait Activities { async fn a(&self, n: u8); } }",
            "activities take `cx: &Cx` behind `&self`",
        ),
        (
            "mod m { STATE #[activities] trait Activities { async fn a(&self, cx: &Cx) {} } }",
            "an activity has no body here",
        ),
        (
            "mod m { STATE #[activities] trait Activities {
                 async fn call_it(&self, cx: &Cx) -> Result<u8, Error>;
             } }",
            "help: write `CallItError`, or the result alone",
        ),
        (
            "mod m { STATE #[activities] trait Activities { async fn a(&self, cx: &Cx); }
                 #[actions] trait Actions { fn b(&mut self); } }",
            "actions beside activities and in durable machines take `&self`",
        ),
        ("mod m { STATE #[logic] trait Logic { fn a(); } }", "a function of `Logic` gives a value"),
    ];
    for (item, expected) in cases {
        let found = text("", &item.replace("STATE", state));
        assert!(found.contains(expected), "{item}\nexpected: {expected}\nfound: {found}");
    }
}

#[test]
fn what_is_written_in_front_of_the_activities_stays() {
    let item = "mod m {
        /// What the bank does.
        #[activities] trait Activities { async fn pay(&self, cx: &Cx); }
        enum State { #[state(initial)] #[invoke(pay())] #[on(done -> B)] #[on(error(_) -> B)] A, #[state(final)] B }
    }";
    let code = statewright_dsl::door::machine(
        proc_macro2::TokenStream::new(),
        item.parse().expect("the test writes Rust"),
    );
    let code = code.to_string();
    let (front, _) = code.split_once("pub trait Activities").expect("the trait is written anew");
    assert!(front.contains("What the bank does."), "{front}");
    assert!(!front.contains("Called at least once under each key"), "{front}");
    assert!(!front.contains("# [activities]"), "{front}");
}
