#[statewright::machine]
pub mod desk {
    //! What the core of the language has: targets of each kind, histories, timers, delayed events.

    use std::time::Duration;

    #[allow_flow(W0107, "the program reads `noted`")]
    #[context]
    pub struct Context {
        #[init(0)]
        pub count: u32,
        #[init(false)]
        pub ready: bool,
        #[id("noted")]
        #[init("")]
        pub remark: String,
    }

    #[events]
    pub enum Event {
        Press { times: u32 },
        Back,
        #[was("Deeper")]
        Deep,
        Restart,
        Reset,
        Later,
        Call,
        Both,
        Off,
        Tick,
    }

    #[outputs]
    pub enum Output {
        Counted { count: u32 },
    }

    #[logic]
    pub trait Logic {
        fn is_many(times: u32) -> bool;
        fn doubled(times: u32) -> u32;
    }

    #[actions]
    pub trait Actions {
        fn ring(&mut self, times: u32);
    }

    #[invariant(count < 1_000)]
    #[invariant(!(in(Busy::Left::Up) && in(Busy::Right::Down)))]
    #[on(Off -> Gone)]
    #[every(1h do ring(1))]
    pub enum State {
        #[state(initial)]
        #[entry(do ring(0))]
        #[exit(do ring(9))]
        #[on(Press(n) do set count = n {
            if is_many(n) -> Busy
            if n > 3 && !ready -> Counting(doubled(n), 2s, "much")
            else -> Idle::Resting
        })]
        #[on(Back -> history(Busy))]
        #[on(Deep -> deep_history(Busy))]
        #[on(Restart -> initial(Idle))]
        #[on(Reset -> reenter Idle)]
        #[on(Both -> Busy::Left::Up & Busy::Right::Up)]
        #[on(Later do raise Tick after 2d, raise Tick, cancel Later)]
        #[ignore(Call)]
        #[initial(do ring(2) -> Resting)]
        Idle(Idle),
        #[invariant(left < 10)]
        #[after(pause do set count = left -> reenter Counting(left - 1, pause, why))]
        #[on(Call do set why = "called")]
        #[on(Off if elapsed() > 1s -> Gone)]
        Counting {
            left: u32,
            pause: Duration,
            #[init("none")]
            why: String,
        },
        #[on(done -> Idle)]
        Busy {
            left: Left,
            #[id("starboard")]
            right: Right,
        },
        #[state(final)]
        Gone,
    }

    #[id("calm")]
    pub enum Idle {
        #[after(10s if count > 5 do emit Counted(count) -> Waking)]
        #[on(Tick do set ready = true)]
        Resting,
        #[always(if ready -> Resting)]
        #[defer(Call, Tick)]
        Waking,
    }

    #[was("Port")]
    #[entry(do ring(3))]
    pub enum Left {
        #[state(initial)]
        #[on(Press { times } if times > 1 -> Down)]
        Up,
        #[state(final)]
        Down,
    }

    pub enum Right {
        #[state(initial)]
        #[on(Press(_) -> Down)]
        Up,
        #[state(final)]
        Down,
    }
}
