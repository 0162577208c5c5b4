//! Who runs the orders. One file a contender; another one is such a file and a line in `ALL`.

mod cano;
mod durare;
mod duroxide;
mod memable;
mod plain;
mod steno;

use statewright_load::{Engine, Measure, measure};

/// An engine by name.
pub struct Contender {
    pub name: &'static str,
    pub place: Place,
}

/// Which program measures it.
pub enum Place {
    /// This one.
    Here(Measure),
    /// That of Statewright.
    Ours,
}

impl Contender {
    const fn new<E: Engine>(name: &'static str) -> Self {
        Self { name, place: Place::Here(measure::<E>) }
    }

    const fn ours(name: &'static str) -> Self {
        Self { name, place: Place::Ours }
    }
}

/// What the others are held against besides: Statewright as it comes.
pub const OURS: &str = "statewright";

/// The same for sagas: orders whose last step is refused, so that all is taken back.
pub const OUR_SAGA: &str = "statewright-saga";

/// All contenders; the first is what the others are held against.
pub const ALL: &[Contender] = &[
    Contender::new::<plain::Ahead>("plain"),
    Contender::new::<plain::Growing>("plain-growing"),
    Contender::ours(OURS),
    Contender::ours("statewright-relaxed"),
    Contender::new::<durare::Durare>("durare"),
    Contender::new::<duroxide::Duroxide<100>>("duroxide"),
    Contender::new::<duroxide::Duroxide<1>>("duroxide-1ms"),
    Contender::new::<memable::Memable>("memable"),
    Contender::new::<cano::Cano<false>>("cano"),
    Contender::ours(OUR_SAGA),
    Contender::new::<cano::Cano<true>>("cano-saga"),
    Contender::new::<steno::Steno>("steno-saga"),
];
