//! Sets of whole numbers, and an order of floating point numbers in whole ones.

/// Ranges with both ends, in ascending order, that do not meet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Numbers(Vec<(i128, i128)>);

/// Not a number: above all others, and no comparison but `!=` holds for it.
const NAN: i128 = 1 << 100;

impl Numbers {
    pub(super) fn range(low: i128, high: i128) -> Self {
        Self(if low <= high { vec![(low, high)] } else { Vec::new() })
    }

    /// All floating point numbers, as [`float`] orders them, and not-a-number.
    pub(super) fn floats() -> Self {
        Self(vec![(float(f64::NEG_INFINITY), float(f64::INFINITY)), (NAN, NAN)])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many ranges it takes to say it.
    pub(super) fn ranges(&self) -> usize {
        self.0.len()
    }

    /// The smallest and the largest number, not-a-number aside.
    pub(super) fn bounds(&self) -> (i128, i128) {
        let numbers = || self.0.iter().filter(|range| range.0 != NAN);
        let (first, last) = (numbers().next(), numbers().next_back());
        (first.map_or(0, |range| range.0), last.map_or(-1, |range| range.1))
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut both = Vec::new();
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            let (low, high) = (x.0.max(y.0), x.1.min(y.1));
            if low <= high {
                both.push((low, high));
            }
            if x.1 < y.1 {
                a.next()
            } else {
                b.next()
            };
        }
        Self(both)
    }

    /// What is in `self` and not in `other`.
    pub(super) fn without(&self, other: &Self) -> Self {
        let mut rest = Vec::new();
        for &(mut low, high) in &self.0 {
            let first = other.0.partition_point(|(_, to)| *to < low);
            for &(from, to) in other.0[first..].iter().take_while(|(from, _)| *from <= high) {
                if from > low {
                    rest.push((low, from - 1));
                }
                low = low.max(to + 1);
            }
            if low <= high {
                rest.push((low, high));
            }
        }
        Self(rest)
    }
}

/// A whole number for a floating point number, in the same order; equal for both zeros.
pub(super) fn float(value: f64) -> i128 {
    if value.is_nan() {
        return NAN;
    }
    let bits = if value == 0.0 { 0 } else { value.to_bits() as i64 };
    // Negative numbers come in the order of their size, so all bits but the sign are turned.
    i128::from(if bits < 0 { bits ^ i64::MAX } else { bits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_their_order() {
        let ascending = [f64::NEG_INFINITY, -2.5, -1.0, -f64::MIN_POSITIVE, 0.0, 0.5, 1e300];
        for pair in ascending.windows(2) {
            assert!(float(pair[0]) < float(pair[1]), "{pair:?}");
        }
        assert_eq!(float(-0.0), float(0.0));
        assert!(Numbers::floats().bounds() == (float(f64::NEG_INFINITY), float(f64::INFINITY)));
    }

    #[test]
    fn sets_meet_and_part() {
        let some = Numbers(vec![(0, 4), (8, 9)]);
        assert_eq!(some.and(&Numbers::range(3, 8)), Numbers(vec![(3, 4), (8, 8)]));
        assert_eq!(some.without(&Numbers::range(3, 8)), Numbers(vec![(0, 2), (9, 9)]));
        assert_eq!(
            some.without(&Numbers(vec![(1, 1), (3, 3)])).0,
            [(0, 0), (2, 2), (4, 4), (8, 9)]
        );
        assert!(some.without(&Numbers::range(-5, 50)).is_empty());
    }
}
