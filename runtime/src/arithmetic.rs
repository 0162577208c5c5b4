//! Arithmetic as the language has it: integers and durations are checked, floats follow IEEE 754.
//!
//! Generated code calls the functions here, also for types that only rustc knows.

use crate::error::{Place, StepError};
use std::time::Duration;

/// Numbers (and durations) that can be calculated with. `None` is an overflow.
pub trait Checked: Sized {
    /// `self + other`
    fn plus(self, other: Self) -> Option<Self>;
    /// `self - other`
    fn minus(self, other: Self) -> Option<Self>;
}

/// Numbers that can be multiplied and divided.
pub trait CheckedNumber: Checked {
    /// True for the integer zero, which nothing can be divided by.
    fn is_zero_divisor(&self) -> bool;
    /// `self * other`
    fn times(self, other: Self) -> Option<Self>;
    /// `self / other`
    fn over(self, other: Self) -> Option<Self>;
    /// `self % other`
    fn modulo(self, other: Self) -> Option<Self>;
    /// `-self`
    fn negative(self) -> Option<Self>;
}

macro_rules! integers {
    ($($int:ty)*) => {$(
        impl Checked for $int {
            #[inline]
            fn plus(self, other: Self) -> Option<Self> {
                self.checked_add(other)
            }
            #[inline]
            fn minus(self, other: Self) -> Option<Self> {
                self.checked_sub(other)
            }
        }

        impl CheckedNumber for $int {
            #[inline]
            fn is_zero_divisor(&self) -> bool {
                *self == 0
            }
            #[inline]
            fn times(self, other: Self) -> Option<Self> {
                self.checked_mul(other)
            }
            #[inline]
            fn over(self, other: Self) -> Option<Self> {
                self.checked_div(other)
            }
            #[inline]
            fn modulo(self, other: Self) -> Option<Self> {
                self.checked_rem(other)
            }
            #[inline]
            fn negative(self) -> Option<Self> {
                self.checked_neg()
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

macro_rules! floats {
    ($($float:ty)*) => {$(
        impl Checked for $float {
            #[inline]
            fn plus(self, other: Self) -> Option<Self> {
                Some(self + other)
            }
            #[inline]
            fn minus(self, other: Self) -> Option<Self> {
                Some(self - other)
            }
        }

        impl CheckedNumber for $float {
            #[inline]
            fn is_zero_divisor(&self) -> bool {
                false
            }
            #[inline]
            fn times(self, other: Self) -> Option<Self> {
                Some(self * other)
            }
            #[inline]
            fn over(self, other: Self) -> Option<Self> {
                Some(self / other)
            }
            #[inline]
            fn modulo(self, other: Self) -> Option<Self> {
                Some(self % other)
            }
            #[inline]
            fn negative(self) -> Option<Self> {
                Some(-self)
            }
        }
    )*};
}

floats! { f32 f64 }

impl Checked for Duration {
    #[inline]
    fn plus(self, other: Self) -> Option<Self> {
        self.checked_add(other).filter(|sum| fits(*sum))
    }
    #[inline]
    fn minus(self, other: Self) -> Option<Self> {
        self.checked_sub(other)
    }
}

/// Durations of the language are whole milliseconds that fit 64 bits.
#[inline]
fn fits(duration: Duration) -> bool {
    u64::try_from(duration.as_millis()).is_ok()
}

/// `a + b`
///
/// # Errors
/// Overflow.
#[inline]
pub fn add<T: Checked>(a: T, b: T, place: &'static Place) -> Result<T, StepError> {
    a.plus(b).ok_or(StepError::Overflow(place))
}

/// How far two numbers are apart.
///
/// # Errors
/// Overflow.
#[inline]
pub fn change<T: Checked + PartialOrd>(
    now: T,
    before: T,
    place: &'static Place,
) -> Result<T, StepError> {
    if now < before { sub(before, now, place) } else { sub(now, before, place) }
}

/// `a - b`
///
/// # Errors
/// Overflow.
#[inline]
pub fn sub<T: Checked>(a: T, b: T, place: &'static Place) -> Result<T, StepError> {
    a.minus(b).ok_or(StepError::Overflow(place))
}

/// `a * b`
///
/// # Errors
/// Overflow.
#[inline]
pub fn mul<T: CheckedNumber>(a: T, b: T, place: &'static Place) -> Result<T, StepError> {
    a.times(b).ok_or(StepError::Overflow(place))
}

/// `a / b`
///
/// # Errors
/// Overflow, division by zero.
#[inline]
pub fn div<T: CheckedNumber>(a: T, b: T, place: &'static Place) -> Result<T, StepError> {
    if b.is_zero_divisor() {
        return Err(StepError::DivisionByZero(place));
    }
    a.over(b).ok_or(StepError::Overflow(place))
}

/// `a % b`
///
/// # Errors
/// Overflow, division by zero.
#[inline]
pub fn rem<T: CheckedNumber>(a: T, b: T, place: &'static Place) -> Result<T, StepError> {
    if b.is_zero_divisor() {
        return Err(StepError::DivisionByZero(place));
    }
    a.modulo(b).ok_or(StepError::Overflow(place))
}

/// `-a`
///
/// # Errors
/// Overflow.
#[inline]
pub fn neg<T: CheckedNumber>(a: T, place: &'static Place) -> Result<T, StepError> {
    a.negative().ok_or(StepError::Overflow(place))
}

/// A duration times an integer.
///
/// # Errors
/// Overflow; a negative factor is one too.
#[inline]
pub fn scale<T: TryInto<u64>>(
    duration: Duration,
    factor: T,
    place: &'static Place,
) -> Result<Duration, StepError> {
    let product = factor.try_into().ok().and_then(|factor| millis(duration)?.checked_mul(factor));
    product.map(Duration::from_millis).ok_or(StepError::Overflow(place))
}

/// A duration divided by an integer, in whole milliseconds.
///
/// # Errors
/// Division by zero; a negative divisor is an overflow.
#[inline]
pub fn share<T: TryInto<u64>>(
    duration: Duration,
    divisor: T,
    place: &'static Place,
) -> Result<Duration, StepError> {
    match divisor.try_into() {
        Ok(0) => Err(StepError::DivisionByZero(place)),
        Ok(divisor) => millis(duration)
            .map(|millis| Duration::from_millis(millis / divisor))
            .ok_or(StepError::Overflow(place)),
        Err(_) => Err(StepError::Overflow(place)),
    }
}

#[inline]
fn millis(duration: Duration) -> Option<u64> {
    u64::try_from(duration.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    static HERE: Place = Place { file: "", line: 3, text: "a + b" };

    #[test]
    fn integers_are_checked() {
        assert_eq!(add(250u8, 5, &HERE), Ok(255));
        assert_eq!(add(250u8, 6, &HERE), Err(StepError::Overflow(&HERE)));
        assert_eq!(sub(0u32, 1, &HERE), Err(StepError::Overflow(&HERE)));
        assert_eq!(neg(i8::MIN, &HERE), Err(StepError::Overflow(&HERE)));
        assert_eq!(div(i32::MIN, -1, &HERE), Err(StepError::Overflow(&HERE)));
        assert_eq!(div(1i32, 0, &HERE), Err(StepError::DivisionByZero(&HERE)));
        assert_eq!(rem(7u64, 4, &HERE), Ok(3));
    }

    #[test]
    fn floats_follow_ieee() {
        assert_eq!(div(1.0f64, 0.0, &HERE), Ok(f64::INFINITY));
        assert_eq!(rem(5.5f32, 2.0, &HERE), Ok(1.5));
    }

    #[test]
    fn durations_are_whole_milliseconds() {
        let second = Duration::from_secs(1);
        assert_eq!(sub(second, second * 2, &HERE), Err(StepError::Overflow(&HERE)));
        assert_eq!(scale(second, 3u8, &HERE), Ok(Duration::from_secs(3)));
        assert_eq!(scale(second, -1i32, &HERE), Err(StepError::Overflow(&HERE)));
        assert_eq!(share(second, 3i64, &HERE), Ok(Duration::from_millis(333)));
        assert_eq!(share(second, 0u8, &HERE), Err(StepError::DivisionByZero(&HERE)));
        let longest = Duration::from_millis(u64::MAX);
        assert_eq!(add(longest, second, &HERE), Err(StepError::Overflow(&HERE)));
    }

    #[test]
    fn errors_name_their_place() {
        let text = StepError::Overflow(&HERE).to_string();
        assert_eq!(text, "overflow in `a + b` (line 3)");
    }
}
