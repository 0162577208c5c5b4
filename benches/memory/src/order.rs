//! The workload: an order is reserved, charged, shipped and notified of, and its context keeps what
//! each of the four gave.

use std::hint::black_box;

/// What an order keeps.
#[derive(Default)]
pub struct Context {
    pub reservation: String,
    pub payment: String,
    pub parcel: String,
    pub message: String,
}

impl Context {
    /// Tells whether two contenders kept the same, and holds the compiler to keeping it.
    pub fn checksum(&self) -> u64 {
        black_box(self);
        [&self.reservation, &self.payment, &self.parcel, &self.message]
            .into_iter()
            .flat_map(|kept| [kept.len() as u64, kept.bytes().last().map_or(0, u64::from)])
            .fold(0, |sum, part| sum.wrapping_mul(31).wrapping_add(part))
    }
}

pub fn reserve(order: u64) -> String {
    output("reserved-", order)
}

pub fn charge(order: u64) -> String {
    output("charged-", order)
}

pub fn ship(order: u64) -> String {
    output("shipped-", order)
}

pub fn notify(order: u64) -> String {
    output("notified-", order)
}

/// As in `benches/durable`.
fn output(word: &str, order: u64) -> String {
    format!("{word}{order:07}")
}
