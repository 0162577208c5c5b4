//! Names in the case that a place wants.

/// `ReadyToGo` as `ready_to_go`, `HTTPCall` as `http_call`.
pub(super) fn snake(name: &str) -> String {
    let name = name.trim_start_matches("r#");
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (i, letter) in letters.iter().enumerate() {
        let starts = letter.is_uppercase() && i > 0 && letters[i - 1] != '_';
        let behind_lower = i > 0 && !letters[i - 1].is_uppercase();
        let before_lower = letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        if starts && (behind_lower || before_lower) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// `ready_to_go` as `ReadyToGo`.
pub(super) fn pascal(name: &str) -> String {
    let name = name.trim_start_matches("r#");
    name.split('_')
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
        })
        .collect()
}

/// The name of a region held by a field of this type: the end of the type's name that is written
/// like the field, as `Cars` for `cars: OperatingCars`, so that names of any shape come back.
pub(super) fn region(field: &str, ty: &str) -> String {
    let field = field.trim_start_matches("r#");
    ty.char_indices()
        .filter(|(_, letter)| letter.is_uppercase())
        .map(|(at, _)| &ty[at..])
        .find(|end| snake(end) == field)
        .map_or_else(|| pascal(field), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_the_case_of_names() {
        assert_eq!(snake("ReadyToGo"), "ready_to_go");
        assert_eq!(snake("HTTPCall"), "http_call");
        assert_eq!(snake("Level2Cache"), "level2_cache");
        assert_eq!(pascal("ready_to_go"), "ReadyToGo");
        assert_eq!(pascal("r#loop"), "Loop");
    }

    #[test]
    fn finds_the_name_of_a_region() {
        assert_eq!(region("cars", "Cars"), "Cars");
        assert_eq!(region("cars", "OperatingCars"), "Cars");
        assert_eq!(region("http_call", "BrokenHTTPCall"), "HTTPCall");
        assert_eq!(region("cars", "Traffic"), "Cars");
    }
}
