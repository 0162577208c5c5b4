//! A set of small numbers.

/// A set of numbers below a bound that is given when it is made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// No number below `bound`.
    pub(super) fn none(bound: usize) -> Self {
        Self { words: vec![0; bound.div_ceil(64)] }
    }

    /// Every number below `bound`, and the few behind it that share its word.
    pub(super) fn all(bound: usize) -> Self {
        Self { words: vec![u64::MAX; bound.div_ceil(64)] }
    }

    pub(super) fn has(&self, number: usize) -> bool {
        self.words[number / 64] & (1 << (number % 64)) != 0
    }

    /// Puts a number in; true if it was not there.
    pub(super) fn insert(&mut self, number: usize) -> bool {
        let (word, bit) = (&mut self.words[number / 64], 1 << (number % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Puts all numbers of another set in.
    pub(super) fn add(&mut self, other: &Bits) {
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }

    /// Takes all numbers of another set out.
    pub(super) fn remove(&mut self, other: &Bits) {
        for (word, less) in self.words.iter_mut().zip(&other.words) {
            *word &= !less;
        }
    }

    /// Keeps what is in both; true if something was dropped.
    pub(super) fn keep(&mut self, other: &Bits) -> bool {
        let mut dropped = false;
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            dropped |= *word & !other != 0;
            *word &= other;
        }
        dropped
    }
}
