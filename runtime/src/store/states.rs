//! Active states as text.

/// Whether a state is active: one of the innermost in the text, or one around it. The innermost
/// are joined by ` & `, as in `Operating.Cars.Go & Operating.Walkers.Wait`.
pub(super) fn is_in(text: &str, state: &str) -> bool {
    text.split(" & ").any(|innermost| {
        let rest = innermost.strip_prefix(state);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::is_in;

    #[test]
    fn states_are_matched_at_dots() {
        let text = "Operating.Cars.Go & Operating.Walkers.Wait";
        for active in [
            "Operating",
            "Operating.Cars",
            "Operating.Cars.Go",
            "Operating.Walkers",
            "Operating.Walkers.Wait",
        ] {
            assert!(is_in(text, active), "{active}");
        }
        for other in ["Operating.Car", "Cars", "Go", "Oper", "Wait", "", "Operating.", "&"] {
            assert!(!is_in(text, other), "{other}");
        }
    }
}
